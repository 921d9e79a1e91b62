import Catalog
import Columns
import Foundation
import Ppdb
import Sphere
import TestSupport
import Testing

@Suite("HATS collections", .serialized) struct ProductsHATSTests {
    @Test("partitions cover every row once and weigh no more than they may, unless they are of the finest order")
    func plan() {
        var generator = SeededGenerator(state: 1)
        var weights: [Int64: Int] = [:]
        // A crowded spot and a thin sky.
        for _ in 0..<20_000 { weights[Int64.random(in: 5_000_000..<5_002_000, using: &generator), default: 0] += 1 }
        for _ in 0..<5000 { weights[Int64.random(in: 0..<12 << 20, using: &generator), default: 0] += 1 }
        weights[7] = 3000
        let cells = weights.sorted { $0.key < $1.key }.map { HATSPlan.Cell(pixel: $0.key, weight: $0.value) }
        let plan = HATSPlan(cells, weightMax: 500)
        let bits = Int64(2 * (29 - HATSPlan.finestOrder))
        for partition in plan.partitions {
            let inside = cells.filter { partition.finest.contains($0.pixel << bits) }
            #expect(inside.reduce(0) { $0 + $1.weight } == partition.weight && partition.weight > 0)
            #expect(partition.weight <= 500 || partition.order == HATSPlan.finestOrder)
        }
        #expect(plan.partitions.reduce(0) { $0 + $1.weight } == 28_000)
        #expect(zip(plan.partitions, plan.partitions.dropFirst()).allSatisfy { $0.finest.upperBound < $1.finest.lowerBound })
        #expect(Set(plan.partitions.map(\.order)).count > 2)
    }

    @Test("pieces keep rows of one pixel together, cover all and weigh up to the limit where they can")
    func pieces() {
        let pixels: [Int64] = [1, 2, 2, 2, 5, 9, 9, 12]
        let weights: [Int64] = [3, 4, 4, 4, 1, 2, 2, 50]
        #expect(HATSPlan.pieces(pixels: pixels, weights: weights, weightMax: 10) == [1...2, 5...9, 12...12])
        #expect(HATSPlan.pieces(pixels: [], weights: [], weightMax: 10) == [])
    }

    /// A survey over the border of base pixels at RA 180, cut fine.
    private static func made(rows: Int = 300) throws -> (ProductsFixture, NightProduct.Outcome) {
        let fixture = try ProductsFixture { $0.centreRa = 180.0 }
        var product = HATSProduct()
        product.rowsMax = rows
        return (fixture, try product.run(fixture.tables(), to: fixture.place("collection")))
    }

    @Test(
        "the collection passes hats's strict validation; the margin holds exactly the objects that hats's own margin pixels hold",
        .enabled(if: ProductTools.areThere, "needs hats, lsdb and duckdb: run tools/bootstrap"))
    func validation() throws {
        let (fixture, outcome) = try Self.made()
        defer { withExtendedLifetime(fixture) {} }
        let text = try GoldenScript.program(
            """
            import numpy as np, pyarrow.parquet as pq, glob, re
            from hats.io.validation import is_valid_collection
            from hats.pixel_math.pixel_margins import get_margin
            print(is_valid_collection('.', strict=True))
            def rows(name):
                out = {}
                for f in glob.glob(name + '/dataset/Norder=*/Dir=*/Npix=*.parquet'):
                    k, n = map(int, re.search('Norder=(\\\\d+).*Npix=(\\\\d+)', f).groups())
                    t = pq.ParquetFile(f).read(columns=['_healpix_29', 'diaObjectId'])
                    out[k, n] = (t['_healpix_29'].to_numpy(), t['diaObjectId'].to_numpy())
                return out
            main, margin = rows('dia_object'), rows('dia_object_10arcs')
            h = np.concatenate([v[0] for v in main.values()]); ids = np.concatenate([v[1] for v in main.values()])
            assert len(set(ids)) == len(ids)
            total = 0
            for (k, n), (hp, _) in main.items():
                assert (np.diff(hp) >= 0).all() and (hp >> 2 * (29 - k) == n).all()
                wanted = set(ids[np.isin(h >> 32, get_margin(k, n, 13 - k))])
                assert wanted == set(margin.get((k, n), ([], []))[1]), (k, n)
                total += len(wanted)
            print(len(main) > 3, total > 0)
            """, in: outcome.path)
        #expect(text == "True\nTrue True\n")
    }

    @Test(
        "lsdb opens it: a cone search gives the rows of the cone query, a cross-match with itself finds every object, light curves are whole",
        .enabled(if: ProductTools.areThere, "needs hats, lsdb and duckdb: run tools/bootstrap"))
    func lsdb() throws {
        let (fixture, outcome) = try Self.made()
        let connection = try fixture.instance.connect(as: .reader)
        let generation = try fixture.instance.currentGeneration(on: connection)
        let query = RegionQuery(region: .circle(try Circle(ra: 180.05, dec: -30.02, radiusDegrees: 0.2)))
        let inside = try query.run(on: connection, generation: generation, pixelization: fixture.instance.pixelization(on: connection))
        let ids = try #require(inside["diaObjectId"]?.int64s)
        #expect(ids.count > 5 && ids.count < outcome.manifest.rows["DiaObject"] ?? 0)
        let sources = try fixture.int(
            "SELECT count(*) FROM ppdb.\"DiaSource\" WHERE \"diaObjectId\" IN (\(ids.map(String.init).joined(separator: ",")))")
        let text = try GoldenScript.program(
            """
            import lsdb, dask
            dask.config.set(scheduler='synchronous')
            c = lsdb.open_catalog('.')
            assert c.margin is not None
            cone = c.cone_search(ra=180.05, dec=-30.02, radius_arcsec=720).compute()
            print(','.join(str(i) for i in sorted(cone['diaObjectId'])))
            print(int(cone['diaSource'].nest.to_flat().shape[0]))
            assert (cone['diaSource'].nest.to_flat()['midpointMjdTai'] > 0).all()
            both = c[['diaObjectId', 'ra', 'dec']].crossmatch(
                c[['diaObjectId', 'ra', 'dec']], n_neighbors=1, radius_arcsec=0.01, suffixes=('_a', '_b'), suffix_method='all_columns').compute()
            print(int((both['diaObjectId_a'] == both['diaObjectId_b']).sum()))
            """, in: outcome.path)
        #expect(
            text
                == "\(ids.sorted().map(String.init).joined(separator: ","))\n\(sources)\n\(outcome.manifest.rows["DiaObject"] ?? 0)\n")
    }

    @Test(
        "duckdb and pyarrow read light curves as the PPDB has them, with units in the schema, and _metadata lists every row",
        .enabled(if: ProductTools.areThere, "needs hats, lsdb and duckdb: run tools/bootstrap"))
    func curves() throws {
        let (fixture, outcome) = try Self.made()
        let counts = ["DiaObject", "DiaSource", "DiaForcedSource"].map { outcome.manifest.rows[$0] ?? 0 }
        let sum = try fixture.tables().connection.query(
            """
            SELECT sum(s."diaSourceId" % 1000003)::bigint AS a FROM ppdb."DiaSource" AS s
            JOIN ppdb."DiaObject" AS o ON o."diaObjectId" = s."diaObjectId" AND o."validityEndMjdTai" IS NULL
            """)["a"]?.int64s?[0]
        let text = try GoldenScript.program(
            """
            import duckdb, pyarrow.parquet as pq
            q = duckdb.sql(\"\"\"SELECT count(*), sum(len(diaSource.psfFlux)), sum(len(diaForcedSource.psfFlux)),
                sum(list_sum(list_transform(diaSource.diaSourceId, lambda x: x % 1000003)))
                FROM read_parquet('dia_object/dataset/Norder=*/Dir=*/*.parquet')\"\"\").fetchall()[0]
            print(*(int(v) for v in q))
            m = pq.read_metadata('dia_object/dataset/_metadata')
            print(m.num_rows)
            s = pq.read_schema('dia_object/dataset/_common_metadata')
            print(s.field('ra').metadata[b'unit'].decode(), s.field('diaSource').type.field('psfFlux').metadata[b'unit'].decode())
            print(s.names[0], pq.read_metadata('dia_object/dataset/_common_metadata').num_rows)
            """, in: outcome.path)
        #expect(text == "\(counts[0]) \(counts[1]) \(counts[2]) \(sum ?? 0)\n\(counts[0])\ndeg nJy\n_healpix_29 0\n")
    }

    @Test(
        "a collection in one partition, whose margin is empty, is valid too, and is recognised when it is asked for again",
        .enabled(if: ProductTools.areThere, "needs hats, lsdb and duckdb: run tools/bootstrap"))
    func single() throws {
        let (fixture, outcome) = try Self.made(rows: 1_000_000)
        let text = try GoldenScript.program(
            """
            from hats.io.validation import is_valid_collection
            import lsdb
            print(is_valid_collection('.', strict=True), len(lsdb.open_catalog('.').compute()))
            """, in: outcome.path)
        #expect(text == "True \(outcome.manifest.rows["DiaObject"] ?? 0)\n")
        #expect(try HATSProduct().run(fixture.tables(), to: outcome.path).isNew == false)
    }
}
