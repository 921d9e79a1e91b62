import Alerts
import Catalog
import Dispatch
import Foundation
import Postgres

/// The ledger alone: alerts a second that become durable, one alert by its number, and verification. The alerts stay in the instance.
enum LedgerMeasurement {
    /// - Parameters:
    ///   - batchCount: alerts of a batch, a transaction each.
    ///   - writers: connections that write at the same time.
    static func run(instance directory: String, alerts count: Int, sizeBytes: Int, writers: Int = 2, batchCount: Int = 500) throws {
        let instance = try Instance.open(directory)
        let connection = try instance.connect(as: .ingest)
        try LedgerRegistry(connection).add(schemaId: 9998, text: "\"bytes\"")
        let first = (try connection.int64("SELECT max(\"visit\") FROM ledger.\"Batch\" WHERE \"generation\" = 9") ?? 0) + 1
        let batches = count / batchCount
        let samples = samples(sizeBytes)
        let written = seconds {
            DispatchQueue.concurrentPerform(iterations: writers) { number in
                do {
                    let connection = try instance.connect(as: .ingest)
                    let writer = LedgerWriter(connection: connection) { try instance.connect(as: .ingest) }
                    for batch in stride(from: number, to: batches, by: writers) {
                        try write(first + Int64(batch), batchCount, samples, by: writer, on: connection)
                    }
                } catch {
                    FileHandle.standardError.write(Data("skyledger-bench: \(error)\n".utf8))
                    exit(1)
                }
            }
        }
        report(
            "ledger_write_\(sizeBytes)",
            ["alerts": Double(count), "seconds": written, "alerts_per_second": Double(count) / written, "writers": Double(writers)])
        try fetch(instance, visits: first..<first + Int64(batches), batchCount, sizeBytes)
        var sound = true
        var checked = 0
        let verified = try seconds {
            let result = try LedgerVerification { try instance.connect(as: .reader) }.run(.init())
            (sound, checked) = (result.isSound, result.alerts)
        }
        guard sound else { throw CatalogError.inconsistent("the ledger that was written does not verify") }
        report(
            "ledger_verify_\(sizeBytes)", ["alerts": Double(checked), "seconds": verified, "alerts_per_second": Double(checked) / verified])
    }

    /// Half noise, half zeros, as packets with stamps compress.
    private static func samples(_ sizeBytes: Int) -> [[UInt8]] {
        var generator = SystemRandomNumberGenerator()
        return (0..<64).map { _ in
            let words = (0..<sizeBytes / 16).map { _ in UInt64.random(in: 0 ... .max, using: &generator) }
            let noise = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
            return noise + [UInt8](repeating: 0, count: sizeBytes - noise.count)
        }
    }

    private static func write(
        _ visit: Int64, _ count: Int, _ samples: [[UInt8]], by writer: LedgerWriter, on connection: Connection
    ) throws {
        let alerts = (0..<count).map { row -> LedgerAlert in
            let id = visit * 100_000 + Int64(row)
            return LedgerAlert(
                alertId: id, diaSourceId: id, diaObjectId: id % 1_000_003, ra: Double(id % 360), dec: 0,
                pixelId: id &* 2_654_435_761 & 0xFFFF_FFFF_FFFF, queriedMjdTai: 61_360, schemaId: 9998)
        }
        let batch = AlertBatch(LedgerBatchKey(generation: 9, visit: visit, detector: 1), alerts) { row in
            var packet = samples[(Int(visit) + row) % samples.count]
            withUnsafeBytes(of: visit * 100_000 + Int64(row)) { for (i, byte) in $0.enumerated() { packet[i] = byte } }
            return packet
        }
        _ = try connection.retryingTransaction {
            try writer.append([batch], issuedMjdTai: 61_360 + Double(visit % 30) * 0.1)
        }
    }

    private static func fetch(_ instance: Instance, visits: Range<Int64>, _ batchCount: Int, _ sizeBytes: Int) throws {
        let reader = LedgerReader(try instance.connect(as: .reader))
        var times: [Double] = []
        for _ in 0..<5000 {
            let id = Int64.random(in: visits) * 100_000 + Int64.random(in: 0..<Int64(batchCount))
            times.append(try seconds { _ = try reader.alert(id) })
        }
        times.sort()
        report(
            "ledger_fetch_\(sizeBytes)",
            ["median_ms": times[times.count / 2] * 1e3, "p99_ms": times[times.count * 99 / 100] * 1e3, "max_ms": times.last! * 1e3])
    }
}
