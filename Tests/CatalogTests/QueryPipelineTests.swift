import Catalog
import Columns
import Foundation
import Postgres
import Sphere
import Testing

@Suite("Queries of pipelines", .serialized) struct QueryPipelineTests {
    @Test("identifiers give at every time the rows that the tables held of them, and name those that had none")
    func identifiers() throws {
        let survey = try QuerySurvey()
        try survey.live()
        for (number, moment) in survey.moments.enumerated() {
            for name in QuerySurvey.tables {
                let table = moment.tables[name]!.kept
                let column = table["diaObjectId"]!
                // Every third object that ever was, so that those closed or founded by then are among them, and one that never was.
                let ever = Set(survey.moments.flatMap { $0.tables["DiaObject"]!["diaObjectId"]!.int64s! }).sorted()
                let ids = ever.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) + [-5]
                var query = IdentifierQuery(diaObjectIds: ids + ids.prefix(2), table: name)
                query.asOf = moment.mjdTai
                let answer = try query.run(on: survey.connection, generation: survey.generation, pixelization: survey.pixelization)
                let expected = table.rows { !column.isNull($0) && ids.contains(column.int64s![$0]) }
                #expect(answer.rows.canonical == expected.canonical, "\(name) at moment \(number)")
                #expect(answer.missing == Set(ids).subtracting(expected["diaObjectId"]!.int64s!).sorted())
            }
            let sources = moment.tables["DiaSource"]!
            let ids = sources["diaSourceId"]!.int64s!.sorted().enumerated().filter { $0.offset % 5 == 0 }.map(\.element)
            var query = IdentifierQuery(diaSourceIds: ids)
            (query.asOf, query.includesWithdrawn) = (moment.mjdTai, true)
            query.columns = ["ra", "diaObjectId", "tile"]
            let answer = try query.run(on: survey.connection, generation: survey.generation, pixelization: survey.pixelization)
            let all = sources["diaSourceId"]!.int64s!
            let expected = sources.rows { Set(ids).contains(all[$0]) }
            #expect(answer.rows.columnNames == ["ra", "diaObjectId", "tile"])
            #expect(answer.rows["ra"]!.doubles!.sorted() == expected["ra"]!.doubles!.sorted())
            #expect(answer.rows["tile"]!.int32s!.sorted() == expected["tile"]!.int32s!.sorted())
            #expect(answer.missing == [])
        }
    }

    @Test("objects changed since a time are those whose row of the time before differs, each with what became of it")
    func changed() throws {
        let survey = try QuerySurvey()
        try survey.live()
        let now = survey.moments.last!.tables["DiaObject"]!
        func versions(_ table: Table) -> [Int64: Double] {
            Dictionary(uniqueKeysWithValues: zip(table["diaObjectId"]!.int64s!, table["validityStartMjdTai"]!.doubles!))
        }
        let present = versions(now)
        for (number, moment) in survey.moments.enumerated() {
            let past = versions(moment.tables["DiaObject"]!)
            let everBefore = Set(survey.moments[...number].flatMap { $0.tables["DiaObject"]!["diaObjectId"]!.int64s! })
            var expected: [Int64: String] = [:]
            for (id, start) in present where past[id] != start { expected[id] = everBefore.contains(id) ? "changed" : "created" }
            for later in survey.moments[number...] {
                for id in versions(later.tables["DiaObject"]!).keys where present[id] == nil { expected[id] = "closed" }
            }
            var query = ChangedObjectsQuery(since: moment.mjdTai)
            let rows = try query.run(on: survey.connection, generation: survey.generation)
            let answer = Dictionary(
                uniqueKeysWithValues: rows["diaObjectId"]!.int64s!.enumerated().map { ($1, rows["change"]!.strings![$0]) })
            #expect(answer == expected, "moment \(number)")
            query.onlyCreated = true
            query.columns = ["diaObjectId"]
            let created = try query.run(on: survey.connection, generation: survey.generation)
            #expect(created["diaObjectId"]!.int64s! == expected.filter { $0.value == "created" }.keys.sorted())
        }
    }

    @Test("a visit-detector is found once it was processed, by visit, by time, and not before")
    func visits() throws {
        let survey = try QuerySurvey(visits: 6)
        try survey.load(0..<3)
        func rows(_ query: VisitDetectorQuery) throws -> Table { try query.run(on: survey.connection, generation: survey.generation) }
        #expect(try rows(VisitDetectorQuery()).rowCount == 12)
        let first = try rows(VisitDetectorQuery(visit: 100_000))
        #expect(first["detector"]!.int32s! == [0, 1, 2, 3] && first["digest"]!.strings![0].count == 64)
        let time = first["midpointMjdTai"]!.doubles![0]
        #expect(try rows(VisitDetectorQuery(since: time, until: time)).rowCount == 4)
        #expect(try rows(VisitDetectorQuery(until: time - 1e-6)).rowCount == 0)
        #expect(try rows(VisitDetectorQuery(visit: 100_002, detector: 3)).rowCount == 1)
        #expect(try rows(VisitDetectorQuery(visit: 100_003)).rowCount == 0)
        func isProcessed(_ visit: Int64, _ detector: Int32) throws -> Bool {
            try VisitDetectorQuery.isProcessed(visit: visit, detector: detector, on: survey.connection, generation: survey.generation)
        }
        #expect(try isProcessed(100_002, 3) && !isProcessed(100_003, 0) && !isProcessed(100_000, 4))
    }

    @Test("unassociated sources by night, and with those of single objects, are what a filter of the whole table gives")
    func unassociated() throws {
        let survey = try QuerySurvey()
        try survey.live()
        let now = survey.moments.last!
        let sources = now.tables["DiaSource"]!.kept
        let (time, object, solar) = (sources["midpointMjdTai"]!.doubles!, sources["diaObjectId"]!, sources["ssObjectId"]!)
        let objects = now.tables["DiaObject"]!
        let single = Set(zip(objects["diaObjectId"]!.int64s!, objects["nDiaSources"]!.numbers!).filter { $0.1 == 1 }.map(\.0))
        func isAlone(_ row: Int) -> Bool { object.isNull(row) && solar.isNull(row) }
        for offset in [0.0, 16.0 / 24] {
            func night(_ row: Int) -> Int { Int((time[row] - offset).rounded(.down)) }
            let expected = Dictionary(grouping: (0..<sources.rowCount).filter(isAlone), by: night)
            let counts = try UnassociatedQuery().counts(on: survey.connection, generation: survey.generation, nightStartDays: offset)
            let answer = Dictionary(
                uniqueKeysWithValues: zip(counts["night"]!.int32s!.map(Int.init), counts["nDiaSources"]!.int64s!.map(Int.init)))
            #expect(answer == expected.mapValues(\.count))
            #expect(expected.count > 1)
            for chosen in Set((0..<sources.rowCount).map(night)) {
                var query = UnassociatedQuery(night: chosen, nightStartDays: offset)
                let rows = try query.run(on: survey.connection, generation: survey.generation)
                #expect(rows.canonical == sources.rows { night($0) == chosen && isAlone($0) }.canonical)
                query.includesSingles = true
                let more = try query.run(on: survey.connection, generation: survey.generation)
                let wanted = sources.rows { row in
                    night(row) == chosen && (isAlone(row) || !object.isNull(row) && single.contains(object.int64s![row]))
                }
                #expect(more.canonical == wanted.canonical)
                #expect(more.rowCount > rows.rowCount)
            }
        }
    }

    @Test("the unassociated sources of a night come from their partial index, without a sequential scan of DiaSource")
    func index() throws {
        let survey = try QuerySurvey()
        try survey.load(0..<20)
        let owner = try survey.test.connection(.owner)
        // As many associated rows that a scan would cost more.
        let columns = survey.moments[0].tables["DiaSource"]!.columnNames
        let copied = columns.map { $0 == "diaSourceId" ? "\"diaSourceId\" + n * 1000000000000" : "\"\($0)\"" }.joined(separator: ", ")
        try owner.execute(
            """
            INSERT INTO l1_0001."DiaSource" (\(columns.map { "\"\($0)\"" }.joined(separator: ", ")))
            SELECT \(copied) FROM l1_0001."DiaSource", generate_series(1, 40) AS n WHERE "diaObjectId" IS NOT NULL;
            ANALYZE l1_0001."DiaSource";
            """)
        let time = survey.moments[0].tables["DiaSource"]!["midpointMjdTai"]!.doubles!.min()!
        let query = UnassociatedQuery(night: Int(time))
        let plan = try owner.query("EXPLAIN " + query.statement(survey.generation))
        let text = (0..<plan.rowCount).map { plan.columns[0].strings![$0] }.joined(separator: "\n")
        // The index of a partition is called after the partition and the column.
        let names = try owner.query(
            """
            SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'l1_0001."DiaSource_unassociatedTime"'::regclass
            """)["name"]!.strings!
        #expect((0..<names.count).contains { text.contains(names[$0]) }, "\(text)")
        #expect(!text.contains("Seq Scan"), "\(text)")
    }

    @Test(
        "a region's history has every row of the region and the window, all columns, and nothing that was withdrawn or is out of the window"
    )
    func history() throws {
        let survey = try QuerySurvey()
        try survey.live()
        let now = survey.moments.last!
        let region = Region.circle(try Circle(ra: 150, dec: -30, radiusDegrees: 0.2))
        let times = now.tables["DiaSource"]!["midpointMjdTai"]!.doubles!.sorted()
        // Thirty days before the end lie within the survey, and visits after it too.
        let end = times[times.count * 3 / 4] + 1e-9
        let history = RegionHistory(region: region, mjdTai: end + 20, sourceMonths: 1, forcedSourceMonths: 1)
        let answer = try history.read(on: survey.connection, generation: survey.generation, pixelization: survey.pixelization)
        for (name, rows, window) in [
            ("DiaObject", answer.diaObjects, false), ("DiaSource", answer.diaSources, true),
            ("DiaForcedSource", answer.diaForcedSources, true),
        ] {
            func inWindow(_ table: Table) -> Table {
                guard window, let time = table["midpointMjdTai"]?.doubles else { return table }
                return table.rows { time[$0] > end - 10 && time[$0] <= end + 20 }
            }
            func inside(_ table: Table) -> Table {
                let (ra, dec) = (table["ra"]!.doubles!, table["dec"]!.doubles!)
                return table.rows { haversineDegrees(150, -30, ra[$0], dec[$0]) <= 0.2 }
            }
            let expected = inWindow(inside(now.tables[name]!.kept))
            #expect(expected.rowCount > 0 && inside(rows).canonical == expected.canonical, "\(name)")
            #expect(inWindow(rows).rowCount == rows.rowCount && rows.kept.rowCount == rows.rowCount, "\(name)")
        }
    }
}
