import Columns
import Postgres

/// The audit of retention: a row a step, of what was removed, when, under which policy, and verified or by whose word.
public struct RetentionRecord: Sendable {
    /// Writes down a step.
    /// - Returns: the record's number.
    static func write(
        _ step: RetentionPlan.Step, of plan: RetentionPlan, generation: Generation, byWordOf: String?, state: String = "done",
        on connection: Connection
    ) throws -> Int64 {
        let table = try connection.query(
            """
            INSERT INTO skyledger."RetentionRecord" ("generation", "plan", "policy", "nowMjdTai", "tableName", "partition", "lowerMjdTai",
                "upperMjdTai", "nRows", "sizeBytes", "fingerprint", "isVerified", "byWordOf", "state", "endedAt")
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                    CASE WHEN $14 = 'begun' THEN NULL ELSE clock_timestamp() END) RETURNING "record"
            """,
            [
                .int32(Int32(generation.id)), .text(plan.hash), .int32(plan.policyNumber), .double(plan.nowMjdTai), .text(step.table),
                step.partition.map(Parameter.text) ?? .null, step.lowerMjdTai.map(Parameter.double) ?? .null,
                step.upperMjdTai.map(Parameter.double) ?? .null, .int64(step.rows), .int64(step.bytes), .int64(step.fingerprint),
                .bool(byWordOf == nil), byWordOf.map(Parameter.text) ?? .null, .text(state),
            ])
        return table["record"]!.int64s![0]
    }

    static func end(_ record: Int64, state: String, on connection: Connection) throws {
        try connection.run(
            "UPDATE skyledger.\"RetentionRecord\" SET \"state\" = $2, \"endedAt\" = clock_timestamp() WHERE \"record\" = $1",
            [.int64(record), .text(state)])
    }

    /// Rows and fingerprints of what was done under a plan, by partition or table.
    static func done(under hash: String, on connection: Connection) throws -> [String: (rows: Int64, fingerprint: Int64)] {
        let rows = try connection.query(
            """
            SELECT coalesce("partition", "tableName") AS "name", sum("nRows")::bigint AS "rows", bit_xor("fingerprint") AS "fingerprint"
            FROM skyledger."RetentionRecord" WHERE "plan" = $1 AND "state" = 'done' GROUP BY 1
            """, [.text(hash)])
        var out: [String: (rows: Int64, fingerprint: Int64)] = [:]
        for row in 0..<rows.rowCount {
            out[rows["name"]!.strings![row]] = (rows["rows"]!.int64s![row], rows["fingerprint"]!.int64s![row])
        }
        return out
    }

    /// Everything that retention did, in order.
    ///
    /// - Returns: columns endedAt (UTC, ISO 8601; null while a removal is not finished), policy, table, partition, rows, bytes, verified ("in the
    ///   PPDB", or by whose word it went unverified), state, plan.
    public static func report(on connection: Connection) throws -> Table {
        try connection.query(
            """
            SELECT to_char("endedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "endedAt", "policy", "tableName" AS "table",
                   "partition", "nRows" AS "rows", "sizeBytes" AS "bytes", "state",
                   CASE WHEN NOT "isVerified" THEN 'unverified, by the word of ' || "byWordOf"
                        WHEN "partition" IS NULL THEN 'needs none' ELSE 'in the PPDB' END AS "verified",
                   left("plan", 12) AS "plan"
            FROM skyledger."RetentionRecord" ORDER BY "record"
            """)
    }
}
