import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import SolarSystem
import Testing

@Suite("The catalog of orbits", .serialized) struct OrbitCatalogTests {
    @Test("an object keeps its identifier, and its orbit its row, when it gets a number and when a file has the number alone")
    func idsStay() throws {
        let sky = try OrbitSky()
        try sky.load(OrbitSky.record("2020 AB1"), OrbitSky.record("2021 CD2"))
        let before = try sky.ids("2020 AB1", "2021 CD2")
        #expect(try before[0] == Designation("2020 AB1").ssObjectId)
        try sky.load(OrbitSky.record("2020 AB1", number: 700_001, a: 2.6))
        #expect(try sky.ids("2020 AB1", "700001") == [before[0], before[0]])
        let outcome = try sky.load(OrbitSky.record(nil, number: 700_001, a: 2.7))
        #expect(outcome.changed == 1 && outcome.new == 0 && outcome.removed == 0)
        #expect(try sky.ids("700001", "2021 CD2") == before)
        let rows = try sky.orbits()
        #expect(rows.count == 2 && rows[0].contains("2020 AB1") && rows[0].contains("2.7"), "\(rows)")
        #expect(try sky.rows("SELECT * FROM \"numbered_identifications\"").count == 1)
        #expect(try sky.rows("SELECT * FROM \"current_identifications\"").count == 2)
    }

    @Test("an object first known by its number keeps that identifier when a file gives its provisional designation")
    func numberFirst() throws {
        let sky = try OrbitSky()
        try sky.load(OrbitSky.record(nil, number: 433))
        let id = try sky.ids("433")
        #expect(try id[0] == Designation("433").ssObjectId)
        let outcome = try sky.load(OrbitSky.record("A898 PA", number: 433, others: ["1956 PC"]))
        #expect(outcome.orbits == 1 && outcome.changed == 1)
        #expect(try sky.ids("433", "A898 PA", "1956 PC") == [id[0], id[0], id[0]])
        #expect(try sky.rows("SELECT \"designation\" FROM \"SSObject\"").first?.contains("\"A898 PA\"") == true)
    }

    @Test("two objects that turn out to be one are one object from then on, with one orbit")
    func joined() throws {
        let sky = try OrbitSky()
        try sky.load(OrbitSky.record("2015 AB1"), OrbitSky.record("2020 XY3"), OrbitSky.record("2021 CD2"))
        let ids = try sky.ids("2015 AB1", "2020 XY3")
        let outcome = try sky.load(OrbitSky.record("2020 XY3", others: ["2015 AB1"], a: 2.75))
        #expect(outcome.joined == 1 && outcome.orbits == 2)
        let kept = try #require(ids.compactMap { $0 }.min())
        #expect(try sky.ids("2015 AB1", "2020 XY3") == [kept, kept])
        #expect(try sky.rows("SELECT * FROM \"SSObject\"").count == 2)
        #expect(try sky.catalog().elements().rowCount == 2)
    }

    @Test("orbits that a file lacks stay, unless the file is said to be complete")
    func complete() throws {
        let sky = try OrbitSky()
        try sky.load(OrbitSky.record("2015 AB1", number: 700_001), OrbitSky.record("2020 XY3"))
        #expect(try sky.load(OrbitSky.record("2021 CD2")).removed == 0)
        #expect(try sky.orbits().count == 3)
        let outcome = try sky.load(OrbitSky.record("2020 XY3"), isComplete: true)
        #expect(outcome.removed == 2 && outcome.orbits == 1 && outcome.changed == 0)
        #expect(try sky.rows("SELECT * FROM \"numbered_identifications\"").isEmpty)
        // Who comes back is who it was.
        try sky.load(OrbitSky.record("2015 AB1"))
        #expect(try sky.ids("700001")[0] == Designation("2015 AB1").ssObjectId)
    }

    @Test("a file that is loaded again changes no row")
    func again() throws {
        let sky = try OrbitSky()
        let text = "[\(OrbitSky.record("2015 AB1", number: 700_001, others: ["2011 QQ"])), \(OrbitSky.record("2020 XY3"))]"
        let path = try sky.file(text)
        try sky.load(files: [path])
        let rows = try sky.everything().dropLast()
        let outcome = try sky.load(files: [path], isComplete: true)
        #expect(outcome.changed == 0 && outcome.new == 0 && outcome.removed == 0 && outcome.catalog == 2)
        #expect(try Array(sky.everything().dropLast()) == Array(rows))
    }

    @Test("a reader that began before a refresh sees the old catalog to its end, another the new one")
    func readers() throws {
        let sky = try OrbitSky()
        try sky.load(OrbitSky.record("2015 AB1", a: 2.25), OrbitSky.record("2020 XY3", a: 2.5))
        let old = try sky.sky.connection()
        let sql = "SELECT string_agg(\"designation\" || ' ' || \"a\", ', ' ORDER BY \"designation\") FROM \"mpc_orbits\""
        try old.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let before = try old.text(sql)
            try sky.load(OrbitSky.record("2020 XY3", a: 3), OrbitSky.record("2021 CD2", a: 3.5), isComplete: true)
            #expect(try old.text(sql) == before && before == "2015 AB1 2.25, 2020 XY3 2.5")
            #expect(try old.int64("SELECT count(*) FROM \"OrbitCatalog\"") == 1)
        }
        #expect(try old.text(sql) == "2020 XY3 3, 2021 CD2 3.5")
    }

    @Test("a bad file changes nothing, and the message names the line")
    func refused() throws {
        let sky = try OrbitSky()
        try sky.load(OrbitSky.record("2015 AB1"))
        let before = try sky.everything()
        let good = OrbitSky.record("2020 XY3")
        let files: [([String], String)] = [
            ([try sky.file("[\(good), \(good)]")], "record 2"),
            ([try sky.file("[\(good), \(OrbitSky.record("2021 CD2", others: ["2020 XY3"]))]")], "record 2"),
            ([try sky.file("[\(good), {\"a\": 2.5, \"Principal_desig\": \"2021 CD2\"}]")], "record 2"),
            ([try sky.file("[\(good), \(OrbitSky.record("2021 CD2", a: -2.5))]")], "record 2"),
            ([try sky.file("[\(good), \(good.dropLast(20))")], "record 2"),
            ([try sky.file("[\(good)]"), try sky.file("[\(good)]")], "2020 XY3"),
            ([try sky.file("designation,q,e,i,node,argperi,peri_time,epoch_mjd\n2020 XY3,1,0.5,1,2,3,61000,\n", "a.csv")], "row 1"),
            ([try sky.file("\n", "empty.dat")], "no orbit"), ([sky.folder + "/none"], "no such file"),
        ]
        for (paths, word) in files {
            let error = #expect(throws: IngestError.self, "\(paths)") { try sky.load(files: paths) }
            #expect("\(error.map { "\($0)" } ?? "")".contains(word), "\(paths): \(String(describing: error))")
        }
        #expect(try sky.everything() == before)
    }

    @Test("hyperbolic orbits, and columns of the schema in Parquet and CSV, are loaded with what they say")
    func columns() throws {
        let sky = try OrbitSky()
        let header = "designation,q,e,i,node,argperi,peri_time,epoch_mjd,h,a2\n"
        let csv = try sky.file(header + "2017 UX,0.2555,1.2011,122.74,24.6,241.8,58005.5,58080,22.1,1.5e-9\n", "orbits.csv")
        let numbered = try sky.file(
            "unpacked_primary_provisional_designation,permid\n2017 UX,700002\nA898 PA,433\n", "numbered.csv")
        try sky.load(files: [csv, numbered])
        let elements = try sky.catalog().elements()
        #expect(elements["e"]?.doubles == [1.2011] && elements["a2"]?.doubles == [1.5e-9])
        #expect(elements["u_param"]?.isNull(0) == true)
        let ids = try sky.ids("2017 UX", "700002", "A898 PA", "433")
        #expect(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2])
        let path = sky.folder + "/orbits.parquet"
        try ParquetWriter.write(
            Table([
                Column("designation", .string(.init(["700002"]))), Column("q", .double([0.3])), Column("e", .double([1])),
                Column("i", .double([1])), Column("node", .double([2])), Column("argperi", .double([3])),
                Column("peri_time", .double([58_005])), Column("epoch_mjd", .double([58_080])),
            ]), to: path)
        #expect(try sky.load(files: [path]).changed == 1)
        #expect(try sky.catalog().elements()["q"]?.doubles == [0.3])
    }

    @Test("states that are stored are those that are read; those that are not given go")
    func states() throws {
        let sky = try OrbitSky()
        let catalog = try sky.catalog(.ingest)
        func table(_ ids: [Int64], _ x: Double) -> Table {
            Table(
                [Column("ssObjectId", .int64(ids)), Column("epochMjdTdb", .double(ids.map { _ in 61_000 }))]
                    + ["x", "y", "z", "vx", "vy", "vz"].map { Column($0, .double(ids.map { x + Double($0) })) }
                    + [Column("orbitKey", .int64(ids))])
        }
        for (ids, x, written, removed) in [([1, 2, 3] as [Int64], 0.5, 3, 0), ([2, 3], 0.5, 0, 1), ([3, 4], 0.25, 2, 1)] {
            let counts = try catalog.storeStates(table(ids, x))
            #expect(counts.written == written && counts.removed == removed)
        }
        #expect(try catalog.states()["x"]?.doubles == [3.25, 4.25])
    }
}
