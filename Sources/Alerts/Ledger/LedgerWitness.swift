import Catalog
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

    /// The visit table of a generation, whose rows say how many alerts were issued and with which root.
    public static func visitTable(of generation: Generation) -> LedgerWitness {
        LedgerWitness(
            sql: """
                SELECT \(generation.id)::integer AS "generation", "visit", "detector", "nAlerts"::bigint AS "alerts", "alertRoot" AS "root"
                FROM \(generation.table("VisitDetector"))
                """)
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
