import Alerts
import Catalog
import Foundation
import Postgres
import Sphere
import Testing

extension LedgerTests {
    @Suite("Reading, publishing and verifying from outside") struct Reading {
        static let hasZstandard = (try? AvroScript.output(of: AvroScript.python, ["-c", "import psycopg2, zstandard"])) != nil

        /// Twelve visits over three nights, alerts all over the sky.
        private func survey() throws -> (fixture: LedgerFixture, alerts: [(night: Int, visit: Int64, alert: LedgerAlert)]) {
            let fixture = try LedgerFixture.fresh()
            let pixelization = try fixture.instance.pixelization(on: fixture.connection)
            var generator = SeededGenerator(state: 7)
            var all: [(Int, Int64, LedgerAlert)] = []
            for visit in 1...12 as ClosedRange<Int64> {
                let night = 61360 + Int(visit) / 4
                let issued = LedgerFixture.alerts(visit, count: 40).map { alert in
                    var alert = alert
                    alert.alert.ra = .random(in: 0..<360, using: &generator)
                    alert.alert.dec = asin(.random(in: -1...1, using: &generator)) * 180 / .pi
                    alert.alert.pixelId = pixelization.index(ra: [alert.alert.ra], dec: [alert.alert.dec])[0]
                    alert.alert.ssObjectId = alert.alert.diaObjectId == nil ? 500 + alert.alert.alertId % 10 : nil
                    return alert
                }
                all += issued.map { (night, visit, $0.alert) }
                _ = try fixture.connection.transaction {
                    try fixture.writer.append(
                        LedgerBatchKey(generation: 1, visit: visit, detector: Int32(visit % 2)),
                        issuedMjdTai: Double(night) + 0.6 + Double(visit) * 0.01, issued)
                }
            }
            return (fixture, all)
        }

        @Test("lists are what a look at all alerts one by one gives")
        func lists() throws {
            let (fixture, all) = try survey()
            let reader = LedgerReader(try fixture.instance.connect(as: .reader))
            let pixelization = try fixture.instance.pixelization(on: fixture.connection)
            func expect(_ wanted: (Int, Int64, LedgerAlert) -> Bool, _ change: (inout LedgerSelection) -> Void) throws {
                var selection = LedgerSelection()
                change(&selection)
                let expected = all.filter { wanted($0.night, $0.visit, $0.alert) }.map(\.alert)
                #expect(!expected.isEmpty)
                #expect(try reader.list(selection, pixelization: pixelization).map(\.alert) == expected)
            }
            let region = Region.circle(try Circle(ra: 120, dec: -40, radiusDegrees: 25))
            try expect({ _, _, _ in true }) { _ in }
            try expect({ _, _, alert in region.contains(ra: [alert.ra], dec: [alert.dec])[0] }) { $0.region = region }
            try expect({ night, _, alert in night == 61361 && region.contains(ra: [alert.ra], dec: [alert.dec])[0] }) {
                $0.region = region
                $0.issuedMjdTai = LedgerSelection.night(61361)
            }
            try expect({ night, _, _ in night == 61362 }) { $0.issuedMjdTai = LedgerSelection.night(61362) }
            try expect({ _, _, alert in alert.diaObjectId == 7 }) { $0.diaObjectId = 7 }
            try expect({ _, _, alert in alert.ssObjectId == 503 }) { $0.ssObjectId = 503 }
            try expect({ _, visit, _ in visit == 5 }) { $0.visit = 5 }
            try expect({ _, visit, _ in visit == 5 }) { ($0.visit, $0.detector) = (5, 1) }
            var few = LedgerSelection()
            few.limit = 3
            #expect(try reader.list(few).map(\.alert) == all.prefix(3).map(\.alert))
        }

        @Test("a night is exported in the order of issue, with every packet")
        func night() throws {
            let (fixture, all) = try survey()
            var exported: [Int64] = []
            let count = try LedgerReader(fixture.connection).export(issuedMjdTai: LedgerSelection.night(61361)) { entry, packet in
                exported.append(entry.alert.alertId)
                #expect(LedgerDigest().of(packet) == entry.sha256)
            }
            #expect(exported == all.filter { $0.night == 61361 }.map(\.alert.alertId))
            #expect(count == exported.count)
        }

        @Test("a packet that was changed is not given out")
        func changed() throws {
            let fixture = try LedgerFixture.fresh()
            try fixture.issue(1)
            try fixture.intruder().execute(
                "UPDATE ledger.\"Alert\" SET \"packet\" = (SELECT \"packet\" FROM ledger.\"Alert\" WHERE \"alertId\" = 1002)")
            let reader = LedgerReader(fixture.connection)
            #expect(throws: LedgerError.unreadable(alertId: 1001, reason: "its bytes are not those that were issued")) {
                try reader.alert(1001)
            }
            #expect(try reader.alert(1002) != nil)
        }

        @Test("each channel gets every batch in order until it completed it, from where it stopped")
        func publication() throws {
            let fixture = try LedgerFixture.fresh()
            for visit in 1...3 as ClosedRange<Int64> { try fixture.issue(visit) }
            let kafka = LedgerPublication(channel: "kafka", connection: fixture.connection)
            let files = LedgerPublication(channel: "files", connection: fixture.connection)
            try kafka.record(1, published: 10, isComplete: true)
            try kafka.record(2, published: 4, isComplete: false, failure: "the broker is away")
            try files.record(3, published: 10, isComplete: true)
            #expect(try kafka.pending().map(\.batch.number) == [2, 3])
            #expect(try kafka.pending().map(\.published) == [4, 0])
            #expect(try files.pending().map(\.batch.number) == [1, 2])
            #expect(try files.pending(after: 1).map(\.batch.number) == [2])
            try kafka.record(2, published: 10, isComplete: true)
            #expect(try kafka.pending(limit: 5).map(\.batch.number) == [3])
        }

        @Test("schemas and dictionaries are added once, and not in another form")
        func registry() throws {
            let fixture = try LedgerFixture.fresh()
            let registry = LedgerRegistry(fixture.connection)
            try registry.add(schemaId: 1000, text: "{\"type\": \"bytes\"}")
            #expect(throws: LedgerError.otherContent(what: "schema", id: 1000)) { try registry.add(schemaId: 1000, text: "\"bytes\"") }
            #expect(throws: LedgerError.unknown(what: "schema", id: 3)) { try registry.schema(3) }
            let dictionary = try LedgerCompressionTests.dictionary()
            for _ in 0..<2 { try registry.add(dictionary) }
            #expect(try registry.newestDictionary() == dictionary)
        }

        @Test(
            "a verifier in Python, from the documented layout alone, finds the same ledger sound, and the same alert changed",
            .enabled(if: hasZstandard, "needs psycopg2 and zstandard: run tools/bootstrap, or set SKYLEDGER_DEPS"))
        func python() throws {
            let (fixture, _) = try survey()
            let dictionary = try LedgerCompressionTests.dictionary()
            try LedgerRegistry(fixture.connection).add(dictionary)
            let instance = fixture.instance
            let writer = LedgerWriter(connection: fixture.connection, dictionary: dictionary) { try instance.connect(as: .ingest) }
            _ = try fixture.connection.transaction {
                try writer.append(
                    LedgerBatchKey(generation: 2, visit: 99, detector: 0, kind: "später"), issuedMjdTai: 61400, LedgerFixture.alerts(99))
            }
            let receipt = try #require(try fixture.verify().newest)
            let arguments = [
                AvroScript.root.path + "/tools/golden/ledger_verify.py",
                "host=\(instance.cluster!.socketDirectory) user=skyledger_reader dbname=\(Instance.databaseName)", "--receipt",
                receipt.description,
            ]
            let sound = try AvroScript.output(of: AvroScript.python, arguments)
            #expect(sound.contains("\"alerts\": 490, \"batches\": 13, \"faults\": []"), "\(sound)")
            #expect(sound.contains(receipt.link))
            try fixture.intruder().execute("UPDATE ledger.\"Alert\" SET \"ra\" = 1 WHERE \"alertId\" = 99003")
            let changed = #expect(throws: AvroScript.Failed.self) { try AvroScript.output(of: AvroScript.python, arguments) }
            #expect(changed?.description.contains("\"faults\": [\"batch 13: alert 99003: leaf\"]") == true, "\(changed?.description ?? "")")
        }
    }
}
