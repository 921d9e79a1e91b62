import Testing

@testable import Release

@Suite("A plan of a release that replaces a piece")
struct PlanPieceTests {
    private static let document = """
        releases:
          - name: DR1-south
            region: circle 150 -30 2
            since: 2026-07-01
            steps:
              inputCutoff: {date: 2027-01-15}
              level1Reprocessing: {start: 2027-01-20, days: 10}
              catchUp: {end: 2027-02-20, after: [level1Reprocessing]}
              checks: {start: 2027-02-10, end: 2027-02-19}
              replacement: {date: 2027-02-20}
              retirement: {date: 2027-03-20}

        """

    private func plan(_ changes: [(String, String)] = []) throws -> ReleasePlan {
        try ReleasePlan(yaml: changes.reduce(Self.document) { $0.replacing($1.0, with: $1.1) }, name: "plan.yaml")
    }

    private func refusal(_ old: String, _ new: String) -> String {
        do {
            _ = try plan([(old, new)])
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test("it needs no templates and moving objects, and stands with its six steps")
    func fewer() throws {
        let release = try plan().releases[0]
        #expect(release.piece?.regionText == "circle 150 -30 2" && release.piece?.sinceMjdTai == Double(PlanDate("2026-07-01")!.mjd))
        #expect(
            release.steps.map(\.step) == [.inputCutoff, .level1Reprocessing, .catchUp, .checks, .replacement, .retirement])
        #expect(release[.level1Reprocessing].predecessors == [.inputCutoff])
        let standing = PlanStanding(try plan(), states: StepStates(), today: PlanDate("2027-02-01")!)
        #expect(standing.rows.map(\.planned.step) == release.steps.map(\.step))
        #expect(standing.rows.allSatisfy { $0.planned.predecessors.allSatisfy { release.steps.map(\.step).contains($0) } })
        let chart = PlanChart(standing, showsToday: true).svg
        #expect(chart.contains("DR1-south: circle 150 -30 2, after MJD"))
        #expect(chart.split(separator: "data-step=").count == 7)
        var states = StepStates()
        states[release.name, .inputCutoff] = .init(.done, finished: PlanDate("2027-01-15")!)
        states[release.name, .level1Reprocessing] = .init(.running, started: PlanDate("2027-01-20")!)
        #expect(states.unsaid(of: release) == [])
    }

    @Test("a step that it names holds as for any release, also for what comes after one that it has not")
    func named() throws {
        let template = "level1Reprocessing:"
        #expect(
            refusal(template, "templateGeneration: {start: 2027-01-16, days: 10}\n      " + template)
                .contains("before templateGeneration is complete on 2027-01-26"))
        #expect(
            refusal(template, "fullSkyDetection: {start: 2027-01-16, days: 10}\n      " + template)
                .contains("before fullSkyDetection is complete on 2027-01-26"))
        let detection = try plan([(template, "fullSkyDetection: {start: 2027-01-16, days: 3}\n      " + template)]).releases[0]
        #expect(detection[.level1Reprocessing].predecessors == [.inputCutoff, .fullSkyDetection])
    }

    @Test("what cannot be is refused with its line")
    func faults() {
        #expect(refusal("circle 150 -30 2", "circle 150 -30").hasPrefix("plan.yaml: line 3: region of DR1-south cannot be read: "))
        #expect(refusal("region: circle 150 -30 2", "region: [150, -30, 2]").contains("line 3: region of DR1-south must be a text"))
        #expect(refusal("2026-07-01", "2027-01-15").contains("line 4: since of DR1-south is 2027-01-15: it must be before the cutoff"))
        #expect(refusal("2026-07-01", "July").contains("line 4: since of DR1-south is July"))
        #expect(refusal("      checks: {start: 2027-02-10, end: 2027-02-19}\n", "").contains("lacks the step checks"))
        #expect(
            refusal("after: [level1Reprocessing]", "after: [templateGeneration]")
                .contains("line 8: catchUp of DR1-south comes after templateGeneration, a step that the release has not"))
        #expect(refusal("start: 2027-01-20, days", "start: 2027-01-10, days").contains("before inputCutoff is complete"))
        #expect(
            refusal("    region: circle 150 -30 2\n    since: 2026-07-01\n", "").contains("lacks the step templateGeneration"))
    }

    @Test("states of steps that it has not are refused")
    func states() throws {
        let plan = try plan()
        #expect {
            try StepStates(
                yaml: "DR1-south:\n  templateGeneration: {state: waiting}\n", name: "states.yaml", plan: plan,
                today: PlanDate("2027-02-01")!)
        } throws: { "\($0)".contains("line 2: DR1-south has no key templateGeneration") }
    }
}
