import Catalog
import Columns
import Foundation
import Ingest
import Testing

@Suite("Release: forced photometry", .serialized) struct ReleaseForcedTests {
    /// Measurements at all objects of some visits, as a file of a load.
    private func file(_ visits: [String]) throws -> String {
        let scout = try TestInstance()
        for path in visits { try scout.load(path) }
        _ = try scout.forcedLoad().run(Measurement.of(scout.allTargets()), source: "all")
        let rows = try scout.connection().query(
            """
            SELECT "diaForcedSourceId", "diaObjectId", "visit", "detector", "ra", "dec", "psfFlux", "psfFluxErr", "midpointMjdTai", "band"
            FROM "DiaForcedSource" ORDER BY 1
            """)
        #expect(rows.rowCount > 50)
        let path = "/tmp/skyledger-forced-\(UInt32.random(in: 0 ... .max)).parquet"
        try ParquetWriter.write(rows, to: path)
        return path
    }

    private func load(_ path: String, forced: String, into test: TestInstance) throws -> LoadTask.Summary {
        var options = LoadTask.Options()
        (options.issuesAlerts, options.clock, options.forcedPaths) = (false, .visit, [forced])
        return try LoadTask(instance: test.instance, options: options).run([.visitDirectory(path)])
    }

    /// Forced rows, and what they make of the objects.
    private func rows(_ test: TestInstance, _ schema: String) throws -> [String] {
        let own = "- 'replicaKey' - 'generation' - 'timeProcessedMjdTai'"
        return try test.rows("SELECT to_jsonb(f) \(own) AS f FROM \(schema).\"DiaForcedSource\" AS f")
            + test.rows("SELECT to_jsonb(o) \(own) AS o FROM \(schema).\"DiaObject\" AS o")
            + test.rows("SELECT to_jsonb(l) \(own) AS l FROM \(schema).\"DiaObjectLast\" AS l")
            + test.rows("SELECT \"visit\", \"detector\", \"nDiaForcedSources\" FROM \(schema).\"VisitDetector\"")
    }

    @Test(
        "forced sources that are caught up have the rows, positions and summaries that a direct load with the same files makes, where objects have other numbers too"
    )
    func caughtUp() throws {
        let (test, direct, fixture) = (try TestInstance(), try TestInstance(), try ReleaseFixture(visits: 6))
        let (early, late) = (try fixture.part(0..<3), try fixture.part(3..<6))
        let forced = try file([early, late])
        defer { try? FileManager.default.removeItem(atPath: forced) }
        try test.begin(cutoff: fixture.cutoff(after: 2))
        let live = try load(early, forced: forced, into: test).diaForcedSources + load(late, forced: forced, into: test).diaForcedSources
        // Before the cutoff the release has its own sources, a little to the north, and no forced ones.
        let reprocessed = try fixture.part(0..<3, shiftArcsec: 0.05)
        try test.releaseLoad(reprocessed)
        let caught = try test.catchUp()
        try direct.load(reprocessed)
        let loaded = try load(late, forced: forced, into: direct)
        #expect(live > caught.diaForcedSources && caught.diaForcedSources > 20)
        #expect(caught.diaForcedSources == loaded.diaForcedSources)
        #expect(try rows(test, "apdb_0002") == rows(direct, "apdb"))
        let moved =
            "SELECT count(*) FROM \"DiaForcedSource\" AS f LEFT JOIN apdb_0002.\"DiaForcedSource\" AS g USING (\"diaForcedSourceId\")"
        // Objects of the reprocessing have other numbers.
        #expect(try test.int("\(moved) WHERE g.\"diaObjectId\" <> f.\"diaObjectId\"") ?? 0 > 0)
        #expect(try test.int("SELECT count(*) FROM apdb_0002.\"DiaObjectLast\" WHERE \"diaObjectId\" >= 500000000000") ?? 0 > 0)
        try test.swap(publish: true)
        #expect(try test.faults() == [])
    }
}
