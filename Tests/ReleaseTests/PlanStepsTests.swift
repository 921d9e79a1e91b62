import Testing

@testable import Catalog
@testable import Release

@Suite("Where a release stands by what was done for it") struct PlanStepsTests {
    private let plan: ReleasePlan
    private let cutoff = PlanDate("2027-01-15")!

    init() throws { plan = try ReleasePlan(yaml: PlanFixture.plan(), name: "p") }

    private func day(_ text: String) -> PlanDate { PlanDate("2027-\(text)")! }

    private func states(_ steps: [(ReleaseStep.Kind, String, Bool?)]) -> StepStates {
        var states = StepStates()
        states.take(steps.map { DoneStep($0.0, on: day($0.1), passes: $0.2) }, of: "DR1", cutoff: cutoff)
        return states
    }

    @Test("the reprocessing runs from begin until visits follow those of the nights")
    func reprocessing() {
        let begun = states([(.begin, "04-26", nil), (.load, "05-20", nil)])
        #expect(begun["DR1", .inputCutoff] == .init(.done, finished: cutoff))
        #expect(begun["DR1", .level1Reprocessing] == .init(.running, started: day("04-26")))
        #expect(begun["DR1", .catchUp].kind == .waiting && begun["DR1", .checks].kind == .waiting)
        let following = states([
            (.begin, "04-26", nil), (.load, "05-20", nil), (.load, "07-20", nil), (.catchUp, "07-28", nil), (.load, "08-01", nil),
        ])
        #expect(following["DR1", .level1Reprocessing] == .init(.done, started: day("04-26"), finished: day("07-20")))
        #expect(following["DR1", .catchUp] == .init(.running, started: day("07-28")))
    }

    @Test("checks are as the newest says, and publication ends them, the catch-up and the replacement; a rollback takes that back")
    func publication() {
        var done: [(ReleaseStep.Kind, String, Bool?)] = [
            (.begin, "04-26", nil), (.load, "07-20", nil), (.join, "08-01", nil), (.crosswalk, "08-02", nil), (.check, "08-03", false),
        ]
        #expect(states(done)["DR1", .checks] == .init(.failed, started: day("08-03")))
        done.append((.check, "08-05", true))
        #expect(states(done)["DR1", .checks] == .init(.done, started: day("08-03"), finished: day("08-05")))
        #expect(states(done)["DR1", .replacement].kind == .waiting)
        done.append((.publish, "08-30", nil))
        #expect(states(done)["DR1", .replacement] == .init(.done, finished: day("08-30")))
        #expect(states(done)["DR1", .catchUp] == .init(.done, started: day("08-01"), finished: day("08-30")))
        done.append((.rollback, "08-31", nil))
        #expect(states(done)["DR1", .replacement].kind == .waiting)
        #expect(states(done)["DR1", .catchUp] == .init(.running, started: day("08-01")))
        done += [(.publish, "09-02", nil), (.retire, "10-02", nil)]
        #expect(states(done)["DR1", .replacement] == .init(.done, finished: day("09-02")))
        #expect(states(done)["DR1", .retirement] == .init(.done, finished: day("10-02")))
    }

    @Test("a release that was given up has failed, and one that never began leaves what was said")
    func others() throws {
        let given = states([(.begin, "04-26", nil), (.abandon, "05-01", nil)])
        #expect(given["DR1", .level1Reprocessing] == .init(.failed, started: day("04-26")))
        var said = StepStates()
        said["DR1", .templateGeneration] = .init(.running, started: day("01-22"))
        let before = said
        said.take([], of: "DR1", cutoff: cutoff)
        #expect(said == before)
    }

    @Test("steps that nobody said to be done are told, where others that come after them go on")
    func unsaid() throws {
        var begun = states([(.begin, "04-26", nil)])
        #expect(begun.unsaid(of: plan.releases[0]) == [.templateGeneration, .movingObjectProcessing])
        for step in [PlanStep.templateGeneration, .fullSkyDetection, .movingObjectProcessing] {
            begun["DR1", step] = .init(.done, started: day("01-20"), finished: day("04-20"))
        }
        #expect(begun.unsaid(of: plan.releases[0]) == [])
        let standing = PlanStanding(plan, states: begun, today: day("05-01"))
        #expect(standing["DR1", .level1Reprocessing]?.isStartMeasured == true)
    }

    @Test("a step is read with its day and a check's verdict")
    func reading() throws {
        let step = ReleaseStep(
            number: 1, kind: .check, detail: "{\"passes\": false, \"report\": \"x\"}", finishedAt: "2027-08-03T23:59:59Z")
        #expect(try DoneStep(step) == DoneStep(.check, on: day("08-03"), passes: false))
        let other = ReleaseStep(number: 2, kind: .begin, detail: "{}", finishedAt: "2027-04-26T00:00:00Z")
        #expect(try DoneStep(other) == DoneStep(.begin, on: day("04-26")))
    }
}
