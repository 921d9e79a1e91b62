import Catalog
import Postgres
import Schema

/// What the records of a chunk's updates do to rows that are in the PPDB already.
///
/// Records hold the values after the change, so that applying them again changes nothing. Of several that touch a column of a row the last
/// holds, in the order of changes, operations and places.
struct UpdateReplay {
    let ppdb: Ppdb
    let rows: ChunkRows

    init(_ ppdb: Ppdb, _ rows: ChunkRows) {
        self.ppdb = ppdb
        self.rows = rows
    }

    /// Columns that updates change, and their types.
    private static let changing = [
        "DiaSource": [
            ("diaObjectId", "bigint"), ("ssObjectId", "bigint"), ("disposition", "text"), ("tile", "integer"),
            ("ssObjectReassocTimeMjdTai", "double precision"), ("timeWithdrawnMjdTai", "double precision"),
        ],
        "DiaForcedSource": [("timeWithdrawnMjdTai", "double precision")],
    ]

    func run() throws {
        // A row is found by its key in each partition; comparing all rows with a few would read the whole table.
        try ppdb.connection.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        try replay("DiaSource", key: ["diaSourceId"])
        try replay("DiaForcedSource", key: ["diaObjectId", "visit", "detector"])
        try ppdb.connection.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on")
    }

    private func replay(_ name: String, key: [String]) throws {
        guard let table = ppdb.feed[name] else { return }
        let columns = Self.changing[name]!.filter { table.columns.contains($0.0) }
        let keys = key.map { SQLText.identifier($0) }
        let touched = "touched_\(name.lowercased())"
        try ppdb.connection.execute(
            """
            CREATE TEMPORARY TABLE \(touched) ON COMMIT DROP AS
            SELECT \(keys.map { "r.\($0)" }.joined(separator: ", ")),
                   jsonb_object_agg(e.key, e.value ORDER BY c."change", r."operation", r."updateOrder") AS "after"
            FROM \(ppdb.schemas.replica)."UpdateRecord" AS r JOIN \(ppdb.schemas.replica)."Change" AS c ON c."replicaKey" = r."replicaKey", jsonb_each(r."after") AS e
            WHERE \(rows.condition(of: "r")) AND r."tableName" = '\(name)' GROUP BY \(keys.map { "r.\($0)" }.joined(separator: ", "));
            ANALYZE pg_temp.\(touched)
            """)
        guard try ppdb.connection.int64("SELECT count(*) FROM pg_temp.\(touched)") ?? 0 > 0 else { return }
        let same = keys.map { "u.\($0) = a.\($0)" }.joined(separator: " AND ")
        let sums = ChunkSumChange(connection: ppdb.connection, table: table)
        try sums.add(-1, joined: "pg_temp.\(touched) AS u", on: same, countsRows: false)
        let assignments = columns.map { name, type in
            "\"\(name)\" = CASE WHEN u.\"after\" ? '\(name)' THEN (u.\"after\"->>'\(name)')::\(type) ELSE a.\"\(name)\" END"
        }
        try ppdb.connection.run(
            "UPDATE \(table.target) AS a SET \(assignments.joined(separator: ", ")) FROM pg_temp.\(touched) AS u WHERE \(same)")
        try sums.add(1, joined: "pg_temp.\(touched) AS u", on: same, countsRows: false)
    }

    /// What SSSource said of a source that was given to another object holds no longer. Before new rows of the chunk come.
    func removeSSSources() throws {
        guard let table = ppdb.feed["SSSource"] else { return }
        let moved = """
            (SELECT DISTINCT r."diaSourceId" FROM \(ppdb.schemas.replica)."UpdateRecord" AS r
             WHERE \(rows.condition(of: "r"))
               AND r."updateType" IN ('\(UpdateType.reassignSourceToObject.rawValue)', '\(UpdateType.reassignSourceToSSObject.rawValue)')) AS m
            """
        let same = "m.\"diaSourceId\" = a.\"diaSourceId\""
        try ChunkSumChange(connection: ppdb.connection, table: table).add(-1, joined: moved, on: same, countsRows: true)
        try ppdb.connection.run("DELETE FROM \(table.target) AS a USING \(moved) WHERE \(same)")
    }
}
