import Postgres

/// How far batches were published: the ledger is the outbox, a channel reads what it has not completed yet, in the order of the chain.
///
///     let publication = LedgerPublication(channel: "kafka", connection: connection)
///     for batch in try publication.pending(limit: 100) {
///         ... send its alerts, from where it stopped ...
///         try publication.record(batch.number, published: batch.count, isComplete: true)
///     }
public struct LedgerPublication {
    public let channel: String
    let connection: Connection

    /// - Parameter connection: as the role `ingest`.
    public init(channel: String, connection: Connection) {
        self.channel = channel
        self.connection = connection
    }

    /// A batch that the channel has not completed.
    public struct Pending: Sendable, Equatable {
        public var batch: LedgerBatch
        /// Alerts that were published of it already, from the first.
        public var published: Int32
        public var attempts: Int32
    }

    /// The earliest batches that are not complete on the channel.
    ///
    /// - Parameter after: number of a batch up to which the caller knows all to be complete; a long ledger is not read from its start then.
    public func pending(after: Int64 = 0, limit: Int = 100) throws -> [Pending] {
        let rows = try connection.query(
            """
            SELECT \(LedgerBatch.selection), coalesce(p."published", 0) AS "published", coalesce(p."attempts", 0) AS "attempts"
            FROM ledger."Batch" AS b
            LEFT JOIN (SELECT "number" AS "publishedNumber", "published", "attempts", "completedAt" FROM ledger."Publication" WHERE "channel" = $1) AS p
                ON p."publishedNumber" = b."number"
            WHERE b."number" > $2 AND p."completedAt" IS NULL ORDER BY b."number" LIMIT $3
            """, [.text(channel), .int64(after), .int64(Int64(limit))])
        let batches = LedgerBatch.rows(rows)
        guard let published = rows["published"]?.int32s, let attempts = rows["attempts"]?.int32s else { return [] }
        return batches.indices.map { Pending(batch: batches[$0], published: published[$0], attempts: attempts[$0]) }
    }

    /// Writes down an attempt.
    ///
    /// - Parameters:
    ///   - published: alerts of the batch that the channel has, from the first.
    ///   - failure: why it went no further.
    public func record(_ number: Int64, published: Int32, isComplete: Bool, failure: String? = nil) throws {
        try connection.query(
            """
            INSERT INTO ledger."Publication" AS p ("channel", "number", "published", "attempts", "lastFailure", "completedAt")
            VALUES ($1, $2, $3, 1, $4, CASE WHEN $5 THEN clock_timestamp() END)
            ON CONFLICT ("channel", "number") DO UPDATE
            SET "published" = excluded."published", "attempts" = p."attempts" + 1, "lastFailure" = excluded."lastFailure",
                "completedAt" = coalesce(p."completedAt", excluded."completedAt")
            """,
            [.text(channel), .int64(number), .int32(published), failure.map(Parameter.text) ?? .null, .bool(isComplete)],
            name: "ledger_published")
    }
}
