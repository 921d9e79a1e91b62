import Columns
import Postgres

/// How far a channel is.
public struct PublicationStatus: Codable, Sendable, Equatable {
    public var channel: String
    /// Number of the last batch that was completed; nil where none was.
    public var lastBatch: Int64?
    /// Batches of the kinds that are published, and alerts in them, that wait.
    public var waitingBatches: Int64
    public var waitingAlerts: Int64
    /// The earliest batch that waits and was tried; how often, and what is noted of the last time.
    public var triedBatch: Int64?
    public var attempts: Int32?
    public var lastFailure: String?

    /// All channels that were ever used, and one that is asked for, by name.
    ///
    /// - Parameters:
    ///   - connection: any role.
    ///   - kinds: of batches that are published.
    public static func read(_ connection: Connection, kinds: [String], channel: String? = nil) throws -> [PublicationStatus] {
        let names = try connection.query(
            """
            SELECT DISTINCT "channel" FROM (SELECT "channel" FROM ledger."Publication" UNION ALL SELECT $1) AS c
            WHERE "channel" IS NOT NULL ORDER BY 1
            """, [channel.map(Parameter.text) ?? .text("kafka")])
        return try (names["channel"]?.strings.map { strings in (0..<names.rowCount).map { strings[$0] } } ?? []).map { name in
            let row = try connection.query(
                """
                SELECT (SELECT max("number") FROM ledger."Publication" WHERE "channel" = $1 AND "completedAt" IS NOT NULL) AS "last",
                    count(*) AS "batches", coalesce(sum(b."count" - coalesce(p."published", 0)), 0)::bigint AS "alerts",
                    min(b."number") FILTER (WHERE p."attempts" > 0) AS "tried"
                FROM ledger."Batch" AS b LEFT JOIN ledger."Publication" AS p ON p."channel" = $1 AND p."number" = b."number"
                WHERE b."kind" = ANY ($2) AND p."completedAt" IS NULL
                """, [.text(name), .textArray(kinds)])
            func value(_ column: String) -> Int64? { row[column].flatMap { $0.isNull(0) ? nil : $0.int64s?[0] } }
            var status = PublicationStatus(
                channel: name, lastBatch: value("last"), waitingBatches: value("batches") ?? 0, waitingAlerts: value("alerts") ?? 0)
            if let tried = value("tried") {
                let attempt = try connection.query(
                    "SELECT \"attempts\", \"lastFailure\" FROM ledger.\"Publication\" WHERE \"channel\" = $1 AND \"number\" = $2",
                    [.text(name), .int64(tried)])
                status.triedBatch = tried
                status.attempts = attempt["attempts"]?.int32s?.first
                status.lastFailure = attempt["lastFailure"].flatMap { $0.isNull(0) ? nil : $0.strings?[0] }
            }
            return status
        }
    }
}
