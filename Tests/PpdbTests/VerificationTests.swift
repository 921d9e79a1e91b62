import Catalog
import Columns
import Foundation
import Postgres
import Ppdb
import TestSupport
import Testing

@Suite("Verification of a PPDB", .serialized) struct VerificationTests {
    @Test("a changed, a lost and an added row of any table are named, and mended by a repair that says so")
    func corruption() throws {
        let fixture = try PpdbFixture()
        try fixture.load(4)
        try fixture.loadForced(flux: 50)
        try fixture.export()
        try fixture.update(round: 1)
        try fixture.export()
        #expect(try fixture.verify().faults == [])
        let ppdb = try fixture.ppdb()
        let admin = try Connection(fixture.instance.cluster!.parameters(user: PrivateCluster.superuser, database: "ppdb"))
        func id(_ sql: String) throws -> Int64 { try #require(try admin.int64(sql)) }
        let (changed, lost) = (
            try id("SELECT min(\"diaSourceId\") FROM ppdb.\"DiaSource\""), try id("SELECT max(\"diaSourceId\") FROM ppdb.\"DiaSource\"")
        )
        let object = try id("SELECT min(\"diaObjectId\") FROM ppdb.\"DiaObject\" WHERE \"validityEndMjdTai\" IS NOT NULL")
        try admin.execute(
            """
            UPDATE ppdb."DiaSource" SET "ra" = "ra" + 1e-12 WHERE "diaSourceId" = \(changed);
            DELETE FROM ppdb."DiaSource" WHERE "diaSourceId" = \(lost);
            UPDATE ppdb."DiaObject" SET "nDiaSources" = "nDiaSources" + 1 WHERE "diaObjectId" = \(object) AND "validityEndMjdTai" IS NOT NULL;
            UPDATE ppdb."DiaForcedSource" SET "timeWithdrawnMjdTai" = 1 WHERE "diaForcedSourceId" = (SELECT max("diaForcedSourceId") FROM ppdb."DiaForcedSource");
            CREATE TEMPORARY TABLE extra AS SELECT * FROM ppdb."DiaSource" WHERE "diaSourceId" = \(changed);
            UPDATE extra SET "diaSourceId" = 42;
            INSERT INTO ppdb."DiaSource" SELECT * FROM extra;
            """)
        let report = try fixture.verify()
        let text = report.faults.flatMap(\.rows).joined(separator: "\n")
        #expect(text.contains("DiaSource with diaSourceId \(changed) differs"), "\(text)")
        #expect(text.contains("DiaSource with diaSourceId \(lost) is missing"), "\(text)")
        #expect(text.contains("DiaSource with diaSourceId 42 is not in the instance"), "\(text)")
        #expect(text.contains("DiaObject with diaObjectId \(object)"), "\(text)")
        #expect(text.contains("DiaForcedSource with diaObjectId"), "\(text)")
        let reader = try fixture.instance.connect(as: .reader)
        #expect(try reader.int64("SELECT count(*) FROM skyledger.\"ReplicaExport\" WHERE \"verifiedAt\" IS NULL") ?? 0 > 0)
        let outcome = try Repair(ppdb).run(report.faults)
        #expect(outcome.left == [])
        #expect(
            outcome.done.contains { $0.contains("\(changed)") }
                && outcome.done.contains { $0.contains("removed: DiaSource with diaSourceId 42") })
        let again = try fixture.verify()
        #expect(again.faults == [] && again.verified == again.chunks)
        try fixture.requireEqual()
    }

    @Test("changes on their way are no faults: their rows are left out until they are exported")
    func pending() throws {
        let fixture = try PpdbFixture()
        try fixture.load(3)
        try fixture.export()
        try fixture.load(2)
        try fixture.loadForced(flux: 7)
        try fixture.update(round: 2)
        let report = try fixture.verify()
        #expect(report.faults == [] && report.unsettled > 0 && report.verified < report.chunks)
        try fixture.export()
        let after = try fixture.verify()
        #expect(after.faults == [] && after.unsettled == 0 && after.verified == after.chunks)
    }

    @Test("rows that retention took from the instance are held against what was recorded, updates after the export among it")
    func afterRetention() throws {
        let fixture = try PpdbFixture()
        try fixture.load(5)
        try fixture.export()
        try fixture.update(round: 3)
        try fixture.export()
        let owner = try fixture.instance.connect(as: .owner)
        let partitions = try owner.query(
            "SELECT relid::text AS name FROM pg_partition_tree('l1_0001.\"DiaSource\"') WHERE isleaf")["name"]?.strings
        try owner.execute("DROP TABLE \(try #require(partitions)[0])")
        let report = try fixture.verify()
        #expect(report.faults == [] && report.verified == report.chunks)
        let admin = try Connection(fixture.instance.cluster!.parameters(user: PrivateCluster.superuser, database: "ppdb"))
        try admin.execute(
            "UPDATE ppdb.\"DiaSource\" SET \"snr\" = 1e9 WHERE \"diaSourceId\" = (SELECT min(\"diaSourceId\") FROM ppdb.\"DiaSource\")")
        let damaged = try fixture.verify()
        #expect(damaged.faults.count == 1 && damaged.faults[0].table == "DiaSource")
        #expect(try Repair(fixture.ppdb()).run(damaged.faults).left.count == 1)
    }
}
