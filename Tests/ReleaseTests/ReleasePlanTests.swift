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

    @Test("what cannot be is refused, with the line and the reason", arguments: PlanFault.all)
    func faults(fault: PlanFault) throws {
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

    @Test("a key that stands twice is refused by its name")
    func twice() throws {
        let said = try PlanFixture.refusal([("      checks:", "      checks: {days: 3}\n      checks:")])
        #expect(said.contains("the key checks stands twice"))
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
