import Columns
import Foundation
import Ppdb
import TestSupport
import Testing

@Suite("Products of a night", .serialized) struct ProductsNightTests {
    static let span = 61040.5..<61042.0

    @Test("a night's files hold the rows of its visits and no others, by Parquet and by FITS, and the manifest counts them")
    func rows() throws {
        let fixture = try ProductsFixture()
        var product = NightProduct(night: "2026-01-01", span: Self.span)
        product.writesFITS = true
        let outcome = try product.run(fixture.tables(), into: fixture.directory)
        #expect(outcome.isNew)
        let time = "\"midpointMjdTai\" >= \(Self.span.lowerBound) AND \"midpointMjdTai\" < \(Self.span.upperBound)"
        let all = try fixture.int("SELECT count(*) FROM ppdb.\"DiaSource\"")
        let count = try fixture.int("SELECT count(*) FROM ppdb.\"DiaSource\" WHERE \(time)")
        #expect(count > 0 && count < all)
        #expect(outcome.manifest.rows["DiaSource"] == count)
        let parquet = try ParquetFile.read(outcome.path + "/DiaSource.parquet")
        let stored = try fixture.tables().connection.query("SELECT * FROM ppdb.\"DiaSource\" WHERE \(time) ORDER BY \"diaSourceId\"")
        #expect(parquet["diaSourceId"]?.int64s == stored["diaSourceId"]?.int64s)
        #expect(parquet["psfFlux"]?.numbers == stored["psfFlux"]?.numbers)
        #expect(parquet["replicaKey"] == nil && parquet["pixelId"] == nil)
        let fits = try FITSTable.read(outcome.path + "/DiaSource.fits")
        #expect(fits["diaSourceId"]?.int64s == stored["diaSourceId"]?.int64s)
        let versions = try ParquetFile.read(outcome.path + "/DiaObject.parquet")
        #expect(
            try versions.rowCount
                == fixture.int(
                    "SELECT count(*) FROM ppdb.\"DiaObject\" WHERE \(time.replacing("midpointMjdTai", with: "lastDiaSourceMjdTai"))"))
    }

    @Test(
        "columns carry the document's units, descriptions and UCDs into pyarrow; astropy and duckdb read the same rows",
        .enabled(if: ProductTools.areThere, "needs hats, lsdb and duckdb: run tools/bootstrap"))
    func readers() throws {
        let fixture = try ProductsFixture()
        var product = NightProduct(night: "2026-01-01", span: Self.span)
        product.writesFITS = true
        let path = try product.run(fixture.tables(), into: fixture.directory).path
        let ra = try #require(fixture.document[table: "DiaSource"]?[column: "ra"])
        let text = try GoldenScript.program(
            """
            import duckdb, pyarrow.parquet as pq
            from astropy.table import Table
            t = pq.read_table('DiaSource.parquet')
            m = t.schema.field('ra').metadata
            print(m[b'unit'].decode(), m[b'ucd'].decode(), sep='|')
            f = Table.read('DiaSource.fits')
            assert list(f['diaSourceId']) == t['diaSourceId'].to_pylist()
            assert str(f['ra'].unit) == 'deg'
            rows = duckdb.sql("SELECT diaSourceId FROM 'DiaSource.parquet' ORDER BY 1").fetchall()
            assert [r[0] for r in rows] == t['diaSourceId'].to_pylist()
            """, in: path)
        #expect(text == "\(ra.unit ?? "")|\(ra.ucd ?? "")\n")
    }

    @Test(
        "a product that is there is recognised; a changed byte, a lost file and new rows in the PPDB are each found, and replaced on demand"
    )
    func repetition() throws {
        let fixture = try ProductsFixture()
        var product = NightProduct(night: "2026-01-01", span: Self.span)
        let tables = try fixture.tables()
        let path = try product.run(tables, into: fixture.directory).path
        #expect(try product.run(tables, into: fixture.directory).isNew == false)
        let file = path + "/DiaSource.parquet"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        #expect(throws: ProductError.damaged(path: path, reason: "the bytes of DiaSource.parquet have changed")) {
            try product.run(tables, into: fixture.directory)
        }
        product.replaces = true
        #expect(try product.run(tables, into: fixture.directory).isNew)
        product.replaces = false
        try FileManager.default.removeItem(atPath: file)
        #expect(throws: ProductError.damaged(path: path, reason: "its file DiaSource.parquet is missing")) {
            try product.run(tables, into: fixture.directory)
        }
        product.replaces = true
        _ = try product.run(tables, into: fixture.directory)
        product.replaces = false
        try tables.connection.execute(
            "DELETE FROM ppdb.\"DiaSource\" WHERE \"diaSourceId\" = (SELECT min(\"diaSourceId\") FROM ppdb.\"DiaSource\" WHERE \"midpointMjdTai\" < 61042)"
        )
        #expect { try product.run(tables, into: fixture.directory) } throws: { error in
            if case ProductError.outdated = error { true } else { false }
        }
    }

    @Test("an interrupted product leaves nothing, and what a killed run left is removed by the next")
    func interruption() throws {
        let fixture = try ProductsFixture()
        let product = NightProduct(night: "2026-01-01", span: Self.span)
        let folder = fixture.place("out")
        #expect(throws: ProductError.interrupted) { try product.run(fixture.tables(), into: folder) { _, _ in false } }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        // No process has this number.
        let left = folder + "/.night-2026-01-01.4194999.partial"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
        _ = try product.run(fixture.tables(), into: folder)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["night-2026-01-01"])
    }
}
