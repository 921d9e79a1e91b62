import Catalog
import Columns
import Foundation
import Ingest
import Testing

@Suite("Tracks", .serialized) struct SolarSystemTracksTests {
    static func file(_ rows: [(track: String, source: Int64)]) throws -> String {
        let path = "/tmp/skyledger-tracks-\(UInt32.random(in: 0 ... .max)).csv"
        let text = "track,diaSourceId\n" + rows.map { "\($0.track),\($0.source)\n" }.joined()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test(
        "a linker's tracks become SSObjects with their sources, DiaObjects left empty are closed, and the same file again changes nothing")
    func link() throws {
        let (test, updates) = try UpdatesTests.loaded()
        let singles = try test.ids("SELECT \"diaObjectId\" FROM \"DiaObjectLast\" WHERE \"nDiaSources\" = 1 ORDER BY 1 LIMIT 5")
        let path = try Self.file([
            ("2031 AB12", singles[0]), ("2031 AB12", singles[1]), ("T0001", singles[2]), ("T0001", singles[3]), ("T0001", singles[4]),
        ])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let connection = try test.connection(.ingest)
        let generation = try test.instance.currentGeneration(on: connection)
        let tracks = try TrackFile.read(path, generation: generation, on: connection)
        #expect(tracks.map(\.designation) == ["2031 AB12", "T0001"])
        // ASCII of the packed form K31A12B, and the lowest source.
        #expect(tracks.map(\.ssObjectId) == [0x4B33_3141_3132_42, singles[2]])
        let outcome = try updates.link(tracks, cause: "linker")
        #expect(outcome.diaSources == 5 && outcome.diaObjectsClosed == singles)
        #expect(try test.int("SELECT count(*) FROM \"DiaSource\" WHERE \"ssObjectId\" = \(singles[2]) AND \"diaObjectId\" IS NULL") == 3)
        #expect(try test.int("SELECT count(*) FROM \"SSObject\"") == 2)
        #expect(try test.faults() == [])
        let before = try test.rows("SELECT * FROM \"DiaSource\"")
        let again = try updates.link(TrackFile.read(path, generation: generation, on: connection), cause: "linker")
        #expect(again.operation == 0 && again.diaSources == 0)
        #expect(try test.rows("SELECT * FROM \"DiaSource\"") == before)
        #expect(try test.int("SELECT count(*) FROM \"SSObject\"") == 2)
    }

    @Test("a source in two tracks, an unknown source and a name that is another object's are refused, and nothing changes")
    func refusals() throws {
        let (test, updates) = try UpdatesTests.loaded()
        let sources = try test.ids("SELECT \"diaSourceId\" FROM \"DiaSource\" ORDER BY 1 LIMIT 2")
        let connection = try test.connection(.ingest)
        let generation = try test.instance.currentGeneration(on: connection)
        let path = try Self.file([("A", sources[0]), ("B", sources[0])])
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: IngestError.self) { try TrackFile.read(path, generation: generation, on: connection) }
        _ = try updates.link([.init(designation: "A", ssObjectId: 17, diaSourceIds: [sources[0]])], cause: "t")
        let before = try test.rows("SELECT * FROM \"SSObjectDesignation\"")
        #expect(throws: CatalogError.self) {
            try updates.link([.init(designation: "B", ssObjectId: 18, diaSourceIds: [-4])], cause: "t")
        }
        #expect(throws: CatalogError.self) {
            try updates.link([.init(designation: "A", ssObjectId: 18, diaSourceIds: [sources[1]])], cause: "t")
        }
        #expect(try test.rows("SELECT * FROM \"SSObjectDesignation\"") == before)
        #expect(try test.int("SELECT count(*) FROM \"SSObject\"") == 1)
    }

    @Test("a night's unassociated sources come in a linker's columns, times in UTC")
    func columns() throws {
        let (test, _) = try UpdatesTests.loaded()
        let connection = try test.connection()
        let generation = try test.instance.currentGeneration(on: connection)
        var query = UnassociatedQuery(night: 61041)
        query.includesSingles = true
        let sources = try query.run(on: connection, generation: generation)
        #expect(sources.rowCount > 0)
        let table = try LinkerColumns.heliolinx.table(sources, dec: "dec", midpoint: "midpointMjdTai", observatory: "X05")
        #expect(table.rowCount == sources.rowCount)
        // TAI was 37 s ahead of UTC.
        let (utc, tai) = (table["MJD"]!.doubles!, sources["midpointMjdTai"]!.doubles!)
        #expect(zip(utc, tai).allSatisfy { abs(($1 - $0) * 86400 - 37) < 1e-4 })
        let flux = sources["psfFlux"]!.numbers!
        let row = try #require(flux.indices.first { flux[$0] > 0 })
        #expect(abs(table["mag"]!.doubles![row] + 2.5 * log10(flux[row] * 1e-9 / 3631)) < 1e-3)
    }
}
