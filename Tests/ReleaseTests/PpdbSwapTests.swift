import Catalog
import Foundation
import Postgres
import Ppdb
import Release
import TestSupport
import Testing

extension SwapFixture {
    /// Holds copies of generations against the instance by an independent program.
    func requirePpdbEqual(_ copies: [(generation: Int, suffix: String)]) throws {
        for copy in copies {
            let output = try GoldenScript.run(
                "ppdb_equal.py", [instance.cluster!.socketDirectory, "ppdb", "\(copy.generation)", copy.suffix])
            #expect(output.hasSuffix("equal\n"), "\(output)")
        }
    }
}

@Suite("A PPDB with several generations", .serialized) struct PpdbSwapTests {
    @Test("it has a copy of each, follows a swap when its copy has what the instance had then, and goes on with both")
    func follows() throws {
        let fixture = try SwapFixture(visits: 2, more: 2, makesPpdb: true)
        try fixture.export()
        try fixture.ppdb().connection.execute("GRANT USAGE ON SCHEMA ppdb TO \(Role.ingest.rawValue)")
        try fixture.begin()
        try fixture.export()
        try fixture.requirePpdbEqual([(1, ""), (2, "_0002")])
        #expect(try fixture.ppdb().living().map(\.generation.id) == [1, 2])
        try fixture.join()
        try fixture.report()
        _ = try Publication(fixture.instance).run(SwapFixture.release)
        // Stored in the new generation only, and not in the PPDB yet.
        try fixture.load(1)
        #expect(try PpdbSwap.pending(fixture.ppdb())?.generation == 2)
        let followed = PpdbFollowing.run(fixture.instance)
        #expect(followed.count == 1 && followed[0].waitsFor == nil)
        #expect(try PpdbSwap.pending(fixture.ppdb()) == nil)
        #expect(try fixture.ppdb().generation.id == 2)
        #expect(
            try fixture.ppdb().connection.query(
                "SELECT has_table_privilege('\(Role.ingest.rawValue)', 'ppdb.\"DiaSource\"', 'SELECT') AS h")["h"]?.bools == [
                    true
                ])
        try fixture.export()
        try fixture.requirePpdbEqual([(2, ""), (1, "_0001")])
        let report = try #require(try Verification(fixture.ppdb()).run())
        #expect(report.faults == [] && report.verified == report.chunks)
        _ = try Rollback(fixture.instance).run(SwapFixture.release)
        #expect(try fixture.export().swap?.contains("followed swap 2") == true)
        #expect(try fixture.ppdb().generation.id == 1)
        try fixture.requirePpdbEqual([(1, ""), (2, "_0002")])
    }

    @Test("a damaged row of either copy is found with its generation, mended, and keeps the chunk unverified until then")
    func damage() throws {
        let fixture = try SwapFixture(visits: 2, makesPpdb: true)
        try fixture.begin()
        try fixture.export()
        #expect(try Verification(fixture.ppdb()).run()?.faults == [])
        let id = try fixture.int("SELECT min(\"diaSourceId\") FROM l1_0002.\"DiaSource\"")
        try fixture.ppdb().connection.execute("UPDATE ppdb_0002.\"DiaSource\" SET \"psfFlux\" = -1 WHERE \"diaSourceId\" = \(id)")
        let report = try #require(try Verification(fixture.ppdb()).run())
        #expect(report.faults.map(\.generation) == [2])
        #expect(report.faults[0].rows.first?.contains("diaSourceId \(id)") == true)
        let chunk = report.faults[0].chunk
        #expect(
            try fixture.int("SELECT count(*) FROM skyledger.\"ReplicaExport\" WHERE \"chunk\" = \(chunk) AND \"verifiedAt\" IS NOT NULL")
                == 0)
        #expect(try Repair(fixture.ppdb()).run(report.faults).left == [])
        #expect(try Verification(fixture.ppdb()).run()?.faults == [])
    }

    @Test("a swap waits while another program works on the PPDB, and is followed by the next export; a copy that is behind waits too")
    func waits() throws {
        let fixture = try SwapFixture(visits: 2, makesPpdb: true)
        try fixture.export()
        try fixture.makeReady()
        _ = try Publication(fixture.instance).run(SwapFixture.release)
        #expect(PpdbFollowing.run(fixture.instance)[0].waitsFor?.contains("no copy of generation 2") == true)
        var summary: Exporter.Summary?
        try {
            let other = try fixture.ppdb()
            summary = try fixture.export()
            #expect(summary?.swap?.contains("other programs work on the PPDB") == true)
            #expect(try other.reopened().generation.id == 1)
        }()
        #expect(try fixture.export().swap?.contains("followed swap 1") == true)
        #expect(try fixture.ppdb().generation.id == 2)
    }

    @Test("the copy of a release that is abandoned goes with the next export")
    func abandoned() throws {
        let fixture = try SwapFixture(visits: 2, makesPpdb: true)
        try fixture.begin()
        try fixture.export()
        _ = try ReleaseAbandonment(instance: fixture.instance).run(SwapFixture.release)
        try fixture.export()
        let ppdb = try fixture.ppdb()
        #expect(try ppdb.connection.text("SELECT coalesce(to_regnamespace('ppdb_0002'), to_regnamespace('replica_0002'))::text") == nil)
        let report = try #require(try Verification(ppdb).run())
        #expect(report.faults == [] && report.verified == report.chunks)
    }
}
