import Columns
import Postgres
import Schema

/// A visit-detector as one generation has it, in the terms of another.
public struct StoredContent {
    public var visitDetector: VisitDetector
    /// SHA-256 of the content as it was offered.
    public var digest: [UInt8]
    /// Rows of DiaSource as a file would bring them: without objects, and without SSObjects that a search found.
    public var sources: Table
    /// Those of them that were withdrawn.
    public var withdrawn: [Int64]
    /// Rows of DiaForcedSource at the positions of the other generation's objects.
    public var forced: Table
}

/// Reads visit-detectors of a generation for another.
public struct StoredContentReader {
    let connection: Connection
    let from: Generation
    let to: Generation
    private let sourceConversion: RowConversion
    private let forcedConversion: RowConversion

    /// - Parameters:
    ///   - from: the generation that has them.
    ///   - to: whose schema document the rows are brought to.
    public init(connection: Connection, from: Generation, to: Generation) {
        (self.connection, self.from, self.to) = (connection, from, to)
        sourceConversion = RowConversion("DiaSource", from: from.document, to: to.document)
        forcedConversion = RowConversion("DiaForcedSource", from: from.document, to: to.document)
    }

    /// - Throws: `CatalogError.inconsistent` where it is not stored; `MigrationError` where a value does not fit the other document.
    public func read(visit: Int64, detector: Int32) throws -> StoredContent {
        try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let stored = try StoredVisitDetector.read(
                where: "\"visit\" = $1 AND \"detector\" = $2", [.int64(visit), .int32(detector)], of: from, on: connection)
            let more = try connection.query(
                "SELECT \"digest\", \"source\", \"region\" FROM \(from.table("VisitDetector")) WHERE \"visit\" = $1 AND \"detector\" = $2",
                [.int64(visit), .int32(detector)])
            guard let entry = stored.first, let digest = more["digest"]?.binaries, let file = more["source"]?.strings?[0],
                let region = more["region"]?.strings?[0]
            else {
                throw CatalogError.inconsistent(
                    "visit \(visit) detector \(detector) waits to be taken from generation \(from.id), which does not have it: run `skyledger doctor`"
                )
            }
            let visitDetector = VisitDetector(
                visit: visit, detector: detector, band: entry.band, midpointMjdTai: entry.midpointMjdTai, region: entry.region,
                regionText: region, source: file)
            let (sources, withdrawn) = try sources(of: visitDetector)
            return StoredContent(
                visitDetector: visitDetector, digest: Array(digest.bytes(at: 0)), sources: sources, withdrawn: withdrawn,
                forced: try forced(of: visitDetector))
        }
    }

    /// Columns that the store fills.
    private static let filled = ["diaObjectId", "timeProcessedMjdTai", "timeWithdrawnMjdTai", "ssObjectReassocTimeMjdTai"]

    private func sources(of visitDetector: VisitDetector) throws -> (Table, withdrawn: [Int64]) {
        let given = try rows(
            "DiaSource", time: from.layout.roles.sourceMidpoint, visitDetector.visit, visitDetector.detector, visitDetector.midpointMjdTai,
            order: ["diaSourceId"])
        var table = try sourceConversion.apply(given)
        let ids = table["diaSourceId"]?.int64s ?? []
        // What an update gave to an SSObject, it gives here when its turn comes.
        let found = try identified(ids).union(
            ReleaseUpdates(connection: connection).waiting([.reassignSSObject, .link], of: ids, generation: to.id))
        if let column = table["ssObjectId"], let objects = column.int64s {
            // A search in the other generation's orbits says nothing here; what a file said stands.
            let stays = ids.indices.map { !column.isNull($0) && !found.contains(ids[$0]) }
            table.set(Column("ssObjectId", .int64(ids.indices.map { stays[$0] ? objects[$0] : 0 }), validity: Validity(stays)))
        }
        let time = given["timeWithdrawnMjdTai"]
        let isWithdrawn = ids.indices.map { row in time.map { !$0.isNull(row) } ?? false }
        for name in Self.filled + GenerationLayout.ownColumns(of: "DiaSource").map(\.name) { table.remove(name) }
        let withdrawn = ids.indices.filter { isWithdrawn[$0] }.map { ids[$0] }
        guard !withdrawn.isEmpty, to.document[table: "DiaSource"]?[column: "timeWithdrawnMjdTai"] == nil else { return (table, withdrawn) }
        return (table.gather(ids.indices.filter { !isWithdrawn[$0] }), [])
    }

    /// Sources that a search gave to SSObjects.
    private func identified(_ ids: [Int64]) throws -> Set<Int64> {
        guard from.document[table: "SSSource"]?[column: "diaSourceId"] != nil else { return [] }
        let rows = try connection.query(
            "SELECT \"diaSourceId\" FROM \(from.table("SSSource")) WHERE \"diaSourceId\" = ANY ($1)", [.int64Array(ids)])
        return Set(rows["diaSourceId"]?.int64s ?? [])
    }

    private func forced(of visitDetector: VisitDetector) throws -> Table {
        try forced(
            visit: visitDetector.visit, detector: visitDetector.detector, midpointMjdTai: visitDetector.midpointMjdTai, objects: nil
        ).rows
    }

    /// Rows of DiaForcedSource that were not withdrawn, in the order of the objects that they belong to, and these.
    /// - Parameter objects: nil for all.
    func forced(visit: Int64, detector: Int32, midpointMjdTai: Double, objects: [Int64]?) throws -> (rows: Table, objects: [Int64]) {
        let kept = HistoryReader(connection: connection, generation: from).isKept("DiaForcedSource")
        let named = objects.map { " AND \"diaObjectId\" = ANY (\(StoreTransaction.array($0)))" } ?? ""
        let given = try rows(
            "DiaForcedSource", time: from.layout.roles.forcedMidpoint, visit, detector, midpointMjdTai, order: ["diaObjectId"],
            where: kept + named)
        guard given.rowCount > 0 else { return (Table(), []) }
        var table = try forcedConversion.apply(given)
        for name in Self.filled + ["pixelId", "tile", "isPrecovery", "replicaKey", "generation"] { table.remove(name) }
        return (table, given["diaObjectId"]?.int64s ?? [])
    }

    /// All columns of the document and SkyLedger's own.
    private func rows(
        _ table: String, time: String, _ visit: Int64, _ detector: Int32, _ midpointMjdTai: Double, order: [String],
        where condition: String = ""
    ) throws -> Table {
        let names = from.document[table: table]!.columns.map(\.name)
        let own = GenerationLayout.ownColumns(of: table).map(\.name).filter { !names.contains($0) }
        let midpoint = quoted(time)
        return try connection.copyOut(
            """
            SELECT \((names + own).map(quoted).joined(separator: ", ")) FROM \(from.table(table))
            WHERE "visit" = \(visit) AND "detector" = \(detector)
              AND \(midpoint) BETWEEN \(midpointMjdTai - 1) AND \(midpointMjdTai + 1)\(condition)
            ORDER BY \(order.map(quoted).joined(separator: ", "))
            """)
    }
}
