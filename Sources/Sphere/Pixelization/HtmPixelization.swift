/// The Hierarchical Triangular Mesh at one level; ids equal those of lsst-sphgeom's `HtmPixelization`, bit for bit.
public struct HtmPixelization: Pixelization {
    public let level: Int

    public static let levels = 0...24

    /// The level whose trixels are the tiles: 2,097,152 of them, 10 arcminutes wide. Of a coarser mesh each pixel is its own tile.
    public static let tileLevel = 9

    /// - Throws: `SphereError.levelOutOfRange`.
    public init(_ level: Int) throws(SphereError) {
        guard HtmPixelization.levels.contains(level) else {
            let levels = HtmPixelization.levels
            throw .levelOutOfRange(pixelization: "htm", level: level, minimum: levels.lowerBound, maximum: levels.upperBound)
        }
        self.level = level
    }

    public var name: String { "htm\(level)" }

    /// Nearly half of the time is sine and cosine.
    public func index(ra: [Double], dec: [Double]) -> [Int64] {
        FastIndex.index(ra: ra, dec: dec, level: level)
    }

    /// From the components of unit vectors, columns of equal length.
    public func index(x: [Double], y: [Double], z: [Double]) -> [Int64] {
        FastIndex.index(x: x, y: y, z: z, level: level)
    }

    public func index(_ v: UnitVector) -> Int64 {
        Trixel.index(of: v, level: level)
    }

    public func envelope(of region: Region, maxRanges: Int) -> RangeSet {
        HtmEnvelope.ranges(of: region, level: level, maxRanges: maxRanges)
    }

    public func tile(of pixelId: Int64) -> Int32 {
        Int32(truncatingIfNeeded: pixelId >> Int64(2 * max(0, level - HtmPixelization.tileLevel)))
    }

    public func tileEnvelope(of region: Region) -> RangeSet {
        HtmEnvelope.ranges(of: region, level: min(level, HtmPixelization.tileLevel), maxRanges: 0)
    }
}
