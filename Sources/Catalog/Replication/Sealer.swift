import Columns
import Foundation
import Postgres

/// Cuts the feed of changes into chunks, in order. Any number of sealers may run; they do it one after the other.
public struct Sealer {
    let connection: Connection
    public var limits: SealPlan.Limits

    /// - Parameter connection: as the role `ingest`.
    public init(connection: Connection, limits: SealPlan.Limits = .init()) {
        self.connection = connection
        self.limits = limits
    }

    /// Changes that are looked at in one transaction.
    private static let batch = 100_000

    /// Closes what is full or old enough, or all that is committed.
    ///
    /// - Parameters:
    ///   - until: only changes recorded before this time; nil for all.
    ///   - sealsAll: whether the rest is closed too, whatever its size and age.
    /// - Returns: how many chunks were made.
    @discardableResult
    public func seal(until: Date? = nil, sealsAll: Bool) throws -> Int {
        var made = 0
        while true {
            let (chunks, isWhole) = try connection.retryingTransaction { try sealBatch(until: until, sealsAll: sealsAll) }
            made += chunks
            // Of a whole batch what stays open is smaller than a chunk, unless nothing at all was closed.
            if !isWhole || chunks == 0 { return made }
        }
    }

    private func sealBatch(until: Date?, sealsAll: Bool) throws -> (chunks: Int, isWhole: Bool) {
        try connection.query("SELECT pg_advisory_xact_lock(hashtextextended('skyledger replica chunks', 0))")
        let rows = try connection.query(
            """
            SELECT "change", "nRows", "sizeBytes", extract(epoch FROM clock_timestamp() - "recordedAt")::double precision AS "age"
            FROM skyledger."Change"
            WHERE "chunk" IS NULL AND ($1::double precision IS NULL OR "recordedAt" < to_timestamp($1)) ORDER BY "change" LIMIT \(Self.batch)
            """, [until.map { .double($0.timeIntervalSince1970) } ?? .null], name: "unsealed_changes")
        guard rows.rowCount > 0, let change = rows["change"]?.int64s, let nRows = rows["nRows"]?.int64s,
            let sizeBytes = rows["sizeBytes"]?.int64s, let age = rows["age"]?.doubles
        else { return (0, false) }
        // Numbers follow the order of commits and so do times, but for the clock's steps: what comes after a gap waits.
        let end = change.indices.first { $0 > 0 && change[$0] != change[$0 - 1] + 1 } ?? change.count
        let isWhole = change.count == Self.batch
        let plan = SealPlan(
            (0..<end).lazy.map { .init(change: change[$0], nRows: nRows[$0], sizeBytes: sizeBytes[$0], ageSeconds: age[$0]) },
            limits: limits, sealsAll: sealsAll && !isWhole)
        guard !plan.chunks.isEmpty else { return (0, isWhole) }
        try connection.query(
            """
            WITH made AS (
                INSERT INTO skyledger."ReplicaChunk" ("chunk", "firstChange", "lastChange", "nRows", "sizeBytes")
                SELECT (SELECT coalesce(max("chunk"), 0) FROM skyledger."ReplicaChunk") + c.place, c.low, c.high, c.n, c.bytes
                FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS c(low, high, n, bytes, place)
                RETURNING "chunk", "firstChange", "lastChange"
            )
            UPDATE skyledger."Change" AS c SET "chunk" = made."chunk" FROM made
            WHERE c."change" BETWEEN made."firstChange" AND made."lastChange"
            """,
            [
                .int64Array(plan.chunks.map(\.firstChange)), .int64Array(plan.chunks.map(\.lastChange)),
                .int64Array(plan.chunks.map(\.nRows)), .int64Array(plan.chunks.map(\.sizeBytes)),
            ], name: "seal_chunks")
        return (plan.chunks.count, isWhole)
    }
}
