import Catalog
import Columns
import Postgres

/// One side of a crosswalk at one moment: a connection in a transaction that sees no later change, and where its tables are.
///
/// - Note: `@unchecked Sendable` because a reader works on one thread at a time: `read` is called by a `Background`, and whoever began that
///   waits for its value before the reader is used again.
final class CrosswalkReader: @unchecked Sendable {
    let tables: CrosswalkTables
    private let connection: Connection

    /// - Parameter connection: in a transaction of the caller's, REPEATABLE READ.
    init(_ tables: CrosswalkTables, connection: Connection) {
        self.tables = tables
        self.connection = connection
    }

    /// A visit-detector of one side.
    struct Entry {
        var midpointMjdTai: Double
        var sourceCount: Int
    }

    /// All that are stored; none where sources have no visit.
    func visitDetectors() throws -> [VisitDetectorKey: Entry] {
        guard let sql = tables.visitDetectors else { return [:] }
        let rows = try connection.copyOut(sql)
        guard let visit = rows["visit"]?.int64s, let detector = rows["detector"]?.int32s, let time = rows["midpointMjdTai"]?.doubles,
            let count = rows["nSources"]?.int64s
        else {
            throw CatalogError.inconsistent(
                "the visit table of \(tables.label) has not the columns it was made with: run `skyledger doctor`")
        }
        var out: [VisitDetectorKey: Entry] = [:]
        out.reserveCapacity(visit.count)
        for row in visit.indices {
            out[VisitDetectorKey(visit: visit[row], detector: detector[row])] = Entry(
                midpointMjdTai: time[row], sourceCount: Int(count[row]))
        }
        return out
    }

    /// The sources of a batch, those of other visit-detectors left out.
    /// - Parameters:
    ///   - midpoints: of the batch's visits on this side, MJD TAI.
    ///   - moved: tiles that objects have instead of those in the rows.
    func read(_ batch: VisitDetectorBatch, midpoints: ClosedRange<Double>?, moved: [Int64: Int64]) throws -> CrosswalkSources {
        var rows = try connection.copyOut(tables.sources(of: batch, midpoints: midpoints))
        let wanted = Set(batch.keys)
        let (visit, detector) = (rows["visit"]?.int64s ?? [], rows["detector"]?.int32s ?? [])
        let isWanted = Self.isWanted(visit, detector, wanted)
        if isWanted.contains(false) { rows = rows.gather(isWanted.indices.filter { isWanted[$0] }) }
        var sources = try CrosswalkSources(rows)
        if !moved.isEmpty {
            for row in 0..<sources.count where sources.diaObjectId[row] != 0 {
                if let tile = moved[sources.diaObjectId[row]] { sources.tile[row] = tile }
            }
        }
        return sources
    }

    /// Rows of one visit-detector mostly follow each other.
    private static func isWanted(_ visit: [Int64], _ detector: [Int32], _ wanted: Set<VisitDetectorKey>) -> [Bool] {
        var out = [Bool](repeating: true, count: visit.count)
        for row in visit.indices {
            if row > 0, visit[row] == visit[row - 1], detector[row] == detector[row - 1] {
                out[row] = out[row - 1]
            } else {
                out[row] = wanted.contains(VisitDetectorKey(visit: visit[row], detector: detector[row]))
            }
        }
        return out
    }

    /// All objects, a part at a time: columns diaObjectId, ra, dec, tile.
    func eachObjects(_ body: (Table) throws -> Void) throws {
        try connection.copyOut(tables.objects, rowsPerTable: 100_000, body)
    }

    /// All objects in the order of their tiles.
    func objectsByTile(named name: String) throws -> TileRows {
        try TileRows(connection, name: name, "\(tables.objects) ORDER BY \"tile\"", tile: "tile")
    }

    /// Those of some identifiers that have a row of an object.
    func objectsAmong(_ ids: [Int64]) throws -> [Int64] {
        try connection.copyOut(tables.objectsAmong("'{\(ids.map(String.init).joined(separator: ","))}'::bigint[]")).columns.first?.int64s
            ?? []
    }
}
