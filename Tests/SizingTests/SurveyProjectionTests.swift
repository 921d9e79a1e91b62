import Testing

@testable import Sizing

@Suite struct SurveyProjectionTests {
    @Test("rows of a year are the model's numbers multiplied by hand, and the range holds what is expected")
    func byHand() throws {
        let model = try SurveyModel.named("lsst")
        let end = SurveyProjection(model, sizes: try UnitSizes(nil)).projection(years: 10).moments[9]
        // Ten years of 300 nights of 1,000 visits; the APDB has 360 days of them.
        #expect(end.visits == 3_000_000)
        let kept = 300_000 * 360 / 365.25
        #expect(abs(end["DiaSource"]!.rows - kept * 10_000) < 1)
        #expect(abs(end["ledger"]!.rows - 3e10) < 1)
        #expect(abs(end["PPDB"]!.rows - 3e6 * (9600 * 2 + 400 + 7000)) < 1)
        // The repeating objects are all found by then; those of one source are of the last 360 days.
        #expect(abs(end["DiaObjectLast"]!.rows - (1400 * 18_000 + kept * 3000)) < 1e3)
        for component in end.components {
            #expect(component.bytes.low <= component.bytes.expected && component.bytes.expected <= component.bytes.high)
            #expect(component.indexBytes <= component.bytes.expected && !component.basis.isEmpty)
        }
    }

    @Test("a longer retention grows what it keeps and nothing else, in the measure of the time")
    func retention() throws {
        let (model, sizes) = (try SurveyModel.named("lsst"), try UnitSizes(nil))
        let difference = ProjectionDifference(
            from: SurveyProjection(model, sizes: sizes).projection(years: 5),
            to: SurveyProjection(model.keeping(months: 24), sizes: sizes).projection(years: 5))
        #expect(Set(difference.changes.map(\.component)) == ["DiaSource", "DiaForcedSource", "DiaObject", "DiaObjectLast"])
        let source = try #require(difference.changes.first { $0.component == "DiaSource" })
        #expect(abs(source.bytesAfter / source.bytesBefore - 2) < 1e-9)
    }

    @Test("an instance of few visits is not projected, and one is never projected backwards")
    func few() throws {
        #expect(throws: SizingError.self) { try InstanceProjection(SizingMeasurement()) }
        let visits = (0..<8).map {
            SizingMeasurement.Visit(
                visit: Int64($0), night: Int64($0), midpointMjdTai: Double($0), detectors: 1, diaSources: 10, diaForcedSources: 0,
                diaObjectsNew: 5,
                diaObjectsUpdated: 5, ssSources: 0, alerts: 0)
        }
        let own = try InstanceProjection(SizingMeasurement(visits: visits))
        #expect(throws: SizingError.self) { try own.projection(toVisits: 7) }
        #expect(try own.projection(toVisits: 8).moments.count == 11)
    }

    @Test("at the visits that are there, a projection is what was measured")
    func now() throws {
        let visits = (0..<8).map {
            SizingMeasurement.Visit(
                visit: Int64($0), night: Int64($0), midpointMjdTai: Double($0), detectors: 1, diaSources: 100, diaForcedSources: 0,
                diaObjectsNew: 50, diaObjectsUpdated: 50, ssSources: 0, alerts: 0)
        }
        let relation = { (table: String, partition: String?, rows: Int64) in
            SizingMeasurement.Relation(
                schema: "l1_0001", table: table, partition: partition, rows: rows, heapBytes: 200 * rows, mapBytes: 32768,
                indexBytes: 65536,
                indexCount: 2)
        }
        let measurement = SizingMeasurement(
            relations: [
                relation("DiaSource", "DiaSource_2035", 800), relation("DiaObject", "DiaObject_open", 400),
                relation("DiaObject", "DiaObject_2045", 400), relation("DiaObjectLast", nil, 400),
            ], visits: visits)
        let moment = try InstanceProjection(measurement).moment(visits: 8)
        for table in ["DiaSource", "DiaObject", "DiaObjectLast"] {
            #expect(abs((moment[table]?.bytes.expected ?? 0) - Double(measurement.bytes(of: table))) < 1, "\(table)")
        }
    }
}
