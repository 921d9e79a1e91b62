import Alerts
import Catalog
import Foundation
import Postgres
import Testing

/// Alerts in wire form, and what is expected of a topic after them.
enum PublicationFixture {
    static let schemaId: Int32 = 1000
    static let schema = "{\"type\": \"bytes\"}"
    static let topic = "skyledger-alerts-v10.0"

    static func settings(_ cluster: PublicationCluster, _ change: (inout PublicationSettings) -> Void = { _ in }) -> PublicationSettings {
        var settings = PublicationSettings()
        settings.bootstrapServers = cluster.bootstrapServers
        settings.registryBackoffSeconds = 0.01
        settings.registryTimeoutSeconds = 1
        change(&settings)
        return settings
    }

    /// Alerts whose packets begin as on the wire; some are as large as real ones.
    static func alerts(_ visit: Int64, count: Int, sizeBytes: Int = 300) -> [IssuedAlert] {
        LedgerFixture.alerts(visit, count: count).map { alert in
            var alert = alert
            var generator = SeededGenerator(state: UInt64(alert.alert.alertId))
            let noise = (0..<sizeBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }
            alert.packet = ConfluentFrame.header(schemaId: UInt32(schemaId)) + alert.packet + noise
            return alert
        }
    }

    /// Issues batches; gives the alerts in the order of the chain.
    @discardableResult
    static func issue(
        _ fixture: LedgerFixture, visits: ClosedRange<Int64>, count: Int = 10, sizeBytes: Int = 300, kind: String = "visit"
    ) throws -> [IssuedAlert] {
        var all: [IssuedAlert] = []
        for visit in visits {
            let alerts = alerts(visit, count: count, sizeBytes: sizeBytes)
            _ = try fixture.connection.transaction {
                try fixture.writer.append(
                    LedgerBatchKey(generation: 1, visit: visit, detector: 1, kind: kind), issuedMjdTai: LedgerFixture.issuedMjdTai, alerts)
            }
            all += alerts
        }
        return all
    }

    /// What the ledger keeps of a channel's batch.
    static func state(_ fixture: LedgerFixture, _ number: Int64, channel: String = "kafka") throws -> (
        published: Int32, isComplete: Bool, failure: String?
    )? {
        let row = try fixture.connection.query(
            """
            SELECT "published", "completedAt" IS NOT NULL AS "complete", "lastFailure" FROM ledger."Publication"
            WHERE "channel" = $1 AND "number" = $2
            """, [.text(channel), .int64(number)])
        guard let published = row["published"]?.int32s?.first, let complete = row["complete"]?.bools?.first,
            let failure = row["lastFailure"]
        else { return nil }
        return (published, complete, failure.isNull(0) ? nil : failure.strings?[0])
    }

    static func publish(
        _ fixture: LedgerFixture, _ settings: PublicationSettings, channel: String = "kafka", until: Int64 = .max,
        progress: (Publisher.Progress) throws -> Void = { _ in }
    ) throws -> PublicationSummary {
        try Publisher(connection: fixture.instance.connect(as: .ingest), settings: settings, channel: channel)
            .run(until: until, progress: progress)
    }

    /// The sentence of the error that publishing ends with.
    static func sentence(_ fixture: LedgerFixture, _ settings: PublicationSettings) -> String {
        do {
            let summary = try publish(fixture, settings)
            return "published \(summary.alerts)"
        } catch { return "\(error)" }
    }
}
