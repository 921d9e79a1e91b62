import ArgumentParser
import Foundation
import Release

struct ReleasePlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Check the plan of releases, show where they stand against it, draw it.",
        discussion: """
            A plan is a YAML document: `release plan --example` prints one. What cannot be (a circle of dependencies, a reprocessing before
            templates and moving objects are complete, inputs that do not reach the replacement, releases that overlap) is refused with the
            line. Dates that have not been are projected from the states given and the planned durations.
            Example: skyledger release plan releases.yaml --states states.yaml --svg plan.svg
            """)

    @Argument(help: "The plan, a YAML file.") var file: String?
    @Option(help: "What is known of steps, a YAML file: {RELEASE: {STEP: {state, started, finished}}}.") var states: String?
    @Option(help: "The day that it is taken to be, such as 2027-06-01 (default: today, UTC).") var today: String?
    @Option(help: "Draw the plan into this file; with --states, where it stands too.") var svg: String?
    @Flag(help: "Print an example of a plan.") var example = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        if example { return print(try ReleasePlan.example(), terminator: "") }
        guard let file else { throw RequestError("name the file of a plan; skyledger release plan --example prints one") }
        let plan = try ReleasePlan(yaml: Self.read(file), name: file)
        let today = try day()
        let states = try self.states.map { try StepStates(yaml: Self.read($0), name: $0, plan: plan, today: today) }
        let standing = PlanStanding(plan, states: states ?? StepStates(), today: today)
        if let svg {
            let chart = PlanChart(standing, showsToday: states != nil)
            try RowOutput.text(chart.svg, OutputRequest(format: .table, path: svg))
        }
        try RowOutput.write(standing.table, output.request)
    }

    private func day() throws -> PlanDate {
        guard let today else { return PlanDate(mjd: Int((Date().timeIntervalSince1970 / 86_400).rounded(.down)) + 40_587) }
        guard let date = PlanDate(today) else { throw RequestError("--today \(today) is no day: write it as 2027-06-01") }
        return date
    }

    private static func read(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path), let text = String(bytes: data, encoding: .utf8) else {
            throw RequestError("\(path) cannot be read: name a YAML file")
        }
        return text
    }
}
