import Catalog
import Foundation
import Postgres
import Ppdb
import Release
import TestSupport
import Testing

@Suite("Which generation made a row, from a piece's beginning to its publication", .serialized) struct PieceProvenanceTests {
    @Test("what was taken over is found as it was, and the PPDB has every row with the generation that made it, before and after the swap")
    func whole() throws {
        let fixture = try SwapFixture(visits: 4, more: 1, makesPpdb: true)
        let ingest = try fixture.connection(.ingest)
        let updates = Updates(
            connection: ingest, generation: try fixture.instance.currentGeneration(on: ingest),
            pixelization: try fixture.instance.pixelization(on: ingest),
            configuration: try ConfigurationRecord.current(on: ingest).configuration, clock: { 61_600 })
        let first = try fixture.int("SELECT min(\"diaSourceId\") FROM \"DiaSource\" WHERE \"diaObjectId\" IS NOT NULL")
        _ = try updates.withdraw(sources: [first], cause: "test")
        try fixture.export()

        let times = try #require(
            try fixture.connection().query("SELECT DISTINCT \"midpointMjdTai\" AS t FROM \"VisitDetector\" ORDER BY 1")["t"]?.doubles)
        let since = (times[1] + times[2]) / 2
        var beginning = ReleaseBeginning(instance: fixture.instance, name: SwapFixture.release, cutoffMjdTai: times[3] + 1e-4)
        beginning.checksDisk = false
        beginning.piece = try ReleasePiece(regionText: nil, sinceMjdTai: since)
        #expect(try beginning.run().isComplete)
        // Between the beginning and the reprocessing.
        try fixture.export()
        #expect(try Verification(fixture.ppdb()).run()?.faults == [])
        try fixture.fill()
        try fixture.join()
        try fixture.load(1)
        try fixture.export()
        try fixture.requirePpdbEqual([(1, ""), (2, "_0002")])
        #expect(try Verification(fixture.ppdb()).run()?.faults == [])

        _ = try CrosswalkMaking(instance: fixture.instance, release: SwapFixture.release, rules: CrosswalkRules()).run()
        let report = try ReleaseCheck(instance: fixture.instance).run(SwapFixture.release)
        let copied = try #require(report.measurement.copied)
        let taken = try fixture.int("SELECT count(*) FROM l1_0001.\"VisitDetector\" WHERE \"midpointMjdTai\" < \(since)")
        #expect(copied.visitDetectors == taken && copied.ownVisitDetectors > 0)
        #expect(copied.different == 0 && copied.movedSources == 0, "\(copied)")
        #expect(
            try copied.parts.first?.rows == fixture.int("SELECT count(*) FROM l1_0001.\"DiaSource\" WHERE \"midpointMjdTai\" < \(since)"))
        #expect(copied.parts.last?.rows ?? 0 > 0)
        #expect(report.piece?.contains("after MJD") == true)
        #expect(try Releases(connection: fixture.connection()).takenOver(by: 2) == Int(taken))

        try fixture.report()
        _ = try Publication(fixture.instance).run(SwapFixture.release)
        try fixture.export()
        #expect(try fixture.ppdb().generation.id == 2)
        try fixture.requirePpdbEqual([(2, ""), (1, "_0001")])
        for table in ["DiaSource", "DiaObject"] {
            let sql = "SELECT \"generation\", count(*) AS n FROM %@.\"\(table)\" GROUP BY 1 ORDER BY 1"
            let rows = try fixture.ppdb().connection.query(sql.replacing("%@", with: "ppdb"))
            #expect(rows["generation"]?.int32s.map(Array.init) == [1, 2])
            #expect(rows == (try fixture.connection().query(sql.replacing("%@", with: "apdb"))))
        }
    }
}
