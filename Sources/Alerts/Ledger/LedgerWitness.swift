import Catalog
import Columns
import Postgres

/// What else knows which alerts were issued: a table that was written in the transactions that issued them.
public struct LedgerWitness: Sendable {
    /// A query that gives "generation" integer, "visit" bigint, "detector" integer, "alerts" bigint and "root" bytea (null where unknown),
    /// a row a visit-detector that was stored, of one kind of batches.
    public var sql: String
    /// The kind of batches that it speaks of.
    public var kind: String

    public init(sql: String, kind: String = "visit") {
        self.sql = sql
        self.kind = kind
    }

    /// The visit tables of all generations that are there, whose rows say how many alerts were issued and with which root, and what was kept
    /// of those of generations that are gone.
    public static func allGenerations(on connection: Connection) throws -> LedgerWitness {
        let rows = try connection.query(
            """
            SELECT g."generationId" AS "id", quote_ident(g."schemaName") || '."VisitDetector"' AS "name" FROM skyledger."Generation" AS g
            WHERE to_regclass(quote_ident(g."schemaName") || '."VisitDetector"') IS NOT NULL ORDER BY 1
            """)
        let ids = rows["id"]?.int32s ?? []
        let tables = ids.indices.map { row in
            """
            SELECT \(ids[row])::integer AS "generation", "visit", "detector", "nAlerts"::bigint AS "alerts", "alertRoot" AS "root"
            FROM \(rows["name"]!.strings![row])
            """
        }
        let kept = """
            SELECT "generation", "visit", "detector", "nAlerts"::bigint, "alertRoot" FROM skyledger."AlertWitness"
            \(ids.isEmpty ? "" : "WHERE \"generation\" NOT IN (\(ids.map(String.init).joined(separator: ", ")))")
            """
        return LedgerWitness(sql: (tables + [kept]).joined(separator: "\nUNION ALL\n"))
    }

    /// Visit-detectors whose batch is not what the witness says, at most so many.
    func contradictions(limit: Int) -> String {
        """
        SELECT w."generation", w."visit", w."detector", w."alerts", b."number", coalesce(b."count", 0)::bigint AS "issued"
        FROM (\(sql)) AS w
        LEFT JOIN ledger."Batch" AS b
            ON b."generation" = w."generation" AND b."visit" = w."visit" AND b."detector" = w."detector" AND b."kind" = '\(kind.replacing("'", with: "''"))'
        WHERE coalesce(b."count", 0) <> w."alerts" OR w."root" IS NOT NULL AND b."root" IS DISTINCT FROM w."root"
        ORDER BY b."number", w."visit", w."detector" LIMIT \(limit)
        """
    }
}
