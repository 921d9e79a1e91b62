import Columns
import Foundation
import Postgres
import Ppdb
import Sphere
import TestSupport
import Testing

@Suite("Matches with a release's objects") struct ProductsMatchTests {
    /// Points and objects of a field, some of them at the pole or at RA 0.
    static func field(_ count: Int, dec: ClosedRange<Double>, ra: ClosedRange<Double>, _ generator: inout SeededGenerator) -> (
        ra: [Double], dec: [Double]
    ) {
        let decs = (0..<count).map { _ in Double.random(in: dec, using: &generator) }
        return ((0..<count).map { _ in Double.random(in: ra, using: &generator) }, decs)
    }

    @Test(
        "the sweep finds the nearest three of each kind that trying all pairs finds, whatever the order of the pieces",
        arguments: [(-30.1 ... -30.0, 150.0...150.1), (89.95...90, 0...360), (-0.05...0.05, -0.05...0.05), (-90.0 ... -89.97, 0...360)])
    func bruteForce(dec: ClosedRange<Double>, ra: ClosedRange<Double>) throws {
        var generator = SeededGenerator(state: 6)
        let points = Self.field(300, dec: dec, ra: ra, &generator)
        let objects = Self.field(3000, dec: dec, ra: ra, &generator)
        let kinds = objects.ra.indices.map { _ in Int.random(in: 0...2, using: &generator) }
        let radius = 20.0
        func swept(_ order: [Int]) -> NeighbourSweep {
            var sweep = NeighbourSweep(ra: points.ra, dec: points.dec, radiusArcsec: radius, kinds: 2, nearest: 3)
            for start in stride(from: 0, to: order.count, by: 700) {
                let piece = order[start..<min(start + 700, order.count)]
                sweep.offer(
                    .init(
                        ids: piece.map(Int64.init), ra: piece.map { objects.ra[$0] }, dec: piece.map { objects.dec[$0] },
                        kinds: piece.map { kinds[$0] }, errorsArcsec: piece.map { _ in 0.1 }))
            }
            return sweep
        }
        let forward = swept(Array(objects.ra.indices))
        let shuffled = swept(objects.ra.indices.shuffled(using: &generator))
        let vectors = try objects.ra.indices.map { try UnitVector(ra: objects.ra[$0], dec: objects.dec[$0]) }
        var found = 0
        for point in points.ra.indices {
            let place = try UnitVector(ra: points.ra[point], dec: points.dec[point])
            for kind in 0..<2 {
                let near = vectors.indices.filter { kinds[$0] == kind }
                    .map { (id: Int64($0), arcsec: vectors[$0].separation(to: place) * 180 / .pi * 3600) }
                    .filter { $0.arcsec <= radius }.sorted { $0.arcsec < $1.arcsec }.prefix(3)
                let ours = forward.neighbours(of: point, kind: kind)
                #expect(ours.map(\.objectId) == near.map(\.id))
                #expect(zip(ours, near).allSatisfy { abs($0.distanceArcsec - $1.arcsec) < 1e-6 })
                #expect(shuffled.neighbours(of: point, kind: kind).map(\.objectId) == near.map(\.id))
                found += near.count
            }
        }
        #expect(found > 100)
    }

    @Test("the probability is that of the two hypotheses, drawn at random: of pairs with a probability of p, p are true")
    func calibration() {
        var generator = SeededGenerator(state: 77)
        func normal() -> Double {
            (-2 * log(1 - Double.random(in: 0..<1, using: &generator))).squareRoot()
                * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
        }
        // One of each kind in a disc of radius R, with the density of one object in it: even odds.
        let (sigma, edge) = (0.3, 2.0)
        let density = 1 / (Double.pi * edge * edge)
        var (total, true_) = ([Double](repeating: 0, count: 10), [Double](repeating: 0, count: 10))
        for _ in 0..<200_000 {
            let isSame = Bool.random(using: &generator)
            let distance =
                isSame ? hypot(sigma * normal(), sigma * normal()) : edge * Double.random(in: 0..<1, using: &generator).squareRoot()
            let p = exp(MatchLikelihood.lnP(distanceArcsec: distance, variance: sigma * sigma, density: density))
            total[min(9, Int(p * 10))] += 1
            true_[min(9, Int(p * 10))] += isSame ? 1 : 0
        }
        for bin in 0..<10 where total[bin] > 1000 {
            #expect(abs(true_[bin] / total[bin] - (Double(bin) + 0.5) / 10) < 0.07, "bin \(bin)")
        }
        #expect(MatchLikelihood.lnP(distanceArcsec: 3600, variance: 1e-4, density: 1e-3) < -1e8)
    }

    /// Objects near every third DiaObject, and others: a release.
    private static func release(of fixture: ProductsFixture, to path: String) throws -> Table {
        let rows = try fixture.tables().connection.query(
            "SELECT \"diaObjectId\", \"ra\", \"dec\" FROM ppdb.\"DiaObject\" WHERE \"validityEndMjdTai\" IS NULL ORDER BY 1")
        let (ra, dec) = (rows["ra"]!.doubles!, rows["dec"]!.doubles!)
        var generator = SeededGenerator(state: 3)
        var (ids, ras, decs, types) = ([Int64](), [Double](), [Double](), [Float]())
        for row in ra.indices {
            for _ in 0..<Int.random(in: 0...9, using: &generator) {
                ids.append(Int64(ids.count + 1))
                ras.append(ra[row] + Double.random(in: -6...6, using: &generator) / 3600)
                decs.append(dec[row] + Double.random(in: -6...6, using: &generator) / 3600)
                types.append(Float.random(in: 0...1, using: &generator))
            }
        }
        let table = Table([
            Column("objectId", .int64(ids)), Column("ra", .double(ras)), Column("dec", .double(decs)),
            Column("extendedness", .float(types)),
            Column("i_psfMag", .float(types.map { 20 + $0 })),
        ])
        try ParquetWriter.write(table, to: path)
        return table
    }

    @Test(
        "the table of matches holds the nearest three stars and galaxies of each DiaObject; repeated it is the same; --update adds new DiaObjects only"
    )
    func table() throws {
        let fixture = try ProductsFixture()
        let path = fixture.place("objects.parquet")
        let release = try Self.release(of: fixture, to: path)
        let tables = try fixture.tables()
        let loader = ReleaseObjects(tables, pixelization: try HtmPixelization(20))
        #expect(try loader.load(path, names: .init(magnitude: "i_psfMag")).objects == release.rowCount)
        #expect(try loader.load(path).objects == release.rowCount)
        #expect(try fixture.int("SELECT count(*) FROM ppdb.\"Object\"") == release.rowCount)
        var matches = ObjectMatches(tables)
        let summary = try matches.run()
        let sql = "SELECT \"diaObjectId\", \"objectId\", \"dist\", \"lnP\" FROM ppdb.\"DiaObject_To_Object_Match\" ORDER BY 1, 2"
        let stored = try tables.connection.query(sql)
        #expect(stored.rowCount == summary.matches && summary.matches > 100)
        // The server itself, by the formula of the haversine.
        let byServer = try tables.connection.query(
            """
            SELECT "diaObjectId", "objectId" FROM (
                SELECT d."diaObjectId", o."objectId", row_number() OVER (PARTITION BY d."diaObjectId", o."extendedness" >= 0.5 ORDER BY dist) AS place
                FROM ppdb."DiaObject" AS d, ppdb."Object" AS o, LATERAL (SELECT 3600 * degrees(2 * asin(sqrt(
                    sin(radians(o."dec" - d."dec") / 2) ^ 2
                    + cos(radians(o."dec")) * cos(radians(d."dec")) * sin(radians(o."ra" - d."ra") / 2) ^ 2))) AS dist) AS x
                WHERE d."validityEndMjdTai" IS NULL AND abs(o."dec" - d."dec") < 0.002 AND dist <= 5) AS n
            WHERE place <= 3 ORDER BY 1, 2
            """)
        #expect(stored["diaObjectId"]?.int64s == byServer["diaObjectId"]?.int64s)
        #expect(stored["objectId"]?.int64s == byServer["objectId"]?.int64s)
        #expect(stored["lnP"]?.floats?.allSatisfy { $0 <= 0 } == true)
        _ = try matches.run()
        #expect(try tables.connection.query(sql) == stored)
        // A DiaObject of whose matching nothing is known is the only one that --update looks at.
        let some = try #require(stored["diaObjectId"]?.int64s?.first)
        try tables.connection.execute(
            """
            DELETE FROM replica."MatchedObject" WHERE "diaObjectId" = \(some);
            DELETE FROM ppdb."DiaObject_To_Object_Match" WHERE "diaObjectId" = \(some)
            """)
        matches.onlyNew = true
        #expect(try matches.run().diaObjects == 1)
        #expect(try tables.connection.query(sql) == stored)
        #expect(try matches.run().diaObjects == 0)
    }

    @Test("files that are no objects are refused with the column or the row named, and nothing of them is stored")
    func refusals() throws {
        let fixture = try ProductsFixture()
        let loader = ReleaseObjects(try fixture.tables(), pixelization: try HtmPixelization(20))
        func refused(_ columns: [Column], _ words: String) throws {
            let path = fixture.place("bad.parquet")
            try ParquetWriter.write(Table(columns), to: path)
            #expect { try loader.load(path) } throws: { "\($0)".contains(words) && ($0 as? ProductError)?.isBadRequest == true }
        }
        let (id, ra, dec) = (Column("objectId", .int64([1, 2])), Column("ra", .double([1, 2])), Column("dec", .double([1, 2])))
        let type = Column("type", .string(ByteStrings(["star", "galaxy"])))
        try refused([id, ra, type], "no column for the declination")
        try refused([id, ra, dec], "no column for star or galaxy")
        try refused([id, ra, Column("dec", .double([1, 95])), type], "row 2 (objectId 2)")
        try refused([Column("objectId", .int64([1, 1])), ra, dec, type], "objectId twice")
        try refused([id, ra, dec, Column("type", .string(ByteStrings(["star", "comet"])))], "'comet'")
        #expect(throws: PostgresError.self) { try fixture.int("SELECT count(*) FROM ppdb.\"Object\"") }
    }
}
