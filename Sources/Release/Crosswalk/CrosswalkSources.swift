import Association
import Columns
import Sphere

/// DiaSources of one generation as a crosswalk takes them: parallel columns, a row a source, in any order.
public struct CrosswalkSources: Sendable {
    public var visit: [Int64]
    public var detector: [Int32]
    /// The diaSourceId and the unit vector of each.
    public var positions: Positions
    /// The object of each; 0 for sources without one.
    public var diaObjectId: [Int64]
    /// The tile of each: its object's, where it has one.
    public var tile: [Int64]

    public init(visit: [Int64], detector: [Int32], positions: Positions, diaObjectId: [Int64], tile: [Int64]) {
        let count = positions.count
        precondition(visit.count == count && detector.count == count && diaObjectId.count == count && tile.count == count)
        self.visit = visit
        self.detector = detector
        self.positions = positions
        self.diaObjectId = diaObjectId
        self.tile = tile
    }

    /// From DiaSource rows: visit, detector, diaSourceId, ra, dec (degrees), diaObjectId and tile. A null diaObjectId is no object, a null
    /// position none; without a column tile all are in tile 0.
    /// - Throws: `ReleaseError.column` where one is missing or of another type.
    public init(_ rows: Table) throws {
        let count = rows.rowCount
        func int64s(_ name: String) throws -> [Int64] {
            guard var out = rows[name]?.int64s else { throw ReleaseError.column(table: "sources", name: name, need: "int64") }
            if let validity = rows[name]?.validity { for row in 0..<count where !validity[row] { out[row] = 0 } }
            return out
        }
        func numbers(_ name: String) throws -> [Double] {
            guard let out = rows[name]?.numbers else { throw ReleaseError.column(table: "sources", name: name, need: "numbers") }
            return out
        }
        let detector: [Int32]
        if let narrow = rows["detector"]?.int16s {
            detector = narrow.map(Int32.init)
        } else if let wide = rows["detector"]?.int32s {
            detector = wide
        } else {
            throw ReleaseError.column(table: "sources", name: "detector", need: "int16 or int32")
        }
        let positions = Positions(id: try int64s("diaSourceId"), ra: try numbers("ra"), dec: try numbers("dec"))
        self.init(
            visit: try int64s("visit"), detector: detector, positions: positions, diaObjectId: try int64s("diaObjectId"),
            tile: rows["tile"] == nil ? [Int64](repeating: 0, count: count) : try int64s("tile"))
    }

    public var count: Int { visit.count }
}

/// A visit and a detector, ordered by visit, then detector.
public struct VisitDetectorKey: Sendable, Hashable, Comparable {
    public var visit: Int64
    public var detector: Int32

    public init(visit: Int64, detector: Int32) {
        self.visit = visit
        self.detector = detector
    }

    public static func < (a: Self, b: Self) -> Bool { (a.visit, a.detector) < (b.visit, b.detector) }
}

extension CrosswalkSources {
    /// The rows of each visit-detector.
    /// - Complexity: O(rows + runs of equal visit-detectors), not more with rows in the order of visits.
    func rowsByVisitDetector() -> [VisitDetectorKey: [Int32]] {
        var out: [VisitDetectorKey: [Int32]] = [:]
        var start = 0
        while start < count {
            var end = start + 1
            while end < count, visit[end] == visit[start], detector[end] == detector[start] { end += 1 }
            out[VisitDetectorKey(visit: visit[start], detector: detector[start]), default: []].append(contentsOf: Int32(start)..<Int32(end))
            start = end
        }
        return out
    }
}
