import Testing

@testable import Release

@Suite("A plan of releases")
struct ReleasePlanTests {
    private func date(_ text: String) -> PlanDate { PlanDate(text)! }

    @Test("the example is accepted, with its releases in order")
    func example() throws {
        let plan = try ReleasePlan(yaml: ReleasePlan.example(), name: "example")
        #expect(plan.releases.map(\.name) == ["DR1", "DR2"])
    }

    @Test("a step without a start begins when the last of what it comes after is complete")
    func derived() throws {
        let release = try ReleasePlan(yaml: PlanFixture.plan(), name: "p").releases[0]
        // 2027-02-20 and 45 days is 2027-04-06, later than the templates' 2027-03-21.
        #expect(release[.movingObjectProcessing].start == date("2027-04-06"))
        #expect(release[.level1Reprocessing].start == date("2027-04-26"))
        #expect(release[.level1Reprocessing].end == date("2027-07-25"))
        #expect(release[.catchUp].start == date("2027-07-25"))
    }

    @Test("inputs that are not named are those up to the cutoff, and from there to the end of the catch-up")
    func inputs() throws {
        let release = try ReleasePlan(yaml: ReleasePlan.example(), name: "p").releases[1]
        #expect(release[.level1Reprocessing].inputs?.through == date("2028-01-15"))
        #expect(release[.level1Reprocessing].inputs?.from == nil)
        #expect(release[.catchUp].inputs?.from == date("2028-01-15"))
        #expect(release[.catchUp].inputs?.through == date("2028-09-01"))
    }

    @Test("a start is as far before an end as the days say")
    func backwards() throws {
        let text = try PlanFixture.plan([("checks: {start: 2027-08-10, end: 2027-08-31", "checks: {end: 2027-08-31, days: 21")])
        #expect(try ReleasePlan(yaml: text, name: "p").releases[0][.checks].start == date("2027-08-10"))
    }

    /// What is changed in the example, where the line to blame is found, and what the sentence says.
    static let faults: [(old: String, new: String, at: String, says: String)] = [
        ("checks: {start", "checks: {begin", "checks: {begin", "checks of DR1 has no key begin: known are start, end, days, after"),
        ("      retirement:", "      departure:", "departure:", "steps of DR1 has no key departure"),
        ("    steps:", "    stages:", "stages:", "a release has no key stages: known are name, steps"),
        ("  - name: DR1\n", "  - title: DR1\n", "title", "a release has no key title"),
        ("date: 2027-01-15}", "date: 2027-02-30}", "2027-02-30", "date of inputCutoff of DR1 is 2027-02-30: it must be a day"),
        ("days: 60", "days: sixty", "sixty", "days of templateGeneration of DR1 is sixty: it must be a whole number"),
        ("days: 60", "days: -1", "days: -1", "is -1: it must be a whole number of days from 0"),
        ("days: 60", "days:", "days:,", "the key days of templateGeneration of DR1 has no value"),
        ("after: [checks]", "after: [czechs]", "czechs", "replacement of DR1 comes after czechs, which is no step"),
        ("{date: 2027-09-01, after: [checks]}", "{after: [checks]}", "replacement: {after", "replacement of DR1 has no date"),
        ("start: 2027-01-20, days: 60", "start: 2027-01-20", "templateGeneration: {start", "templateGeneration of DR1 has no dates"),
        ("end: 2027-08-31", "end: 2027-08-01", "checks: {start", "checks of DR1 ends on 2027-08-01, before it starts on 2027-08-10"),
        ("end: 2027-08-31", "days: 21, end: 2027-08-30", "checks: {start", "has 21 days, and 20 from 2027-08-10 to 2027-08-30"),
        (
            "inputCutoff: {date: 2027-01-15}", "inputCutoff: {date: 2027-01-15, after: [retirement]}", "inputCutoff: {date",
            "inputCutoff after retirement after replacement after checks after level1Reprocessing after templateGeneration after inputCutoff"
        ),
        ("after: [checks]}", "after: [replacement]}", "replacement: {date", "in a circle: replacement after replacement"),
        (
            "level1Reprocessing: {days: 90, after: [templateGeneration, movingObjectProcessing]}",
            "level1Reprocessing: {start: 2027-03-01, days: 90}", "level1Reprocessing: {start",
            "begins on 2027-03-01, before templateGeneration is complete on 2027-03-21 (line 8): it needs it"
        ),
        (
            "level1Reprocessing: {days: 90, after: [templateGeneration, movingObjectProcessing]}",
            "level1Reprocessing: {start: 2027-04-20, days: 90}", "level1Reprocessing: {start",
            "begins on 2027-04-20, before movingObjectProcessing is complete on 2027-04-26"
        ),
        ("start: 2027-01-20", "start: 2027-01-10", "templateGeneration: {start", "begins on 2027-01-10, before inputCutoff is complete"),
        ("start: 2027-08-10", "start: 2027-07-01", "checks: {start", "checks of DR1 begins on 2027-07-01, before level1Reprocessing"),
        ("date: 2027-12-01", "date: 2027-08-31", "retirement: {date", "before replacement is complete on 2027-09-01"),
        (
            "through: 2027-09-01", "through: 2027-08-20", "through: 2027-08-20",
            "reach 2027-08-20, 12 days before its replacement on 2027-09-01"
        ),
        ("through: 2027-09-01", "through: 2027-09-02", "through: 2027-09-02", "it cannot take visits through 2027-09-02"),
        (
            "from: 2027-01-15", "from: 2027-01-20", "from: 2027-01-20",
            "visits of DR1 from 2027-01-15 to 2027-01-20 are in the inputs of no step"
        ),
        ("days: 90, after", "days: 90, inputs: {through: 2027-01-10}, after", "days: 90, inputs", "reach 2027-01-10, not the cutoff"),
    ]

    @Test("what cannot be is refused, with the line and the reason", arguments: faults)
    func faults(fault: (old: String, new: String, at: String, says: String)) throws {
        let said = try PlanFixture.refusal([(fault.old, fault.new)])
        let line = try PlanFixture.line(of: fault.at, in: [(fault.old, fault.new)])
        #expect(said.hasPrefix("plan.yaml: line \(line): "), "\(said)")
        #expect(said.contains(fault.says), "\(said)")
    }

    @Test("a release without one of the steps is refused by the step's name", arguments: PlanStep.allCases)
    func missing(step: PlanStep) throws {
        let lines = try PlanFixture.plan().split(separator: "\n").filter { !$0.contains("      \(step.rawValue):") }
        #expect { try ReleasePlan(yaml: lines.joined(separator: "\n"), name: "p") } throws: {
            "\($0)".contains("lacks the step \(step.rawValue)")
        }
    }

    @Test("a second release that begins before the replacement of the first is refused with both lines")
    func overlap() throws {
        let said = try PlanFixture.refusal([("date: 2028-01-15", "date: 2027-08-15")], releases: 2)
        #expect(said.contains("line \(try PlanFixture.line(of: "date: 2028-01-15", releases: 2)): DR2 begins on 2027-08-15"))
        #expect(said.contains("on 2027-09-01 (line \(try PlanFixture.line(of: "date: 2027-09-01", releases: 2)))"))
    }

    @Test("a reprocessing that begins before the generation before last is retired is refused")
    func third() throws {
        #expect(
            try PlanFixture.refusal([("date: 2027-12-01", "date: 2028-06-01")], releases: 2).contains("there would be three generations"))
    }

    @Test("two releases of one name are refused")
    func names() throws {
        #expect(
            try PlanFixture.refusal([("name: DR2", "name: DR1")], releases: 2).contains("the name DR1 is that of the release in line 4 too")
        )
    }

    @Test(
        "a document that is empty, no YAML or of another kind is refused in one sentence",
        arguments: ["", "releases: [", "- 1", "releases: []", "releases: 3", "a: b"])
    func documents(text: String) {
        #expect { try ReleasePlan(yaml: text, name: "plan.yaml") } throws: { "\($0)".hasPrefix("plan.yaml: ") && !"\($0)".contains("\n") }
    }
}
