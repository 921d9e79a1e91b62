import Postgres
import Schema

/// Makes the rows of a table those of a temporary table: only rows that differ are touched, and a row keeps its `id`.
///
/// Rows that change are deleted and inserted again, so that no unique key is in the way of two rows that exchange a value; both happen in
/// the caller's transaction.
struct RowReplacement {
    let connection: Connection
    let generation: Generation
    /// A table of the document with the columns `id` and perhaps `created_at`, `updated_at`; the temporary table is `incoming_<name>`.
    let definition: TableDefinition

    struct Counts { var changed = 0, new = 0, removed = 0 }

    /// Columns that are the database's to give.
    static let given: Set<String> = ["id", "created_at", "updated_at"]

    var columns: [String] { definition.columns.map(\.name).filter { !Self.given.contains($0) } }
    var incoming: String { quoted("incoming_\(definition.name)") }

    /// Makes the temporary table: `row` and the table's columns, all of which may be null but those that must not.
    func makeIncoming() throws {
        let target = generation.table(definition.name)
        try connection.execute(
            """
            CREATE TEMPORARY TABLE \(incoming) ON COMMIT DROP AS
            SELECT 0 AS "row", \(columns.map(quoted).joined(separator: ", ")) FROM \(target) WITH NO DATA
            """)
    }

    /// - Parameters:
    ///   - matched: a query for `row` and `id`: which stored row an incoming one is.
    ///   - doomed: a query for `id` of the stored rows that go, whether or not one takes their place.
    func run(matched: String, doomed: String) throws -> Counts {
        let target = generation.table(definition.name)
        let change = quoted("change_\(definition.name)")
        func list(_ prefix: String) -> String { columns.map { prefix + quoted($0) }.joined(separator: ", ") }
        let times = ["created_at", "updated_at"].filter { definition[column: $0]?.datatype == .timestamp }
        let created = times.contains("created_at") ? "t.\"created_at\"" : "NULL::timestamp"
        try connection.execute(
            """
            CREATE TEMPORARY TABLE \(change) ON COMMIT DROP AS
            SELECT t."id" AS "keptId", \(created) AS "keptSince", i.*
            FROM \(incoming) AS i LEFT JOIN (\(matched)) AS m ON m."row" = i."row" LEFT JOIN \(target) AS t ON t."id" = m."id"
            WHERE t."id" IS NULL OR ROW(\(list("t."))) IS DISTINCT FROM ROW(\(list("i.")))
            """)
        var counts = Counts()
        counts.changed = Int(try connection.int64("SELECT count(\"keptId\") FROM \(change)") ?? 0)
        let base = try connection.int64("SELECT coalesce(max(\"id\"), 0)::bigint FROM \(target)") ?? 0
        counts.removed = try connection.run("DELETE FROM \(target) AS t USING (\(doomed)) AS d WHERE t.\"id\" = d.\"id\"")
        try connection.execute("DELETE FROM \(target) AS t USING \(change) AS c WHERE t.\"id\" = c.\"keptId\"")
        let now = "now() AT TIME ZONE 'UTC'"
        let values = times.map { $0 == "created_at" ? ", coalesce(c.\"keptSince\", \(now))" : ", \(now)" }.joined()
        let written = try connection.run(
            """
            INSERT INTO \(target) ("id", \(list(""))\(times.map { ", " + quoted($0) }.joined()))
            SELECT coalesce(c."keptId", \(base) + row_number() OVER (PARTITION BY c."keptId" IS NULL ORDER BY c."row")), \(list("c."))\(values)
            FROM \(change) AS c
            """)
        counts.new = written - counts.changed
        return counts
    }
}
