import Columns
import Postgres

/// The ledger as a publisher reads it: which batches wait, and how far they came.
extension LedgerPublication {
    /// A batch that waits, and what is known of attempts before.
    struct Waiting {
        var batch: LedgerBatch
        /// When it was recorded in the ledger, by the server's clock, seconds since 1970.
        var recordedAt: Double
        /// Alerts from the first that were acknowledged.
        var published: Int
        var attempts: Int32
        /// Alerts that an attempt before had on their way.
        var inFlight: InFlightMark?
    }

    /// The earliest batches of the kinds that are not complete on the channel.
    ///
    /// - Parameters:
    ///   - after: number of a batch up to which the caller knows nothing to wait.
    ///   - until: number of the last batch that is wanted.
    func waiting(kinds: [String], after: Int64, until: Int64, limit: Int = 64) throws -> [Waiting] {
        let rows = try connection.query(
            """
            SELECT \(LedgerBatch.selection), extract(epoch FROM b."recordedAt")::double precision AS "recordedSeconds",
                coalesce(p."published", 0) AS "published", coalesce(p."attempts", 0) AS "attempts", p."lastFailure"
            FROM ledger."Batch" AS b
            LEFT JOIN (SELECT "number" AS "publishedNumber", "published", "attempts", "lastFailure", "completedAt"
                       FROM ledger."Publication" WHERE "channel" = $1) AS p ON p."publishedNumber" = b."number"
            WHERE b."number" > $2 AND b."number" <= $3 AND b."kind" = ANY ($4) AND p."completedAt" IS NULL
            ORDER BY b."number" LIMIT $5
            """, [.text(channel), .int64(after), .int64(until), .textArray(kinds), .int64(Int64(limit))], name: "publication_waiting")
        guard let recordedAt = rows["recordedSeconds"]?.doubles, let published = rows["published"]?.int32s,
            let attempts = rows["attempts"]?.int32s, let failure = rows["lastFailure"], let failures = failure.strings
        else { return [] }
        return LedgerBatch.rows(rows).enumerated().map { row, batch in
            Waiting(
                batch: batch, recordedAt: recordedAt[row], published: Int(published[row]), attempts: attempts[row],
                inFlight: failure.isNull(row) ? nil : InFlightMark(failures[row]))
        }
    }

    /// How many alerts wait.
    func waitingAlerts(kinds: [String], until: Int64) throws -> Int {
        Int(
            try connection.int64(
                """
                SELECT coalesce(sum(b."count" - coalesce(p."published", 0)), 0)::bigint FROM ledger."Batch" AS b
                LEFT JOIN ledger."Publication" AS p ON p."channel" = $1 AND p."number" = b."number"
                WHERE b."number" <= $2 AND b."kind" = ANY ($3) AND p."completedAt" IS NULL
                """, [.text(channel), .int64(until), .textArray(kinds)]) ?? 0)
    }

    /// Writes down how far a batch is.
    ///
    /// - Parameters:
    ///   - published: alerts from the first that were acknowledged.
    ///   - failure: why it went no further, or what is on its way (`InFlightMark`).
    ///   - isNewAttempt: whether this run turns to the batch for the first time.
    func note(_ number: Int64, published: Int, isComplete: Bool = false, failure: String? = nil, isNewAttempt: Bool = false) throws {
        try connection.query(
            """
            INSERT INTO ledger."Publication" AS p ("channel", "number", "published", "attempts", "lastFailure", "completedAt")
            VALUES ($1, $2, $3, 1, $4, CASE WHEN $5 THEN clock_timestamp() END)
            ON CONFLICT ("channel", "number") DO UPDATE
            SET "published" = excluded."published", "attempts" = p."attempts" + $6, "lastFailure" = excluded."lastFailure",
                "completedAt" = coalesce(p."completedAt", excluded."completedAt")
            """,
            [
                .text(channel), .int64(number), .int32(Int32(published)), failure.map(Parameter.text) ?? .null, .bool(isComplete),
                .int32(isNewAttempt ? 1 : 0),
            ], name: "publication_note")
    }

    /// Runs the body while no other publisher can serve the channel.
    ///
    /// A publisher that was killed keeps its connection for a moment; that long this waits.
    ///
    /// - Throws: `PublicationError.busy`, or what the body throws
    func alone<Result>(_ body: () throws -> Result) throws -> Result {
        // hashtextextended gives the key's 64 bits, which pg_locks shows as two halves.
        let key = "hashtextextended('skyledger publication ' || $1::text, 0)"
        var isTaken = false
        for attempt in 0..<10 where !isTaken {
            if attempt > 0 { try connection.query("SELECT pg_sleep(0.1)") }
            isTaken = try connection.query("SELECT pg_try_advisory_lock(\(key)) AS taken", [.text(channel)])["taken"]?.bools?.first ?? false
        }
        guard isTaken else {
            let backend = try connection.int64(
                """
                SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    AND (classid::bigint << 32 | objid::bigint) = \(key) LIMIT 1
                """, [.text(channel)])
            throw PublicationError.busy(channel: channel, backend: backend.map(Int32.init))
        }
        // Where the connection is gone, so is the lock.
        defer { _ = try? connection.query("SELECT pg_advisory_unlock(\(key))", [.text(channel)]) }
        return try body()
    }
}
