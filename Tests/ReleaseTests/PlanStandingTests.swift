import Testing

@testable import Release

@Suite("Where a release stands against its plan")
struct PlanStandingTests {
    private let plan: ReleasePlan

    init() throws { plan = try ReleasePlan(yaml: PlanFixture.plan(), name: "p") }

    private func date(_ text: String) -> PlanDate { PlanDate(text)! }

    private func standing(_ states: String, today: String) throws -> PlanStanding {
        let day = date(today)
        return PlanStanding(plan, states: try StepStates(yaml: states, name: "states.yaml", plan: plan, today: day), today: day)
    }

    @Test("before anything has begun, all is projected as planned")
    func before() {
        let standing = PlanStanding(plan, states: StepStates(), today: date("2027-01-01"))
        for row in standing.rows {
            #expect(row.start == row.planned.start && row.end == row.planned.end && row.lateDays == 0, "\(row.planned.step)")
            #expect(!row.isStartMeasured && !row.isEndMeasured)
        }
    }

    @Test("a late start of the templates moves what comes after them by what their slack does not hold")
    func late() throws {
        // 2027-02-14 and 60 days is 2027-04-15; moving objects were to begin on 2027-04-06.
        let standing = try standing(
            "DR1:\n  inputCutoff: {state: done, finished: 2027-01-15}\n  templateGeneration: {state: running, started: 2027-02-14}\n",
            today: "2027-02-18")
        #expect(standing["DR1", .templateGeneration]?.end == date("2027-04-15"))
        #expect(standing["DR1", .templateGeneration]?.lateDays == 25)
        #expect(standing["DR1", .fullSkyDetection]?.lateDays == 0)
        #expect(standing["DR1", .fullSkyDetection]?.isReady == true)
        #expect(standing["DR1", .movingObjectProcessing]?.lateDays == 9)
        #expect(standing["DR1", .level1Reprocessing]?.lateDays == 9)
        // The replacement has the slack of the checks.
        #expect(standing["DR1", .replacement]?.lateDays == 0)
    }

    @Test("a step that failed begins anew today, with the whole of its days, and the catch-up lasts until the replacement")
    func failed() throws {
        let done = """
            DR1:
              inputCutoff: {state: done, finished: 2027-01-15}
              templateGeneration: {state: done, started: 2027-01-20, finished: 2027-03-20}
              fullSkyDetection: {state: done, started: 2027-02-20, finished: 2027-04-06}
              movingObjectProcessing: {state: done, started: 2027-04-06, finished: 2027-04-26}
              level1Reprocessing: {state: failed, started: 2027-04-26}
            """
        let standing = try standing(done, today: "2027-08-01")
        #expect(standing["DR1", .level1Reprocessing]?.end == date("2027-10-30"))
        #expect(standing["DR1", .checks]?.end == date("2027-11-20"))
        #expect(standing["DR1", .replacement]?.start == date("2027-11-20"))
        #expect(standing["DR1", .catchUp]?.end == date("2027-11-20"))
        #expect(standing["DR1", .templateGeneration]?.lateDays == -1)
    }

    @Test("nothing that has not ended is projected to end before today")
    func overdue() throws {
        let standing = PlanStanding(plan, states: StepStates(), today: date("2030-01-01"))
        #expect(standing.rows.allSatisfy { $0.end >= date("2030-01-01") && $0.lateDays > 0 })
    }

    @Test("the table has a row a step, and says which dates are projected")
    func table() throws {
        let table = try standing("DR1:\n  inputCutoff: {state: done, finished: 2027-01-15}\n", today: "2027-01-16").table
        #expect(table.rowCount == PlanStep.allCases.count)
        #expect(table["basis"]!.strings![0] == "measured")
        #expect(table["basis"]!.strings![1] == "projected")
        #expect(table["state"]!.strings![1] == "ready")
    }

    @Test(
        "states that cannot be are refused with line and reason",
        arguments: [
            ("DR9: {}", "line 1: the plan has no key DR9"), ("DR1: {lunch: {state: done}}", "DR1 has no key lunch"),
            ("DR1:\n  inputCutoff: {state: over}", "line 2: the state of inputCutoff of DR1 must be waiting, running, done, failed"),
            ("DR1:\n  inputCutoff: {state: done}", "line 2: inputCutoff of DR1 is done, but does not say when it finished"),
            ("DR1:\n  inputCutoff: {state: done, finished: 2027-03-01}", "which is after today, 2027-02-01"),
            ("DR1:\n  inputCutoff: {state: waiting, started: 2027-01-01}", "is waiting, but has a date"),
            (
                "DR1:\n  inputCutoff: {state: done, finished: 2027-01-15}\n  templateGeneration: {state: running}",
                "line 3: templateGeneration of DR1 is running, but"
            ),
            ("DR1:\n  templateGeneration: {state: running, started: 2027-01-20}", "but inputCutoff, which it comes after, is waiting"),
        ])
    func faults(states: String, says: String) throws {
        #expect { try StepStates(yaml: states, name: "states.yaml", plan: plan, today: PlanDate("2027-02-01")!) } throws: {
            "\($0)".hasPrefix("states.yaml: ") && "\($0)".contains(says)
        }
    }
}
