import Columns
import Postgres

/// What of the rows can be held against what is stored, before any is written.
extension ForcedLoad {
    /// - Returns: the visit-detectors that rows name.
    func check(_ rows: ForcedRows) throws -> [StoredVisitDetector.Key: StoredVisitDetector] {
        let visits = Set(rows.keys.map(\.visit)).sorted()
        let entries = Dictionary(
            uniqueKeysWithValues: try StoredVisitDetector.read(
                where: "\"visit\" = ANY ($1)", [.int64Array(visits)], of: generation, on: connection
            ).map { (StoredVisitDetector.Key($0), $0) })
        try rows.check(against: entries)
        let objects = try OpenObject.read(Set(rows.keys.map(\.diaObjectId)).sorted(), generation, on: connection)
        try refuseMissing(Array(0..<rows.count), of: rows, objects: objects)
        _ = try storedRows(Array(0..<rows.count), of: rows)
        try refuseKnownIdentifiers(rows)
        return entries
    }

    /// Refuses rows of objects that are not open.
    func refuseMissing(_ members: [Int], of rows: ForcedRows, objects: [Int64: OpenObject]) throws {
        let missing = members.filter { objects[rows.keys[$0].diaObjectId] == nil }
        guard let row = missing.first else { return }
        let id = rows.keys[row].diaObjectId
        let isClosed = try !OpenObject.existing([id], generation, on: connection).isEmpty
        let more = missing.count > 1 ? " (and \(missing.count - 1) more rows)" : ""
        throw CatalogError.badRequest(
            "\(rows.source): row \(row + 1)\(more) is of DiaObject \(id), which \(isClosed ? "was closed" : "does not exist"): remove it from the file"
        )
    }

    /// How many rows are looked up at a time.
    private static var batch: Int { 50_000 }

    /// Which of the rows are stored.
    /// - Throws: `CatalogError.badRequest` where one is stored with other values.
    func storedRows(_ members: [Int], of rows: ForcedRows) throws -> Set<Updates.ForcedKey> {
        let columns = rows.comparedColumns(generation)
        var known: Set<Updates.ForcedKey> = []
        for start in stride(from: 0, to: members.count, by: Self.batch) {
            let part = Array(members[start..<min(start + Self.batch, members.count)])
            let number = Dictionary(uniqueKeysWithValues: part.map { (rows.keys[$0], $0) })
            let stored = try stored(part.map { rows.keys[$0] }, columns: columns)
            for (row, key) in Self.keys(of: stored).enumerated() {
                known.insert(key)
                guard let mine = number[key], let name = RowComparison.difference(rows.table, mine, stored, row, in: columns) else {
                    continue
                }
                throw CatalogError.badRequest(
                    "\(rows.source): row \(mine + 1) is a \(key.label), which is stored with another \(name): nothing was changed; correct the file or withdraw what is stored"
                )
            }
        }
        return known
    }

    private func stored(_ keys: [Updates.ForcedKey], columns: [String]) throws -> Table {
        let names = Set(columns + ["diaObjectId", "visit", "detector"]).sorted().map { "f.\(quoted($0))" }.joined(separator: ", ")
        // The visit-detector's own time bounds the partitions that are looked into; rows of other loads may have a time that is a little off.
        let midpoint = "f.\(quoted(generation.layout.roles.forcedMidpoint))"
        return try connection.query(
            """
            WITH k AS MATERIALIZED (
                SELECT k.object, k.visit, k.detector, v."midpointMjdTai" AS time
                FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS k(object, visit, detector)
                JOIN \(generation.table("VisitDetector")) AS v ON v."visit" = k.visit AND v."detector" = k.detector
            )
            SELECT \(names) FROM k JOIN \(generation.table("DiaForcedSource")) AS f
                ON f."diaObjectId" = k.object AND f."visit" = k.visit AND f."detector" = k.detector
                AND \(midpoint) BETWEEN k.time - 1 AND k.time + 1
            """,
            [.int64Array(keys.map(\.diaObjectId)), .int64Array(keys.map(\.visit)), .int32Array(keys.map(\.detector))])
    }

    private static func keys(of rows: Table) -> [Updates.ForcedKey] {
        guard rows.rowCount > 0, let object = rows["diaObjectId"]?.int64s, let visit = rows["visit"]?.int64s,
            let detector = rows["detector"]?.numbers
        else { return [] }
        return object.indices.map { Updates.ForcedKey(diaObjectId: object[$0], visit: visit[$0], detector: Int32(detector[$0])) }
    }

    /// Refuses identifiers that are stored as those of other measurements.
    private func refuseKnownIdentifiers(_ rows: ForcedRows) throws {
        guard !rows.ids.isEmpty else { return }
        let stored = try connection.query(
            """
            SELECT "diaForcedSourceId", "diaObjectId", "visit", "detector" FROM \(generation.table("DiaForcedSource"))
            WHERE "diaForcedSourceId" = ANY ($1)
            """, [.int64Array(rows.ids)])
        let number = Dictionary(uniqueKeysWithValues: rows.ids.enumerated().map { ($1, $0) })
        let ids = stored["diaForcedSourceId"]?.int64s ?? []
        for (id, key) in zip(ids, Self.keys(of: stored)) {
            guard let mine = number[id], rows.keys[mine] != key else { continue }
            throw CatalogError.badRequest(
                "\(rows.source): row \(mine + 1) has diaForcedSourceId \(id), which is stored as that of the \(key.label): identifiers must be unique over the instance; correct the file"
            )
        }
    }
}

extension StoredVisitDetector.Key {
    init(_ entry: StoredVisitDetector) { (visit, detector) = (entry.visit, entry.detector) }
}
