/// A division of the sphere into numbered pixels, such that numbers near each other are mostly near on the sky.
///
/// A pixelization turns a region into ranges of numbers, so that a database finds the rows of a region with an ordinary index. The
/// ranges are a superset: rows found through them must still be held against the region itself.
public protocol Pixelization: Sendable {
    /// What `init` and the database call it, for example "htm20".
    var name: String { get }
    var level: Int { get }

    /// The pixel of a position.
    func index(_ position: UnitVector) -> Int64

    /// The pixels of many positions, in ICRS degrees.
    /// - Complexity: O(n · level)
    func index(ra: [Double], dec: [Double]) -> [Int64]

    /// Ranges that hold every pixel which touches the region, at most `maxRanges` of them.
    func envelope(of region: Region, maxRanges: Int) -> RangeSet

    /// The tile (the coarse pixel of about 0.02 square degrees) that a pixel lies in.
    func tile(of pixelId: Int64) -> Int32

    /// Ranges of all tiles that touch the region.
    func tileEnvelope(of region: Region) -> RangeSet
}

extension Pixelization {
    /// The pixels of many positions, in ICRS degrees.
    public func index(ra: [Double], dec: [Double]) -> [Int64] { zip(ra, dec).map { index(UnitVector(unchecked: $0, $1)) } }
}

/// The pixelization that a name means.
/// - Throws: `SphereError.unknownPixelization`.
public func pixelization(named name: String) throws -> any Pixelization {
    if name.hasPrefix("htm"), let level = Int(name.dropFirst(3)), (9...24).contains(level) { return HtmPixelization(level: level) }
    if name.hasPrefix("s2-"), let level = Int(name.dropFirst(3)), (9...30).contains(level) { return S2Pixelization(level: level) }
    throw SphereError.unknownPixelization(name)
}
