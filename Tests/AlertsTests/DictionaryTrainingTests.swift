import Alerts
import Foundation
import Testing

extension LedgerTests {
    @Suite("Training of dictionaries") struct DictionaryTrainingTests {
        /// Packets that share words and differ in digits.
        private func issue(_ fixture: LedgerFixture, count: Int) throws {
            var generator = SeededGenerator(state: 5)
            let words = (0..<200).map { "field\($0)Of\(generator.next() & 0xFFFFF)" }
            let alerts = (1...count).map { i in
                let text = words.map { "\($0)=\(generator.next() & 0xFFF)" }.joined(separator: ";")
                return IssuedAlert(
                    LedgerAlert(alertId: Int64(i), diaSourceId: nil, ra: 1, dec: 1, pixelId: 1, schemaId: 1000), packet: Array(text.utf8))
            }
            try fixture.connection.transaction {
                _ = try fixture.writer.append(
                    LedgerBatchKey(generation: 1, visit: 1, detector: 1), issuedMjdTai: LedgerFixture.issuedMjdTai, alerts)
            }
        }

        @Test(
            "packets alike gain by a dictionary, which is measured on others than it was trained with; a second gains less than half as much"
        )
        func gain() throws {
            let fixture = try LedgerFixture.fresh()
            try issue(fixture, count: 1000)
            let first = try #require(try DictionaryTraining(fixture.connection).run(count: 600))
            #expect(first.trainedCount == 600 && first.measuredCount == 150)
            #expect(first.isGain && first.ratioAfter > 1.3 * first.ratioBefore, "\(first.ratioBefore) \(first.ratioAfter)")
            try LedgerRegistry(fixture.connection).add(first.dictionary)
            let second = try #require(try DictionaryTraining(fixture.connection).run(count: 600))
            #expect(second.ratioAfter - second.ratioBefore < (first.ratioAfter - first.ratioBefore) / 2)
        }

        @Test("a ledger with too few alerts is told so, and a run can be ended")
        func few() throws {
            let fixture = try LedgerFixture.fresh()
            #expect(throws: LedgerError.self) { try DictionaryTraining(fixture.connection).run(count: 10) }
            try issue(fixture, count: 20)
            #expect(try DictionaryTraining(fixture.connection).run(count: 10) { done, _ in done < 3 } == nil)
        }
    }
}

@Suite("Packets for people") struct PacketFactsTests {
    @Test("byte strings in base 64 are what Foundation reads back")
    func base64() throws {
        let bytes = [UInt8](0...255)
        let text = AvroJSON(bytes: .base64).text(.bytes(bytes))
        #expect(Data(base64Encoded: text.trimmingCharacters(in: ["\""])) == Data(bytes))
    }

    @Test("stamps are found where LSST and where ZTF put them, and empty ones are none")
    func stamps() {
        func record(_ fields: [(String, AvroValue)]) -> AvroValue {
            .record(AvroFields(names: fields.map(\.0), values: fields.map(\.1)))
        }
        let packet = record([
            ("cutoutTemplate", .union(branch: 1, .bytes([0x53]))), ("cutoutScience", .bytes([])),
            ("cutoutDifference", .union(branch: 0, record([("fileName", .string("x")), ("stampData", .bytes([0x1F, 0x8B, 8]))]))),
        ])
        #expect(PacketStamps(packet).stamps.map(\.fileSuffix) == ["difference.fits.gz", "template.fits"])
    }

    @Test("the time of ZTF's packets, a Julian date in UTC, is told in MJD TAI")
    func time() {
        let candidate = AvroValue.record(AvroFields(names: ["jd"], values: [.double(2_458_349.710486)]))
        let facts = PacketFacts(.record(AvroFields(names: ["candidate"], values: [candidate])))
        // 37 s in 2018.
        #expect(abs((facts.midpointMjdTai ?? 0) - (58_349.210486 + 37.0 / 86_400)) < 1e-8)
    }
}
