import Columns
import Foundation
import Testing

@testable import Catalog
@testable import Release

@Suite("A Level-2 catalog beside a generation", .serialized) struct Level2Tests {
    /// The sources and objects of generation 2 as another pipeline has them: other numbers, 0.1 arcseconds to the north, a column of its own.
    private func files(_ sky: TwoGenerations, visits: Bool = true) throws -> (sources: String, objects: String) {
        let rows = try sky.reader().query(
            "SELECT \"diaSourceId\" + 7 AS \"sourceId\", \"visit\", \"detector\", \"ra\", \"dec\" + 0.1 / 3600 AS \"dec\", \"diaObjectId\" + 7 AS \"objectId\", \"diaSourceId\" % 10 AS \"quality\" FROM l1_0002.\"DiaSource\""
        )
        let objects = try sky.reader().query(
            "SELECT \"diaObjectId\" + 7 AS \"objectId\", \"ra\", \"dec\" + 0.1 / 3600 AS \"dec\" FROM l1_0002.\"DiaObjectLast\"")
        let paths = ("\(sky.directory)/sources.parquet", "\(sky.directory)/objects.parquet")
        var written = rows
        if !visits { for name in ["visit", "detector"] { written.remove(name) } }
        try ParquetWriter.write(written, to: paths.0)
        try ParquetWriter.write(objects, to: paths.1)
        return paths
    }

    @Test("is there with its own columns, every source and object matched with its own, and goes without a trace")
    func attached() throws {
        let sky = try TwoGenerations(visits: 5)
        let files = try files(sky)
        let catalog = try Level2Catalog(instance: sky.instance, release: TwoGenerations.release)
        // Stopped while it is filled, then while it is matched, then whole.
        #expect(try catalog.attach(sources: [files.sources], objects: [files.objects]) { _, _, _ in false } == nil)
        #expect(try sky.int("SELECT count(*) FROM pg_namespace WHERE nspname = 'l2_DR1'") == 0)
        #expect(try catalog.attach(sources: [files.sources], objects: [files.objects]) { stage, _, _ in stage != "sources" } == nil)
        #expect(try sky.int("SELECT count(*) FROM \"l2_DR1\".\"Source\"") > 0)
        let outcome = try #require(try catalog.attach(sources: [files.sources], objects: [files.objects]))
        #expect(outcome.isNew)
        #expect(try sky.int("SELECT count(*) FROM l1_0002.\"DiaSource\"") == outcome.nSources)
        #expect(
            try sky.int(
                "SELECT count(*) FROM \"l2_DR1\".\"SourceMatch\" AS m JOIN \"l2_DR1\".\"Source\" AS s ON s.\"sourceId\" = m.\"level2Id\" WHERE m.\"diaSourceId\" = s.\"sourceId\" - 7 AND s.\"quality\" = m.\"diaSourceId\" % 10 AND abs(m.\"separationArcsec\" - 0.1) < 0.001"
            ) == outcome.nSources)
        #expect(
            try sky.int("SELECT count(*) FROM \"l2_DR1\".\"ObjectMatch\" WHERE \"kind\" = 'same' AND \"diaObjectId\" = \"level2Id\" - 7")
                == outcome.nObjects)
        let again = try #require(try catalog.attach(sources: [files.sources], objects: [files.objects]))
        #expect(!again.isNew && again.nSources == outcome.nSources)
        #expect(throws: CatalogError.self) { try catalog.attach(sources: [files.objects]) }
        #expect(try catalog.detach())
        #expect(try !catalog.detach())
        #expect(try sky.int("SELECT count(*) FROM skyledger.\"Level2\"") == 0)
    }

    @Test("without visit and detector its sources are matched with objects by position")
    func byPosition() throws {
        let sky = try TwoGenerations(visits: 3)
        let files = try files(sky, visits: false)
        let catalog = try Level2Catalog(instance: sky.instance, release: TwoGenerations.release)
        let outcome = try #require(
            try catalog.attach(sources: [files.objects].map { $0.replacingOccurrences(of: "objects", with: "sources") }))
        #expect(outcome.summary.matchedSources == 0)
        #expect(try sky.int("SELECT count(DISTINCT \"level2Id\") FROM \"l2_DR1\".\"ObjectMatch\"") == outcome.nSources)
    }

    @Test("a file without identifiers, one with a row of no position, and one of another table are refused, and nothing is kept")
    func refused() throws {
        let sky = try TwoGenerations(visits: 2)
        let files = try files(sky)
        let catalog = try Level2Catalog(instance: sky.instance, release: TwoGenerations.release)
        let bad = sky.directory + "/bad.parquet"
        try ParquetWriter.write(
            Table([Column("sourceId", .int64([1, 2])), Column("ra", .double([10, .nan])), Column("dec", .double([1, 2]))]), to: bad)
        #expect(throws: CatalogError.self) { try catalog.attach(sources: [bad]) }
        #expect(throws: CatalogError.self) { try catalog.attach(sources: [files.sources, files.objects]) }
        #expect(throws: CatalogError.self) { try catalog.attach(sources: [files.sources, files.sources]) }
        #expect(throws: (any Error).self) { try catalog.attach(sources: [sky.directory + "/none.parquet"]) }
        #expect(
            try sky.int("SELECT (SELECT count(*) FROM skyledger.\"Level2\") + (SELECT count(*) FROM pg_namespace WHERE nspname = 'l2_DR1')")
                == 0)
    }
}
