import CS2

/// Google's S2 cells at one level, through the S2 library. An id is the cell id's bit pattern as an `Int64`.
public struct S2Pixelization: Pixelization {
    public let level: Int

    /// Tiles are the cells of level 9, so that a coarser cell has none.
    public static let levels = 9...30

    /// - Throws: `SphereError.levelOutOfRange`.
    public init(_ level: Int) throws(SphereError) {
        guard S2Pixelization.levels.contains(level) else {
            let levels = S2Pixelization.levels
            throw .levelOutOfRange(pixelization: "s2", level: level, minimum: levels.lowerBound, maximum: levels.upperBound)
        }
        self.level = level
    }

    public var name: String { "s2-\(level)" }

    public func index(ra: [Double], dec: [Double]) -> [Int64] {
        precondition(ra.count == dec.count, "the columns must have the same length")
        return [Int64](unsafeUninitializedCapacity: ra.count) { ids, count in
            ids.withMemoryRebound(to: UInt64.self) { cs2_cell_ids(ra, dec, ra.count, Int32(level), $0.baseAddress) }
            count = ra.count
        }
    }

    public func index(_ v: UnitVector) -> Int64 {
        Int64(bitPattern: cs2_cell_id(v.x, v.y, v.z, Int32(level)))
    }

    public func envelope(of region: Region, maxRanges: Int) -> RangeSet {
        // Cells are two ids apart at the leaves: the id between is no cell's.
        cover(of: region, level: level, cellsMax: maxRanges).closingGaps(upTo: 1).simplified(toAtMost: maxRanges)
    }

    /// The bits of the id above the marker of level 9: face and position.
    public func tile(of pixelId: Int64) -> Int32 {
        Int32(truncatingIfNeeded: UInt64(bitPattern: pixelId) >> 43)
    }

    public func tileEnvelope(of region: Region) -> RangeSet {
        let cells = cover(of: region, level: 9, cellsMax: 0)
        return RangeSet(cells.ranges.map { Int64(tile(of: $0.lowerBound))...Int64(tile(of: $0.upperBound)) })
    }

    private func cover(of region: Region, level: Int, cellsMax: Int) -> RangeSet {
        let limits = (Int32(level), Int32(clamping: cellsMax > 0 ? cellsMax : Int(Int32.max)))
        let cover: OpaquePointer?
        switch region {
        case .circle(let circle):
            let center = circle.center
            cover = cs2_cover_circle(center.x, center.y, center.z, circle.radius, limits.0, limits.1)
        case .polygon(let polygon):
            let components = polygon.vertices.flatMap { [$0.x, $0.y, $0.z] }
            cover = cs2_cover_polygon(components, polygon.vertices.count, limits.0, limits.1)
        case .box(let box):
            cover = cs2_cover_box(box.ra1, box.raWidth, box.dec1, box.dec2, limits.0, limits.1)
        }
        defer { cs2_cover_free(cover) }
        return RangeSet(
            (0..<cs2_cover_count(cover)).map { index in
                Int64(bitPattern: cs2_cover_first(cover, index))...Int64(bitPattern: cs2_cover_last(cover, index))
            })
    }
}
