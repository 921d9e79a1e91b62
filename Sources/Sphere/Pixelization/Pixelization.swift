/// A way to number the pixels of the sky so that near pixels have near numbers.
///
/// A region becomes a few ranges of ids (`envelope`), which an index of a table answers fast; the points in them that are outside
/// the region are then sorted out with `Region.contains`. Tiles are the pixels of a coarse level, by which storage is laid out.
public protocol Pixelization: Sendable {
    /// For example `htm20` or `s2-20`: what `pixelization(named:)` takes.
    var name: String { get }
    /// The number of subdivisions.
    var level: Int { get }
    /// The pixel of each point of two columns in degrees, of equal length. RA may be any finite number; the id of a point that is
    /// not finite means nothing.
    func index(ra: [Double], dec: [Double]) -> [Int64]
    /// The pixel of a point.
    func index(_ v: UnitVector) -> Int64
    /// At most `maxRanges` ranges (0 is no limit) that hold the pixel of every point of the region, and of few points beside.
    func envelope(of region: Region, maxRanges: Int) -> RangeSet
    /// The tile of a pixel.
    func tile(of pixelId: Int64) -> Int32
    /// The tiles of all the region's points.
    func tileEnvelope(of region: Region) -> RangeSet
}

/// The pixelization of a name: `htm0` to `htm24`, `s2-9` to `s2-30`.
/// - Throws: `SphereError.unknownPixelization` and `.levelOutOfRange`.
public func pixelization(named name: String) throws(SphereError) -> any Pixelization {
    if let level = level(in: name, after: "s2-") { return try S2Pixelization(level) }
    if let level = level(in: name, after: "htm") { return try HtmPixelization(level) }
    throw .unknownPixelization(name: name)
}

private func level(in name: String, after prefix: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.dropFirst(prefix.count)
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return Int(digits)
}
