import Alerts
import Catalog
import Foundation
import Postgres
import Testing

extension LedgerTests {
    @Suite("Verification names what was changed") struct LedgerTamperTests {
        /// Ten batches of ten alerts, and a table that saw them, as the visit table does.
        private func issued() throws -> LedgerFixture {
            let fixture = try LedgerFixture.fresh()
            let owner = try fixture.instance.connect(as: .owner)
            try owner.execute(
                """
                CREATE TABLE skyledger.witness ("generation" integer, "visit" bigint, "detector" integer, "alerts" bigint, "root" bytea);
                GRANT SELECT, INSERT ON skyledger.witness TO skyledger_ingest, skyledger_reader;
                """)
            for visit in 1...10 as ClosedRange<Int64> {
                try fixture.connection.transaction {
                    let outcome = try fixture.writer.append(
                        LedgerBatchKey(generation: 1, visit: visit, detector: 1),
                        issuedMjdTai: LedgerFixture.issuedMjdTai + Double(visit) * 0.01,
                        LedgerFixture.alerts(visit))
                    try fixture.connection.run(
                        "INSERT INTO skyledger.witness VALUES (1, $1, 1, $2, $3)", [.int64(visit), .int64(10), .bytes(outcome.batch!.root)])
                }
            }
            return fixture
        }

        private let witness = LedgerWitness(sql: "SELECT * FROM skyledger.witness")

        /// What verification says after the superuser ran a statement with everything off that would keep it from it.
        private func faults(_ fixture: LedgerFixture, after statement: String, _ options: LedgerVerification.Options = .init()) throws
            -> [LedgerFault]
        {
            let intruder = try fixture.intruder()
            try intruder.execute(statement)
            return try fixture.verify(options).faults
        }

        private func kinds(_ faults: [LedgerFault]) -> [String] {
            faults.map { "\($0.kind.rawValue) \($0.batch ?? 0) \($0.alertId ?? 0)" }
        }

        @Test("an untouched ledger is sound, and the report's end is the chain's")
        func sound() throws {
            let fixture = try issued()
            var options = LedgerVerification.Options(witness: witness)
            options.receipt = LedgerReceipt(try #require(try LedgerReader(fixture.connection).newestBatch()))
            let report = try fixture.verify(options)
            #expect(report.faults.isEmpty && report.isSound && report.weaknesses.isEmpty)
            #expect((report.alerts, report.batches, report.newest) == (100, 10, options.receipt))
        }

        /// Changes of one alert, each undone before the next: all must be named, and nothing else.
        private func expectNamed(_ changes: [String]) throws {
            let fixture = try issued()
            let intruder = try fixture.intruder()
            try intruder.execute("CREATE TABLE skyledger.saved AS SELECT * FROM ledger.\"Alert\" WHERE \"alertId\" = 4007")
            for change in changes {
                try intruder.execute("UPDATE ledger.\"Alert\" SET \(change) WHERE \"alertId\" = 4007")
                #expect(try kinds(fixture.verify().faults) == ["alertChanged 4 4007"], "\(change)")
                try intruder.execute(
                    "DELETE FROM ledger.\"Alert\" WHERE \"alertId\" = 4007; INSERT INTO ledger.\"Alert\" SELECT * FROM skyledger.saved")
            }
            #expect(try fixture.verify().isSound)
        }

        @Test("one bit of one packet, anywhere in its frame")
        func bit() throws {
            try expectNamed((0..<33).map { "\"packet\" = set_bit(\"packet\", \(7 * $0), 1 - get_bit(\"packet\", \(7 * $0)))" })
        }

        @Test("a packet that was replaced together with its SHA-256 and size")
        func replaced() throws {
            let frame = PacketCompressor().compress(Array("something else".utf8))
            let hash = LedgerDigest().of(Array("something else".utf8))
            func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
            let found = try faults(
                issued(),
                after: """
                    UPDATE ledger."Alert" SET "packet" = '\\x\(hex(frame))', "sha256" = '\\x\(hex(hash))', "sizeBytes" = 14 WHERE "alertId" = 4007
                    """)
            #expect(kinds(found) == ["alertChanged 4 4007"])
        }

        @Test("every column that is recorded of an alert")
        func column() throws {
            try expectNamed([
                "\"diaSourceId\" = 1", "\"diaObjectId\" = 99", "\"diaObjectId\" = NULL", "\"ssObjectId\" = 5", "\"ra\" = \"ra\" + 1e-9",
                "\"dec\" = 1", "\"pixelId\" = 1", "\"queriedMjdTai\" = 1", "\"isLate\" = true", "\"schemaId\" = 7", "\"sizeBytes\" = 1",
                "\"sha256\" = sha256('x')", "\"visit\" = 5", "\"detector\" = 2", "\"generation\" = 2", "\"kind\" = 'x'",
            ])
        }

        @Test("an alert that was moved to another time, out of its batch's sight, is missing there and a stray here")
        func time() throws {
            let found = try faults(
                issued(), after: "UPDATE ledger.\"Alert\" SET \"issuedMjdTai\" = \"issuedMjdTai\" - 1 WHERE \"alertId\" = 4007")
            #expect(kinds(found) == ["alertInserted 0 4007", "alertMissing 4 4007"])
        }

        @Test("one row deleted")
        func deleted() throws {
            let found = try faults(issued(), after: "DELETE FROM ledger.\"Alert\" WHERE \"alertId\" = 4007")
            #expect(kinds(found) == ["alertMissing 4 4007"])
            #expect(found[0].visit == 4 && found[0].detector == 1)
        }

        @Test("one row inserted, after the others of its batch or without any batch")
        func inserted() throws {
            let copy = """
                CREATE TEMPORARY TABLE x AS SELECT * FROM ledger."Alert" WHERE "alertId" = 4007;
                UPDATE x SET "alertId" = 77, "place" = 10; INSERT INTO ledger."Alert" SELECT * FROM x;
                UPDATE x SET "alertId" = 78, "batchId" = 555; INSERT INTO ledger."Alert" SELECT * FROM x;
                """
            #expect(try kinds(faults(issued(), after: copy)) == ["alertInserted 0 78", "alertInserted 4 77"])
        }

        @Test("two rows swapped: by place, or by packet")
        func swapped() throws {
            let places = """
                UPDATE ledger."Alert" SET "place" = 100 WHERE "alertId" = 4002; UPDATE ledger."Alert" SET "place" = 1 WHERE "alertId" = 4007;
                UPDATE ledger."Alert" SET "place" = 6 WHERE "alertId" = 4002;
                """
            #expect(try kinds(faults(issued(), after: places)) == ["alertMoved 4 4002", "alertMoved 4 4007"])
            let packets = """
                UPDATE ledger."Alert" AS a SET "packet" = b."packet", "sha256" = b."sha256", "sizeBytes" = b."sizeBytes" FROM ledger."Alert" AS b
                WHERE (a."alertId", b."alertId") IN ((4002, 4007), (4007, 4002))
                """
            #expect(try kinds(faults(issued(), after: packets)) == ["alertChanged 4 4002", "alertChanged 4 4007"])
        }

        @Test("a batch deleted from the middle, with its alerts or without")
        func batchDeleted() throws {
            let alone = "DELETE FROM ledger.\"Batch\" WHERE \"number\" = 4"
            let found = try kinds(faults(issued(), after: alone))
            #expect(found.contains("batchMissing 4 0") && found.contains("alertInserted 0 4001") && found.contains("chainBroken 5 0"))
            let whole = "DELETE FROM ledger.\"Alert\" WHERE \"visit\" = 4; " + alone
            #expect(try kinds(faults(issued(), after: whole)) == ["batchMissing 4 0", "chainBroken 5 0"])
        }

        @Test("two batches swapped in the chain")
        func batchesSwapped() throws {
            let swap = """
                UPDATE ledger."Batch" SET "number" = 100 WHERE "number" = 4; UPDATE ledger."Batch" SET "number" = 4 WHERE "number" = 5;
                UPDATE ledger."Batch" SET "number" = 5 WHERE "number" = 100;
                """
            let found = try kinds(faults(issued(), after: swap))
            #expect(found == ["chainBroken 4 0", "batchChanged 4 0", "chainBroken 5 0", "batchChanged 5 0", "chainBroken 6 0"])
        }

        @Test(
            "a header, a manifest or a root that was changed",
            arguments: ["\"visit\" = 44", "\"manifest\" = set_byte(\"manifest\", 20, 1)", "\"root\" = sha256('x')"])
        func header(change: String) throws {
            let found = try faults(issued(), after: "UPDATE ledger.\"Batch\" SET \(change) WHERE \"number\" = 4")
            #expect(found.contains { $0.kind == .batchChanged && $0.batch == 4 })
            #expect(found.allSatisfy { $0.batch == 4 })
        }

        private static let truncation =
            "DELETE FROM ledger.\"Alert\" WHERE \"visit\" = 10; DELETE FROM ledger.\"Batch\" WHERE \"number\" = 10"

        @Test("the newest batch cut off, by the receipt")
        func truncatedReceipt() throws {
            let fixture = try issued()
            let receipt = try fixture.verify().newest
            #expect(try kinds(faults(fixture, after: Self.truncation, .init(receipt: receipt))) == ["batchMissing 10 0"])
        }

        @Test("the newest batch cut off, by the visit table, which says whose it was")
        func truncatedWitness() throws {
            let found = try faults(issued(), after: Self.truncation, .init(witness: witness))
            #expect(found.map(\.kind) == [.batchMissing] && found.first?.visit == 10)
        }

        /// Replaces the alerts of visit 6 and makes manifest, root and all later links anew, as the ledger itself does.
        private func rewrite(_ fixture: LedgerFixture) throws {
            let intruder = try fixture.intruder()
            let digest = LedgerDigest()
            var manifest = BatchManifest()
            for issued in LedgerFixture.alerts(6, text: "forged") {
                let hash = digest.of(issued.packet)
                manifest.alertIds.append(issued.alert.alertId)
                manifest.leaves.append(issued.alert.leaf(sizeBytes: Int32(issued.packet.count), sha256: hash, by: digest))
                try intruder.run(
                    "UPDATE ledger.\"Alert\" SET \"packet\" = $2, \"sha256\" = $3, \"sizeBytes\" = $4 WHERE \"alertId\" = $1",
                    [
                        .int64(issued.alert.alertId), .bytes(PacketCompressor().compress(issued.packet)), .bytes(hash),
                        .int32(Int32(issued.packet.count)),
                    ])
            }
            try intruder.run(
                "UPDATE ledger.\"Batch\" SET \"manifest\" = $1, \"root\" = $2 WHERE \"number\" = 6",
                [.bytes(manifest.bytes), .bytes(manifest.root())])
            try intruder.execute(
                """
                DO $$ BEGIN FOR n IN 6..10 LOOP
                    UPDATE ledger."Batch" AS b SET "previousLink" = p."link", "link" = sha256(p."link" || b."root" || ledger.header(b."number",
                        b."batchId", b."generation", b."visit", b."detector", b."kind", b."issuedMjdTai", b."count"))
                    FROM ledger."Batch" AS p WHERE b."number" = n AND p."number" = n - 1;
                END LOOP; END $$
                """)
        }

        @Test("a whole chain rewritten from the middle is consistent in itself, and found by the receipt")
        func rewrittenReceipt() throws {
            let fixture = try issued()
            let receipt = try fixture.verify().newest
            try rewrite(fixture)
            #expect(try fixture.verify().isSound)
            #expect(try kinds(fixture.verify(.init(receipt: receipt)).faults) == ["chainRewritten 10 0"])
        }

        @Test("a whole chain rewritten from the middle is found by the visit table, which says where")
        func rewrittenWitness() throws {
            let fixture = try issued()
            try rewrite(fixture)
            #expect(try kinds(fixture.verify(.init(witness: witness)).faults) == ["chainRewritten 6 0"])
        }

        @Test("from a later batch on, what lies before is not read")
        func since() throws {
            let fixture = try issued()
            #expect(try faults(fixture, after: "DELETE FROM ledger.\"Alert\" WHERE \"visit\" = 4", .init(since: 5)).isEmpty)
            #expect(try fixture.verify(.init(since: 5)).alerts == 60)
            #expect(try fixture.verify(.init(since: 4)).faults.count == 10)
        }

        @Test("a sample reads as many packets as asked for, and of all batches the roots")
        func sample() throws {
            let fixture = try issued()
            #expect(try fixture.verify(.init(sample: 17)).alerts == 17)
            let found = try faults(
                fixture, after: "UPDATE ledger.\"Batch\" SET \"root\" = sha256('x') WHERE \"number\" = 4", .init(sample: 1))
            #expect(found.contains { $0.kind == .batchChanged && $0.batch == 4 })
            #expect(try faults(fixture, after: "DELETE FROM ledger.\"Alert\"", .init(sample: 5)).count { $0.kind == .alertMissing } == 5)
        }

        @Test("what is switched off is said, though nothing was changed")
        func weaknesses() throws {
            let fixture = try issued()
            _ = try fixture.intruder()
            let report = try fixture.verify()
            #expect(report.isSound)
            #expect(report.weaknesses.contains("the trigger that keeps ledger.\"Alert_2026_11\" from changing is off"))
            #expect(report.weaknesses.contains("the event trigger skyledger_ledger_drop is off"))
        }
    }
}
