import Columns
import Postgres
import Sphere

/// Rows of given identifiers, any number of them: light curves of objects, or single sources.
///
///     var query = IdentifierQuery(diaObjectIds: ids, table: "DiaSource")
///     query.since = 61_000
///     let answer = try query.run(on: connection, generation: generation, pixelization: pixelization)
public struct IdentifierQuery: Sendable {
    /// What the identifiers are of.
    public enum Key: String, Sendable { case diaObjectId, diaSourceId }

    public struct Answer: Sendable {
        /// In the order of the identifier, then of time.
        public var rows: Table
        /// Identifiers without any row in the answer, ascending.
        public var missing: [Int64]
    }

    public var ids: [Int64]
    public var key: Key
    /// DiaObject, DiaObjectLast, DiaSource or DiaForcedSource; of sources' identifiers DiaSource only.
    public var table: String
    /// As of `RegionQuery`.
    public var columns: [String]?
    public var since: Double?
    public var until: Double?
    public var asOf: Double?
    public var includesWithdrawn = false

    public init(diaObjectIds: [Int64], table: String = "DiaObject") { (ids, key, self.table) = (diaObjectIds, .diaObjectId, table) }

    public init(diaSourceIds: [Int64]) { (ids, key, table) = (diaSourceIds, .diaSourceId, "DiaSource") }

    /// An identifier may be named several times; its rows come once.
    ///
    /// - Throws: as `RegionQuery.run`.
    public func run(on connection: Connection, generation: Generation, pixelization: any Pixelization) throws -> Answer {
        guard key == .diaObjectId || table == "DiaSource" else {
            throw CatalogError.badRequest("\(table) has no diaSourceId: choose DiaSource, or name diaObjectIds")
        }
        let selection = try TableSelection(
            generation, table: table, columns: columns.map { $0.contains(key.rawValue) ? $0 : $0 + [key.rawValue] }, since: since,
            until: until, asOf: asOf, includesWithdrawn: includesWithdrawn)
        let wanted = Set(ids).sorted()
        var rows = selection.completed(try connection.copyOut(sql(selection, wanted)), pixelization: pixelization)
        let found = Set(rows[key.rawValue]?.int64s ?? [])
        if let columns, !columns.contains(key.rawValue) { rows.remove(key.rawValue) }
        return Answer(rows: rows, missing: wanted.filter { !found.contains($0) })
    }

    /// The statement; identifiers are numbers, in one literal array.
    func sql(_ selection: TableSelection, _ wanted: [Int64]) -> String {
        let generation = selection.generation
        let array = StoreTransaction.array(wanted)
        let name = quoted(key.rawValue)
        let roles = generation.layout.roles
        var conditions = selection.conditions
        var source = "\(generation.table(table)) AS t"
        switch (table, asOf) {
        case ("DiaObject", .some(let asOf)):
            conditions.append("t.\(name) = ANY (\(array))")
            let end = "t.\(quoted(roles.validityEnd))"
            conditions.append("(\(end) IS NULL OR \(end) > \(TableSelection.number(asOf)))")
        case ("DiaSource", .some(let asOf)) where key == .diaObjectId:
            // The objects' sources of now, and those that were theirs before a later change.
            source = """
                (SELECT s."diaSourceId" FROM \(generation.table("DiaSource")) AS s WHERE s."diaObjectId" = ANY (\(array))
                 UNION
                 SELECT c."diaSourceId" FROM \(generation.table("UpdateRecord")) AS c
                 WHERE c."diaSourceId" IS NOT NULL AND c."updateMjdTai" > \(TableSelection.number(asOf))
                   AND (c."before"->>'diaObjectId')::bigint = ANY (\(array))) AS n
                JOIN \(generation.table("DiaSource")) AS t ON t."diaSourceId" = n."diaSourceId"
                """
            conditions.append("\(selection.expression("diaObjectId")) = ANY (\(array))")
        default: conditions.append("t.\(name) = ANY (\(array))")
        }
        let time = ["DiaSource": roles.sourceMidpoint, "DiaForcedSource": roles.forcedMidpoint][table] ?? roles.validityStart
        return """
            SELECT \(selection.selected) FROM \(source)
            \(selection.joins)
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(selection.expression(key.rawValue)), t.\(quoted(time))\(table == "DiaSource" ? ", t.\"diaSourceId\"" : "")
            """
    }
}
