import CS2

/// S2 cells of one level (s2geometry.io). Identifiers are the library's, their 64 bits taken as signed.
public struct S2Pixelization: Pixelization, Equatable {
    public let level: Int
    /// Level of the tiles: cells of 0.02 square degrees, as HTM's of level 9.
    public static let tileLevel = 9

    /// - Parameter level: from 0 to 30; cells have sides of about 90 degrees / 2^level.
    public init(level: Int) {
        precondition((0...30).contains(level), "S2 levels go from 0 to 30")
        self.level = level
    }

    public var name: String { "s2-\(level)" }

    public func index(_ position: UnitVector) -> Int64 {
        var id: UInt64 = 0
        cs2_cell_ids([position.x, position.y, position.z], 1, Int32(level), &id)
        return Int64(bitPattern: id)
    }

    public func index(ra: [Double], dec: [Double]) -> [Int64] {
        var xyz = [Double](repeating: 0, count: 3 * ra.count)
        for i in ra.indices {
            let v = UnitVector(unchecked: ra[i], dec[i])
            (xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2]) = (v.x, v.y, v.z)
        }
        var ids = [UInt64](repeating: 0, count: ra.count)
        cs2_cell_ids(xyz, ra.count, Int32(level), &ids)
        return ids.map { Int64(bitPattern: $0) }
    }

    /// The face and the first 18 bits of the position on it.
    public func tile(of pixelId: Int64) -> Int32 { Int32(UInt64(bitPattern: pixelId) >> UInt64(61 - 2 * Self.tileLevel)) }

    public func tileEnvelope(of region: Region) -> RangeSet {
        let cells = cover(region, level: Self.tileLevel, maxCells: 1 << 20)
        return RangeSet(cells.map { Int64($0.0 >> 43)...Int64($0.1 >> 43) })
    }

    public func envelope(of region: Region, maxRanges: Int) -> RangeSet {
        let cells = cover(region, level: level, maxCells: maxRanges == .max ? 1 << 20 : max(8, maxRanges))
        // A cell never reaches over the change of sign: it lies between two faces.
        return RangeSet(cells.map { Int64(bitPattern: $0.0)...Int64(bitPattern: $0.1) }).simplified(to: max(2, maxRanges))
    }

    private func cover(_ region: Region, level: Int, maxCells: Int) -> [(UInt64, UInt64)] {
        var capacity = 4096
        while true {
            var out = [UInt64](repeating: 0, count: capacity)
            let count: Int =
                switch region {
                case .circle(let circle):
                    cs2_cover_circle([circle.centre.x, circle.centre.y, circle.centre.z], circle.radius + 1e-15, Int32(level), Int32(maxCells), &out, capacity)
                case .polygon(let polygon):
                    cs2_cover_polygon(polygon.vertices.flatMap { [$0.x, $0.y, $0.z] }, polygon.vertices.count, Int32(level), Int32(maxCells), &out, capacity)
                case .box(let box):
                    cs2_cover_box(
                        box.ra1 * .pi / 180, box.dec1 * .pi / 180, box.ra2 * .pi / 180, box.dec2 * .pi / 180, box.holdsAllRa ? 1 : 0, Int32(level),
                        Int32(maxCells), &out, capacity)
                }
            if count >= 0 { return (0..<count).map { (out[2 * $0], out[2 * $0 + 1]) } }
            capacity *= 8
        }
    }
}
