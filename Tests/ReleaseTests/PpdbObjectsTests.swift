import Catalog
import Columns
import Foundation
import Postgres
import Release
import Testing

@testable import Ppdb

@Suite("A release's objects in a PPDB that follows a swap", .serialized) struct PpdbObjectsTests {
    /// An object beside every DiaObject, as a release's file has them.
    private func objects(_ fixture: SwapFixture, offsetArcsec: Double) throws -> Int {
        let rows = try fixture.ppdb().connection.query(
            "SELECT \"diaObjectId\" AS id, \"ra\", \"dec\" FROM ppdb.\"DiaObject\" WHERE \"validityEndMjdTai\" IS NULL ORDER BY 1")
        let path = fixture.directory + "/objects.parquet"
        try ParquetWriter.write(
            Table([
                Column("objectId", .int64(rows["id"]!.int64s!.indices.map { Int64($0 + 1) })), Column("ra", .double(rows["ra"]!.doubles!)),
                Column("dec", .double(rows["dec"]!.doubles!.map { $0 + offsetArcsec / 3600 })),
                Column("extendedness", .float(.init(repeating: 0, count: rows.rowCount))),
            ]), to: path)
        let loader = ReleaseObjects(
            PpdbTables(try fixture.ppdb()), pixelization: try fixture.instance.pixelization(on: fixture.connection()))
        return try loader.load(path).objects
    }

    private func match(_ fixture: SwapFixture) throws -> Int {
        var matches = ObjectMatches(PpdbTables(try fixture.ppdb()))
        matches.radiusArcsec = 3
        return try matches.run().matches
    }

    private func matches(_ fixture: SwapFixture, _ schema: String = "ppdb") throws -> Table {
        try fixture.ppdb().connection.query(
            "SELECT \"diaObjectId\", \"objectId\", \"dist\", \"lnP\" FROM \(schema).\"DiaObject_To_Object_Match\" ORDER BY 1, 2")
    }

    private func count(_ sql: String, _ fixture: SwapFixture) throws -> Int64? { try fixture.ppdb().connection.int64(sql) }

    @Test(
        "after a swap, and after its rollback, Object is where readers look for it, and the matches are those of the DiaObjects that are there"
    )
    func carried() throws {
        let fixture = try SwapFixture(visits: 2, makesPpdb: true)
        try fixture.export()
        let number = Int64(try objects(fixture, offsetArcsec: 1))
        #expect(try match(fixture) >= number)
        let first = try matches(fixture)
        try fixture.begin()
        // Its objects are others: matches are not taken over with their numbers.
        try fixture.connection(.owner).execute(
            "SET skyledger.replica_key = 0; UPDATE l1_0002.\"DiaObject\" SET \"ra\" = \"ra\" + 1.0 / 3600")
        try fixture.export()
        try fixture.join()
        try fixture.report()
        _ = try Publication(fixture.instance).run(SwapFixture.release)

        // Who reads Object delays the swap, which then has changed nothing.
        let reader = try PpdbLocation.read(PpdbLocation.defaultConsumer, of: fixture.instance).connect(fixture.instance)
        try reader.execute("BEGIN; SELECT count(*) FROM ppdb.\"Object\"")
        #expect(PpdbFollowing.run(fixture.instance).first?.waitsFor?.contains("read its table Object") == true)
        #expect(try fixture.ppdb().generation.id == 1 && count("SELECT count(*) FROM ppdb.\"Object\"", fixture) == number)
        try reader.execute("COMMIT")

        #expect(PpdbFollowing.run(fixture.instance).first?.waitsFor == nil)
        #expect(try fixture.ppdb().generation.id == 2)
        #expect(try count("SELECT count(*) FROM ppdb.\"Object\"", fixture) == number)
        #expect(try count("SELECT count(*) FROM pg_class WHERE relname = 'Object' AND relkind = 'r'", fixture) == 1)
        let second = try matches(fixture)
        #expect(second.rowCount >= number && second != first)
        // The same as a run over all of them, within the same radius.
        _ = try match(fixture)
        #expect(try matches(fixture) == second && matches(fixture, "ppdb_0001") == first)

        // Other objects while the second generation is current: the first one's matches are made anew on the way back.
        _ = try objects(fixture, offsetArcsec: 2)
        _ = try match(fixture)
        _ = try Rollback(fixture.instance).run(SwapFixture.release)
        #expect(PpdbFollowing.run(fixture.instance).first?.waitsFor == nil)
        #expect(try fixture.ppdb().generation.id == 1 && count("SELECT count(*) FROM ppdb.\"Object\"", fixture) == number)
        let third = try matches(fixture)
        #expect(third != first)
        _ = try match(fixture)
        #expect(try matches(fixture) == third)
        #expect(try Verification(fixture.ppdb()).run()?.faults.isEmpty == true)
    }
}
