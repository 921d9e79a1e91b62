import Catalog
import Columns
import Foundation
import Sphere
import Testing

@Suite("Region queries", .serialized) struct QueryRegionTests {
    private struct Case {
        var region: Region
        var contains: (Double, Double) -> Bool
    }

    /// Circles and boxes around a survey, and whether they hold a position by arithmetic of the test's own.
    private func cases(_ centre: (ra: Double, dec: Double)) throws -> [Case] {
        var out: [Case] = []
        for (dRa, dDec, radius) in [(0.0, 0.0, 0.25), (0.3, 0.2, 0.2), (0, 0, 180), (0, -0.1, 0.002)] {
            let (ra, dec) = (centre.ra + dRa < 360 ? centre.ra + dRa : centre.ra + dRa - 360, min(90, centre.dec + dDec))
            out.append(
                Case(region: .circle(try Circle(ra: ra, dec: dec, radiusDegrees: radius))) {
                    haversineDegrees(ra, dec, $0, $1) <= radius
                })
        }
        // Over RA 0 where the field lies there.
        let (west, east) = (
            centre.ra - 0.2 < 0 ? centre.ra + 359.8 : centre.ra - 0.2, centre.ra + 0.3 < 360 ? centre.ra + 0.3 : centre.ra - 359.7
        )
        let (south, north) = (centre.dec - 0.2, min(90, centre.dec + 0.1))
        out.append(
            Case(region: .box(try Box(ra1: west, dec1: south, ra2: east, dec2: north))) { ra, dec in
                dec >= south && dec <= north && (west < east ? ra >= west && ra <= east : ra >= west || ra <= east)
            })
        // A polygon that is what three half spaces leave, by triple products of Cartesian vectors.
        let corners = [(-0.3, -0.3), (0.3, -0.25), (0.05, 0.3)].map { (centre.ra + $0, min(89.99, centre.dec + $1)) }
        func vector(_ ra: Double, _ dec: Double) -> [Double] {
            let (a, d) = (ra * .pi / 180, dec * .pi / 180)
            return [cos(d) * cos(a), cos(d) * sin(a), sin(d)]
        }
        func side(_ a: [Double], _ b: [Double], _ p: [Double]) -> Double {
            (a[1] * b[2] - a[2] * b[1]) * p[0] + (a[2] * b[0] - a[0] * b[2]) * p[1] + (a[0] * b[1] - a[1] * b[0]) * p[2]
        }
        let v = corners.map { vector($0.0, $0.1) }
        out.append(
            Case(region: .polygon(try ConvexPolygon(raDec: corners.map { (ra: $0.0, dec: $0.1) }))) { ra, dec in
                let p = vector(ra, dec)
                let sides = (0..<3).map { side(v[$0], v[($0 + 1) % 3], p) }
                return sides.allSatisfy { $0 >= 0 } || sides.allSatisfy { $0 <= 0 }
            })
        return out
    }

    private func brute(_ table: Table, _ contains: (Double, Double) -> Bool) -> Table {
        let (ra, dec) = (table["ra"]!.doubles!, table["dec"]!.doubles!)
        return table.rows { contains(ra[$0], dec[$0]) }.canonical
    }

    @Test(
        "every region gives at every time what the tables held then, withdrawn rows left out or not, with trixels and with S2 cells",
        arguments: [(150.0, -30.0, "htm20"), (0.0, 20.0, "htm20"), (75.0, 89.9, "htm20"), (359.9, -5.0, "s2-20")])
    func asOf(ra: Double, dec: Double, pixelization: String) throws {
        let survey = try QuerySurvey(ra: ra, dec: dec, pixelization: pixelization)
        try survey.live()
        var rows = 0
        for (place, one) in try cases((ra, dec)).enumerated() {
            for (number, moment) in survey.moments.enumerated() {
                for name in QuerySurvey.tables {
                    var query = RegionQuery(region: one.region)
                    query.table = name
                    query.asOf = moment.mjdTai
                    let answer = try query.run(on: survey.connection, generation: survey.generation, pixelization: survey.pixelization)
                    let expected = brute(moment.tables[name]!.kept, one.contains)
                    rows += expected.rowCount
                    #expect(answer.canonical == expected, "\(name) at moment \(number), \(one.region)")
                    if place > 0 { continue }
                    query.includesWithdrawn = true
                    let all = try query.run(on: survey.connection, generation: survey.generation, pixelization: survey.pixelization)
                    #expect(all.canonical == brute(moment.tables[name]!, one.contains), "\(name) at moment \(number), withdrawn too")
                }
            }
        }
        #expect(rows > 1000)
    }

    @Test("the present, with limits of time and a choice of columns, is what a filter of the whole table gives")
    func present() throws {
        let survey = try QuerySurvey()
        try survey.live()
        let now = survey.moments.last!
        let times = now.tables["DiaSource"]!["midpointMjdTai"]!.doubles!.sorted()
        let (since, until) = (times[times.count / 4], times[times.count * 3 / 4])
        for one in try cases(survey.centre) {
            for name in ["DiaSource", "DiaForcedSource"] {
                var query = RegionQuery(region: one.region)
                query.table = name
                (query.since, query.until) = (since, until)
                query.columns = ["midpointMjdTai", "diaObjectId", "ra"]
                let answer = try query.run(on: survey.connection, generation: survey.generation, pixelization: survey.pixelization)
                let table = now.tables[name]!.kept
                let time = table["midpointMjdTai"]!.doubles!
                let (ra, dec) = (table["ra"]!.doubles!, table["dec"]!.doubles!)
                let expected = table.rows { time[$0] >= since && time[$0] <= until && one.contains(ra[$0], dec[$0]) }
                #expect(answer.columnNames == query.columns)
                #expect(answer.canonical == expected.selecting(query.columns!)!.canonical)
            }
        }
    }

    @Test("a time before everything gives no rows and all columns, and so does a region without any")
    func nothing() throws {
        let survey = try QuerySurvey(visits: 2)
        try survey.load(0..<2)
        for name in QuerySurvey.tables {
            var query = RegionQuery(region: .circle(try Circle(ra: 150, dec: -30, radiusDegrees: 10)))
            query.table = name
            query.asOf = 50_000
            let before = try query.run(on: survey.connection, generation: survey.generation, pixelization: survey.pixelization)
            query.region = .circle(try Circle(ra: 10, dec: 80, radiusDegrees: 0.1))
            query.asOf = nil
            let elsewhere = try query.run(on: survey.connection, generation: survey.generation, pixelization: survey.pixelization)
            for answer in [before, elsewhere] {
                #expect(answer.rowCount == 0)
                #expect(Set(answer.columnNames) == Set(survey.moments[0].tables[name]!.columnNames))
            }
        }
    }

    @Test("the past of DiaObjectLast, unknown tables and columns and times that are no numbers are refused in one sentence")
    func refused() throws {
        let survey = try QuerySurvey(visits: 2)
        func message(_ change: (inout RegionQuery) -> Void) throws -> String {
            var query = RegionQuery(region: .circle(try Circle(ra: 150, dec: -30, radiusDegrees: 1)))
            change(&query)
            do {
                _ = try query.run(on: survey.connection, generation: survey.generation, pixelization: survey.pixelization)
            } catch let error as CatalogError where error.isBadRequest { return error.description }
            return "not refused"
        }
        #expect(try message { ($0.table, $0.asOf) = ("DiaObjectLast", 61_000) }.contains("choose DiaObject for a past time"))
        #expect(try message { $0.table = "Nothing" }.contains("no table Nothing"))
        #expect(try message { $0.columns = ["none"] }.contains("no column none"))
        #expect(try message { $0.columns = ["ra", "ra"] }.contains("named twice"))
        #expect(try message { $0.since = .nan }.contains("no number"))
    }
}
