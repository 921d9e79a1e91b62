import Alerts
import CRdKafka
import Catalog
import Foundation

/// Alerts a second from a ledger to librdkafka's mock cluster in this process, first from a full ledger and then as they are issued. The
/// broker does next to nothing, so this measures what SkyLedger and librdkafka cost; a real one and its network come on top.
///
/// The alerts stay in the instance's ledger, as all alerts do: use an instance that may be thrown away.
enum PublicationMeasurement {
    static func run(instance directory: String, alerts count: Int = 10_000, sizeBytes: Int = 20_000) throws {
        let instance = try Instance.open(directory)
        let client = rd_kafka_new(RD_KAFKA_PRODUCER, nil, nil, 0)
        guard let cluster = rd_kafka_mock_cluster_new(client, 1) else { return }
        defer {
            rd_kafka_mock_cluster_destroy(cluster)
            rd_kafka_destroy(client)
        }
        var settings = PublicationSettings()
        settings.bootstrapServers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
        let batchCount = min(500, count)
        let batches = count / batchCount
        var visit = Int64(Date().timeIntervalSince1970 * 1000)
        let first = visit

        for compression in ["none", "lz4", "zstd"] {
            settings.compression = compression
            // A channel that has seen nothing of these batches and all before them.
            if visit == first {
                try issue(instance, &visit, batches: batches, count: batchCount, sizeBytes: sizeBytes)
            }
            let channel = "measured-\(compression)-\(first)"
            let connection = try instance.connect(as: .ingest)
            try skip(LedgerPublication(channel: channel, connection: connection), to: batches, on: instance)
            let before = cpuSeconds()
            // A producer needs up to a second to get its identity from the broker: the first piece is told apart.
            var first: PublicationSummary?
            let summary = try Publisher(connection: connection, settings: settings, channel: channel).run(progress: { progress in
                first = first ?? progress.summary
            })
            let steady = Double(summary.alerts - (first?.alerts ?? 0)) / (summary.seconds - (first?.seconds ?? 0))
            report(
                "publish_backlog_\(compression)",
                [
                    "alerts": Double(summary.alerts), "megabytes": Double(summary.bytes) / 1e6, "seconds": summary.seconds,
                    "alerts_per_second": Double(summary.alerts) / summary.seconds, "cpu_seconds": cpuSeconds() - before,
                    "seconds_to_first": first?.seconds ?? 0, "alerts_per_second_after_first": steady,
                ])
        }

        // As they come: a batch of 100 every 50 ms, published by a follower.
        let channel = "measured-live-\(first)"
        let connection = try instance.connect(as: .ingest)
        try skip(LedgerPublication(channel: channel, connection: connection), to: 0, on: instance)
        let live = 100 * 40
        let base = visit
        let issuing = Thread {
            var visit = base
            // The producer is ready by then.
            Thread.sleep(forTimeInterval: 2)
            for _ in 0..<40 {
                do { try issue(instance, &visit, batches: 1, count: 100, sizeBytes: sizeBytes) } catch {
                    FileHandle.standardError.write(Data("skyledger-bench: \(error)\n".utf8))
                    exit(1)
                }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
        issuing.start()
        var sent = 0
        let summary = try Publisher(connection: connection, settings: settings, channel: channel)
            .run(isFollowing: true, isInterrupted: { sent >= live }, progress: { sent = $0.summary.alerts })
        report(
            "publish_live",
            [
                "alerts": Double(summary.alerts), "latency_ms_p50": summary.latencyP50Seconds * 1000,
                "latency_ms_p90": summary.latencyP90Seconds * 1000, "latency_ms_p99": summary.latencyP99Seconds * 1000,
                "latency_ms_max": summary.latencyMaxSeconds * 1000,
            ])
    }

    /// Batches of packets that are half noise, as stamps and histories are.
    private static func issue(_ instance: Instance, _ visit: inout Int64, batches: Int, count: Int, sizeBytes: Int) throws {
        let connection = try instance.connect(as: .ingest)
        try LedgerRegistry(connection).add(schemaId: 9999, text: "\"bytes\"")
        let writer = LedgerWriter(connection: connection) { try instance.connect(as: .ingest) }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<batches {
            visit += 1
            let alerts = (0..<count).map { row in
                let id = visit * 1000 + Int64(row)
                let words = (0..<sizeBytes / 16).map { _ in UInt64.random(in: 0 ... .max, using: &generator) }
                let noise = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
                let packet = ConfluentFrame.header(schemaId: 9999) + noise + [UInt8](repeating: 7, count: sizeBytes - noise.count - 5)
                return IssuedAlert(LedgerAlert(alertId: id, diaSourceId: id, ra: 10, dec: 10, pixelId: 1, schemaId: 9999), packet: packet)
            }
            _ = try connection.transaction {
                try writer.append(
                    LedgerBatchKey(generation: 1, visit: visit, detector: 1), issuedMjdTai: 40587 + Date().timeIntervalSince1970 / 86400,
                    alerts)
            }
        }
    }

    /// Leaves only the newest batches to a channel.
    private static func skip(_ publication: LedgerPublication, to newest: Int, on instance: Instance) throws {
        guard let last = try LedgerReader(instance.connect(as: .reader)).newestBatch() else { return }
        for pending in try publication.pending(limit: .max) where pending.batch.number <= last.number - Int64(newest) {
            try publication.record(pending.batch.number, published: pending.batch.count, isComplete: true)
        }
    }

    private static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
