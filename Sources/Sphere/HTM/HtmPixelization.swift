/// The Hierarchical Triangular Mesh at one level, identifiers equal to those of lsst-sphgeom's HtmPixelization.
public struct HtmPixelization: Pixelization, Equatable {
    public let level: Int
    /// Level of the tiles.
    public static let tileLevel = 9

    /// - Parameter level: from 0 to 24; trixels have sides of about 90 degrees / 2^level.
    public init(level: Int) {
        precondition((0...24).contains(level), "HTM levels go from 0 to 24")
        self.level = level
    }

    public var name: String { "htm\(level)" }

    public func index(_ position: UnitVector) -> Int64 { HtmFast.index(position.x, position.y, position.z, level: level) }

    /// The pixels of many unit vectors.
    /// - Complexity: O(n · level)
    public func index(x: [Double], y: [Double], z: [Double]) -> [Int64] {
        precondition(x.count == y.count && y.count == z.count)
        return [Int64](unsafeUninitializedCapacity: x.count) { out, count in
            x.withUnsafeBufferPointer { x in
                y.withUnsafeBufferPointer { y in
                    z.withUnsafeBufferPointer { z in
                        for i in 0..<x.count { out[i] = HtmFast.index(x[i], y[i], z[i], level: level) }
                    }
                }
            }
            count = x.count
        }
    }

    public func index(ra: [Double], dec: [Double]) -> [Int64] {
        precondition(ra.count == dec.count)
        return [Int64](unsafeUninitializedCapacity: ra.count) { out, count in
            ra.withUnsafeBufferPointer { ra in
                dec.withUnsafeBufferPointer { dec in
                    for i in 0..<ra.count {
                        let v = UnitVector(unchecked: ra[i], dec[i])
                        out[i] = HtmFast.index(v.x, v.y, v.z, level: level)
                    }
                }
            }
            count = ra.count
        }
    }

    public func tile(of pixelId: Int64) -> Int32 { Int32(pixelId >> Int64(2 * (level - Self.tileLevel))) }

    public func tileEnvelope(of region: Region) -> RangeSet {
        HtmPixelization(level: Self.tileLevel).envelope(of: region, maxRanges: .max)
    }

    public func envelope(of region: Region, maxRanges: Int) -> RangeSet { HtmCover.envelope(of: region, level: level, maxRanges: maxRanges) }
}
