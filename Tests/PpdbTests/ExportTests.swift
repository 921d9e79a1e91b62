import Catalog
import Columns
import Foundation
import Postgres
import Ppdb
import TestSupport
import Testing

@Suite("Export to a PPDB", .serialized) struct ExportTests {
    @Test("after every round of visits, forced sources and updates an independent program finds the PPDB equal to the instance")
    func rounds() throws {
        let fixture = try PpdbFixture(visits: 8)
        for round in 0..<3 {
            try fixture.load(round == 0 ? 4 : 2)
            try fixture.loadForced(flux: Float(100 + round))
            if round == 1 { try fixture.export() }
            try fixture.update(round: round)
            try fixture.export()
            try fixture.requireEqual()
            let report = try fixture.verify()
            #expect(report.faults == [] && report.unsettled == 0 && report.verified == report.chunks)
        }
        #expect(try fixture.export().chunks == 0)
        let reader = try fixture.instance.connect(as: .reader)
        #expect(try reader.int64("SELECT count(*) - max(\"change\") FROM skyledger.\"Change\"") == 0)
        #expect(try reader.int64("SELECT count(*) FROM skyledger.\"ReplicaExport\" WHERE \"verifiedAt\" IS NULL") == 0)
    }

    @Test("what a transaction commits late has a late number: nothing that was exported in between is missing or doubled")
    func openTransaction() throws {
        let fixture = try PpdbFixture()
        try fixture.load(2)
        // A loader that holds its key and its rows, as one does that stores for long.
        let slow = try fixture.instance.connect(as: .ingest)
        try slow.execute("BEGIN")
        try slow.query("SELECT skyledger.begin_change()")
        try slow.execute(
            """
            INSERT INTO l1_0001."UpdateRecord" ("operation", "updateOrder", "updateMjdTai", "updateType", "tableName", "before", "after", "cause")
            VALUES (-1, 1, 61500, 'test', 'DiaObject', '{}', '{}', 'late')
            """)
        try fixture.load(1)
        try fixture.export()
        try fixture.load(1)
        try slow.execute(
            """
            INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "nRows", "sizeBytes")
            VALUES (skyledger.replica_key(), 1, 'update', 1, 1)
            """)
        // While the end of the feed is held, exports see what is before it.
        try fixture.export()
        try slow.execute("COMMIT")
        try fixture.load(1)
        try fixture.export()
        try fixture.requireEqual()
        let keys = try fixture.ids("SELECT \"replicaKey\" FROM skyledger.\"Change\" ORDER BY \"change\"")
        #expect(keys != keys.sorted())
        #expect(try fixture.verify().faults == [])
    }

    @Test("exporters that run at once take turns, and neither lose nor double a row")
    func twoExporters() throws {
        let fixture = try PpdbFixture()
        try fixture.load(6)
        let failures = Failures()
        let instance = fixture.instance
        DispatchQueue.concurrentPerform(iterations: 3) { _ in
            do {
                let ppdb = try Ppdb(instance: instance, location: .read(PpdbLocation.defaultConsumer, of: instance))
                _ = try Exporter(ppdb, settings: PpdbFixture.settings).run()
            } catch { failures.add("\(error)") }
        }
        #expect(failures.all == [])
        try fixture.requireEqual()
        #expect(try fixture.verify().faults == [])
    }

    @Test("a PPDB that is missing, another instance's, or read-only is refused in one sentence, and nothing is applied by halves")
    func refusals() throws {
        let fixture = try PpdbFixture(makesPpdb: false)
        try fixture.load(2)
        #expect(throws: PpdbError.missing(consumer: "ppdb")) { try fixture.ppdb() }
        _ = try PpdbCreation(instance: fixture.instance, location: PpdbLocation()).run()
        let error = #expect(throws: PpdbError.self) { try PpdbCreation(instance: fixture.instance, location: PpdbLocation()).run() }
        #expect(error?.isBadRequest == true)
        #expect(throws: PpdbError.self) { try PpdbLocation(consumer: "No name") }
        let admin = try Connection(fixture.instance.cluster!.parameters(user: PrivateCluster.superuser, database: "postgres"))
        try admin.execute("ALTER DATABASE ppdb SET default_transaction_read_only = on")
        let readOnly = #expect(throws: PpdbError.self) { try fixture.export() }
        #expect(readOnly?.description.contains("read-only") == true, "\(String(describing: readOnly))")
        try admin.execute("ALTER DATABASE ppdb RESET default_transaction_read_only")
        try fixture.export()
        try fixture.requireEqual()
    }

    @Test("a second consumer has a cursor of its own")
    func consumers() throws {
        let fixture = try PpdbFixture()
        try fixture.load(2)
        try fixture.export()
        let location = try PpdbLocation(consumer: "mirror")
        _ = try PpdbCreation(instance: fixture.instance, location: location).run()
        try fixture.load(1)
        let mirror = try Ppdb(instance: fixture.instance, location: location)
        _ = try Exporter(mirror, settings: PpdbFixture.settings).run()
        let (ahead, behind) = (try mirror.cursor(), try fixture.ppdb().cursor())
        #expect(ahead.chunk > behind.chunk)
        #expect(try PpdbStatus(fixture.ppdb()).lagChanges > 0 && PpdbStatus(mirror).lagChanges == 0)
        try fixture.export()
        #expect(try fixture.ppdb().cursor() == ahead)
        try fixture.requireEqual()
    }

    @Test("rows from before there was a feed are the first chunk, and what changed them since follows")
    func olderInstance() throws {
        let fixture = try PpdbFixture(visits: 8)
        try fixture.load(4)
        try fixture.loadForced(flux: 5)
        try fixture.update(round: 6)
        let admin = try Connection(fixture.instance.cluster!.parameters(user: PrivateCluster.superuser, database: Instance.databaseName))
        let tables = ["DiaSource", "DiaForcedSource", "DiaObject", "SSSource", "UpdateRecord"]
        for table in tables { try admin.execute("UPDATE l1_0001.\"\(table)\" SET \"replicaKey\" = 0") }
        try admin.execute(
            """
            ALTER TABLE skyledger."Change" DISABLE TRIGGER ALL;
            DELETE FROM skyledger."Change";
            ALTER TABLE skyledger."Change" ENABLE TRIGGER ALL;
            INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "nRows", "sizeBytes") VALUES (0, 1, 'before', 1000, 400000);
            """)
        try fixture.load(2)
        try fixture.update(round: 7)
        let summary = try fixture.export()
        #expect(summary.chunks > 2)
        try fixture.requireEqual()
        #expect(try fixture.verify().faults == [])
    }

    @Test("rows that no change announces are refused by the tables")
    func unannounced() throws {
        let fixture = try PpdbFixture(visits: 1, makesPpdb: false)
        let error = #expect(throws: PostgresError.self) {
            try fixture.instance.connect(as: .ingest).execute(
                """
                INSERT INTO l1_0001."UpdateRecord" ("operation", "updateOrder", "updateMjdTai", "updateType", "tableName", "before", "after", "cause")
                VALUES (-1, 1, 61500, 'test', 'DiaObject', '{}', '{}', 'test')
                """)
        }
        #expect(error?.sqlState == "23502" && error?.column == "replicaKey")
    }
}

/// What went wrong on several threads.
///
/// - Note: `@unchecked Sendable` because its one variable is touched only while the lock is held.
final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var texts: [String] = []

    func add(_ text: String) { lock.withLock { texts.append(text) } }
    var all: [String] { lock.withLock { texts } }
}
