import Testing

@testable import Ppdb

@Suite("Crosswalks in the PPDB", .serialized) struct CrosswalkCopiesTests {
    @Test("every version is copied once, with its sums; what is damaged is found, named and mended")
    func copies() throws {
        let fixture = try PpdbFixture(visits: 2)
        try fixture.load(2)
        let owner = try fixture.instance.connect(as: .owner)
        func makeCrosswalk(_ number: Int) throws {
            try owner.execute(
                """
                INSERT INTO skyledger."Release" ("release", "fromGeneration", "generation", "cutoffMjdTai", "state", "configuration")
                VALUES ('DR1', 1, 1, 61000, 'retired', '') ON CONFLICT DO NOTHING;
                INSERT INTO skyledger."Crosswalk" VALUES (\(number), 'DR1', 1, 1, '{}', 100, 10, 1, '{"a": 1}');
                CREATE TABLE skyledger."CrosswalkSource_\(number)" PARTITION OF skyledger."CrosswalkSource" FOR VALUES IN (\(number));
                CREATE TABLE skyledger."CrosswalkObject_\(number)" PARTITION OF skyledger."CrosswalkObject" FOR VALUES IN (\(number));
                INSERT INTO skyledger."CrosswalkSource" SELECT \(number), i, nullif(i + 1000, 1007), 0.05 FROM generate_series(1, 100) AS i;
                INSERT INTO skyledger."CrosswalkObject" SELECT \(number), i, i + 1000, 'same', 10, 10, 10, NULL FROM generate_series(1, 10) AS i
                """)
        }
        try makeCrosswalk(1)
        #expect(try fixture.export().crosswalks == ["1": 110])
        try makeCrosswalk(2)
        #expect(try fixture.export().crosswalks == ["2": 110])
        #expect(try fixture.export().crosswalks == [:])
        #expect(try fixture.verify().faults.isEmpty)

        let ppdb = try fixture.ppdb()
        try ppdb.connection.execute(
            "UPDATE release.\"CrosswalkSource\" SET \"newDiaSourceId\" = 5 WHERE \"crosswalk\" = 2 AND \"oldDiaSourceId\" = 3")
        let faults = try fixture.verify().faults
        #expect(faults.map(\.table) == ["CrosswalkSource of crosswalk 2"])
        #expect(try Repair(ppdb).run(faults).done == ["copied crosswalk 2 whole"])
        #expect(try fixture.verify().faults.isEmpty)
        #expect(try ppdb.connection.int64("SELECT count(*) FROM release.\"CrosswalkSource\"") == 200)
        func remove(_ number: Int, says: Bool) throws {
            try owner.execute(
                """
                DROP TABLE skyledger."CrosswalkSource_\(number)", skyledger."CrosswalkObject_\(number)";
                DELETE FROM skyledger."Crosswalk" WHERE "crosswalk" = \(number)
                """)
            guard says else { return }
            try owner.execute(
                "INSERT INTO skyledger.\"ReleaseStep\" (\"release\", \"step\", \"detail\") VALUES ('DR1', 'crosswalk', '{\"pruned\": [\(number)]}')"
            )
        }
        // Removed on purpose: no fault before its copy goes, and none after.
        try remove(1, says: true)
        #expect(try fixture.verify().faults.isEmpty)
        let summary = try fixture.export()
        #expect(summary.crosswalksRemoved == [1] && summary.crosswalks == [:])
        #expect(try fixture.verify().faults.isEmpty)
        #expect(try ppdb.connection.int64("SELECT count(*) FROM release.\"CrosswalkSource\"") == 100)
        // Lost: its copy stays, and the loss is found.
        try remove(2, says: false)
        #expect(try fixture.export().crosswalksRemoved == [])
        #expect(try Set(fixture.verify().faults.map(\.table)) == ["CrosswalkSource of crosswalk 2", "CrosswalkObject of crosswalk 2"])
    }
}
