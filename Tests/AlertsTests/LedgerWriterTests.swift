import Alerts
import Catalog
import Foundation
import Postgres
import Testing

extension LedgerTests {
    @Suite("Issuing") struct Writing {
        private func key(_ visit: Int64, kind: String = "visit") -> LedgerBatchKey {
            LedgerBatchKey(generation: 1, visit: visit, detector: 1, kind: kind)
        }

        private func append(_ fixture: LedgerFixture, _ key: LedgerBatchKey, _ alerts: [IssuedAlert]) throws -> LedgerWriter.Outcome {
            try fixture.connection.transaction {
                try fixture.writer.append(key, issuedMjdTai: LedgerFixture.issuedMjdTai, alerts)
            }
        }

        @Test("what is issued is read back, whole: rows, bytes, batch and proof")
        func roundTrip() throws {
            let fixture = try LedgerFixture.fresh()
            let alerts = LedgerFixture.alerts(3, count: 25)
            let batch = try #require(try append(fixture, key(3), alerts).batch)
            let reader = LedgerReader(try fixture.instance.connect(as: .reader))
            for (place, issued) in alerts.enumerated() {
                let found = try #require(try reader.alert(issued.alert.alertId))
                #expect(found.packet == issued.packet)
                #expect(found.entry.alert == issued.alert)
                #expect((found.entry.key, found.entry.place) == (key(3), Int32(place)))
                let proof = try #require(try reader.proof(issued.alert.alertId))
                #expect(proof.batch == batch)
                #expect(MerkleTree.holds(leaf: proof.leaf, at: place, of: 25, proof: proof.siblings, root: batch.root))
            }
            #expect(try reader.alert(1) == nil)
            #expect(batch.expectedLink(by: LedgerDigest()) == batch.link)
            #expect((batch.number, batch.previousLink, batch.count) == (1, LedgerBatch.origin, 25))
        }

        @Test("a batch larger than a piece keeps its order")
        func pieces() throws {
            let fixture = try LedgerFixture.fresh()
            var generator = SeededGenerator(state: 1)
            let alerts = LedgerFixture.alerts(3, count: 20).map { issued in
                var issued = issued
                issued.packet = (0..<500_000).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
                return issued
            }
            _ = try append(fixture, key(3), alerts)
            var packets: [[UInt8]] = []
            #expect(try LedgerReader(fixture.connection).export(issuedMjdTai: 0..<1e6) { _, packet in packets.append(packet) } == 20)
            #expect(packets == alerts.map(\.packet))
            #expect(try fixture.verify().isSound)
        }

        @Test("a rollback leaves nothing, and the chain goes on without a gap")
        func rollback() throws {
            let fixture = try LedgerFixture.fresh()
            struct Undone: Error {}
            try fixture.issue(1)
            #expect(throws: Undone.self) {
                try fixture.connection.transaction {
                    _ = try fixture.writer.append(key(2), issuedMjdTai: LedgerFixture.issuedMjdTai, LedgerFixture.alerts(2))
                    throw Undone()
                }
            }
            #expect(try (fixture.count("Alert"), fixture.count("Batch")) == (10, 1))
            #expect(try fixture.issue(3).batch?.number == 2)
            #expect(try fixture.verify().isSound)
        }

        @Test("the ledger and what is stored in the same transaction exist both or neither, also when the server dies")
        func crash() throws {
            let fixture = try LedgerFixture.fresh()
            let owner = try fixture.instance.connect(as: .owner)
            try owner.execute("CREATE TABLE skyledger.witness (v bigint); GRANT INSERT, SELECT ON skyledger.witness TO skyledger_ingest")
            let instance = fixture.instance
            for visit in 1...2 as ClosedRange<Int64> {
                let connection = try instance.connect(as: .ingest)
                let writer = LedgerWriter(connection: connection) { try instance.connect(as: .ingest) }
                try? connection.transaction {
                    try connection.run("INSERT INTO skyledger.witness VALUES ($1)", [.int64(visit)])
                    _ = try writer.append(key(visit), issuedMjdTai: LedgerFixture.issuedMjdTai, LedgerFixture.alerts(visit))
                    if visit == 2 {
                        try fixture.superuser().query("SELECT pg_terminate_backend($1)", [.int32(connection.backendProcessId)])
                    }
                }
            }
            #expect(try (fixture.count("Alert"), fixture.count("Batch")) == (10, 1))
            #expect(try instance.connect(as: .ingest).int64("SELECT sum(v)::bigint FROM skyledger.witness") == 1)
        }

        @Test("the same alerts again are no new batch, and cost no link")
        func again() throws {
            let fixture = try LedgerFixture.fresh()
            try fixture.issue(1)
            let outcome = try fixture.issue(1)
            #expect((outcome.batch, outcome.alreadyIssued) == (nil, 10))
            #expect(try (fixture.count("Alert"), fixture.count("Batch")) == (10, 1))
        }

        @Test("of alerts that are partly there only the new ones are added, under another kind")
        func partly() throws {
            let fixture = try LedgerFixture.fresh()
            try fixture.issue(1, count: 6)
            #expect(throws: LedgerError.otherBatch(generation: 1, visit: 1, detector: 1, kind: "visit", stored: 6, new: 4)) {
                try append(fixture, key(1), LedgerFixture.alerts(1))
            }
            let outcome = try append(fixture, key(1, kind: "late"), LedgerFixture.alerts(1))
            #expect((outcome.alreadyIssued, outcome.batch?.count) == (6, 4))
            #expect(try fixture.verify().isSound)
        }

        @Test("other bytes under a number that was issued are refused, nothing of the batch is stored, and the refusal is kept")
        func otherBytes() throws {
            let fixture = try LedgerFixture.fresh()
            try fixture.issue(1)
            let refusal = LedgerError.otherBytes(alertId: 1001, visit: 2, detector: 1, isRecorded: true)
            var alerts = LedgerFixture.alerts(2)
            alerts.append(LedgerFixture.alerts(1, text: "another")[0])
            for _ in 0..<2 { #expect(throws: refusal) { try append(fixture, key(2), alerts) } }
            #expect(try (fixture.count("Alert"), fixture.count("Batch"), fixture.count("Refused")) == (10, 1, 1))
            let kept = try fixture.connection.query("SELECT * FROM ledger.\"Refused\"")
            #expect(kept["alertId"]?.int64s == [1001])
            #expect(Array(kept["offeredSha256"]!.binaries!.bytes(at: 0)) == LedgerDigest().of(alerts[10].packet))
        }

        @Test("what the ledger cannot take is refused before anything is written")
        func unacceptable() throws {
            let fixture = try LedgerFixture.fresh()
            let good = LedgerFixture.alerts(1, count: 2)
            #expect(throws: LedgerError.repeated(alertId: 1001, visit: 1, detector: 1)) {
                try append(fixture, key(1), [good[0], good[1], good[0]])
            }
            var other = good
            other[1].alert.schemaId = 5
            #expect(throws: LedgerError.unknown(what: "schema", id: 5)) { try append(fixture, key(1), other) }
            other = good
            other[0].packet = []
            #expect(throws: LedgerError.self) { try append(fixture, key(1), other) }
            other = good
            other[0].alert.ra = .nan
            #expect(throws: LedgerError.self) { try append(fixture, key(1), other) }
            #expect(try fixture.count("Alert") == 0)
            #expect(try append(fixture, key(1), []).batch == nil)
        }

        @Test("two writers at once: the chain has no gap and no fork, and each alert is there once")
        func concurrency() throws {
            let fixture = try LedgerFixture.fresh()
            let instance = fixture.instance
            let failures = Failures()
            DispatchQueue.concurrentPerform(iterations: 2) { writer in
                do {
                    let connection = try instance.connect(as: .ingest)
                    let ledger = LedgerWriter(connection: connection) { try instance.connect(as: .ingest) }
                    // Both issue all visits, from opposite ends; every other month, so that both make partitions too.
                    for i in 1...40 as ClosedRange<Int64> {
                        let visit = writer == 0 ? i : 41 - i
                        _ = try connection.retryingTransaction {
                            try ledger.append(
                                key(visit), issuedMjdTai: LedgerFixture.issuedMjdTai + Double(visit % 4) * 31, LedgerFixture.alerts(visit))
                        }
                    }
                } catch { failures.add("\(error)") }
            }
            #expect(failures.all.isEmpty)
            let report = try fixture.verify()
            #expect(report.isSound, "\(report.faults)")
            #expect((report.batches, report.alerts) == (40, 400))
        }

        @Test("alerts land in the partition of their month, in TAI")
        func months() throws {
            let fixture = try LedgerFixture.fresh()
            // 2026-11-30 and 2026-12-01 at 0 h.
            try fixture.issue(1, issuedMjdTai: 61374.999)
            try fixture.issue(2, issuedMjdTai: 61375)
            let rows = try fixture.connection.query(
                "SELECT DISTINCT tableoid::regclass::text AS t, \"visit\" FROM ledger.\"Alert\" ORDER BY 2")
            let names = rows["t"]!.strings!
            #expect((0..<names.count).map { names[$0] } == ["ledger.\"Alert_2026_11\"", "ledger.\"Alert_2026_12\""])
            #expect(throws: PostgresError.self) { try fixture.issue(3, issuedMjdTai: 0) }
            #expect(throws: PostgresError.self) { try fixture.issue(3, issuedMjdTai: .nan) }
        }
    }

    /// What threads of a test found wrong.
    final class Failures: @unchecked Sendable {
        // `@unchecked` because the array is used inside the lock only.
        private let lock = NSLock()
        private var messages: [String] = []
        func add(_ message: String) { lock.withLock { messages.append(message) } }
        var all: [String] { lock.withLock { messages } }
    }
}
