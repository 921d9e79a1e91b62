import Foundation
import TestSupport
import Testing

@testable import Release

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("The chart of a plan")
struct PlanChartTests {
    /// What an XML parser sees: elements with their attributes.
    private final class Elements: NSObject, XMLParserDelegate {
        var found: [(name: String, attributes: [String: String])] = []
        var text = ""

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
        ) { found.append((name, attributes)) }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

        init(_ svg: String) throws {
            super.init()
            let parser = XMLParser(data: Data(svg.utf8))
            parser.delegate = self
            try #require(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        }
    }

    private func standing(_ today: String, name: String = "DR1") throws -> PlanStanding {
        let plan = try ReleasePlan(yaml: PlanFixture.plan([("name: DR1", "name: '\(name)'")]), name: "p")
        return PlanStanding(plan, states: StepStates(), today: PlanDate(today)!)
    }

    @Test("every step of every release is in it, with the dates and days of the plan")
    func numbers() throws {
        let plan = try ReleasePlan(yaml: ReleasePlan.example(), name: "p")
        let standing = PlanStanding(plan, states: StepStates(), today: PlanDate("2027-06-01")!)
        let groups = try Elements(PlanChart(standing, showsToday: false).svg).found.filter { $0.attributes["data-step"] != nil }
        #expect(groups.count == 18)
        for (group, row) in zip(groups, standing.rows) {
            #expect(group.attributes["data-release"] == row.release)
            #expect(group.attributes["data-step"] == row.planned.step.rawValue)
            #expect(group.attributes["data-start"] == row.planned.start.description)
            #expect(group.attributes["data-end"] == row.planned.end.description)
            #expect(group.attributes["data-days"] == "\(row.planned.days)")
        }
    }

    @Test("bars begin and end where their dates are on the scale of time")
    func places() throws {
        let standing = try standing("2027-01-01")
        let found = try Elements(PlanChart(standing, showsToday: false).svg).found
        let bars = found.filter { $0.attributes["class"] == "planned" }
        let rows = standing.rows.filter { !$0.planned.step.isMoment }
        #expect(bars.count == rows.count)
        let first = PlanDate("2027-01-15")!
        let perDay = PlanChart.chartWidth / Double(PlanDate("2027-12-01")! - first)
        for (bar, row) in zip(bars, rows) {
            let x = PlanChart.margin + PlanChart.labelWidth + Double(row.planned.start - first) * perDay
            #expect(abs(Double(bar.attributes["x"]!)! - x) < 0.06, "\(row.planned.step)")
            #expect(abs(Double(bar.attributes["width"]!)! - Double(row.planned.days) * perDay) < 0.06, "\(row.planned.step)")
        }
    }

    @Test("there is an arrow from each step to each that comes after it")
    func arrows() throws {
        let standing = try standing("2027-01-01")
        let found = try Elements(PlanChart(standing, showsToday: false).svg).found.compactMap { element in
            element.attributes["data-from"].map { "\($0) \(element.attributes["data-to"] ?? "")" }
        }
        let expected = standing.rows.flatMap { row in row.planned.predecessors.map { "\($0.rawValue) \(row.planned.step.rawValue)" } }
        #expect(found.sorted() == expected.sorted())
    }

    @Test("with today it says how many days late each step is, and without it does not")
    func late() throws {
        let standing = try standing("2027-02-01")
        let with = try Elements(PlanChart(standing, showsToday: true).svg).found
        #expect(with.filter { $0.attributes["data-today"] == "2027-02-01" }.count == 1)
        #expect(with.compactMap { $0.attributes["data-late-days"] } == standing.rows.map { "\($0.lateDays)" })
        #expect(standing.rows.contains { $0.lateDays > 0 })
        #expect(try Elements(PlanChart(standing, showsToday: true).svg).text.contains("2027-01-15, 17 d late"))
        #expect(try Elements(PlanChart(standing, showsToday: false).svg).found.allSatisfy { $0.attributes["data-late-days"] == nil })
    }

    @Test("a name that XML would take for its own stands in it as written")
    func escaping() throws {
        let name = "DR<1> & \"x\""
        let elements = try Elements(PlanChart(standing("2027-02-01", name: name), showsToday: true).svg)
        #expect(elements.text.contains(name))
        #expect(elements.found.contains { $0.attributes["data-release"] == name })
    }

    @Test("it needs nothing but itself, and has colours for light and dark")
    func selfContained() throws {
        let svg = try PlanChart(standing("2027-02-01"), showsToday: true).svg
        #expect(svg.components(separatedBy: "http").count == 2, "no address but that of SVG itself")
        #expect(try !Elements(svg).found.contains { ["image", "script", "use", "foreignObject"].contains($0.name) })
        #expect(svg.contains("@media (prefers-color-scheme: dark)"))
    }
}
