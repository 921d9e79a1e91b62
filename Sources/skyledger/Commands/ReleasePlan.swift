import ArgumentParser
import Catalog
import Foundation
import Release

struct ReleasePlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Check the plan of releases, show where they stand against it, draw it.",
        discussion: """
            A plan is a YAML document: `release plan --example` prints one. What cannot be (a circle of dependencies, a reprocessing before
            templates and moving objects are complete, inputs that do not reach the replacement, releases that overlap) is refused with the
            line. Dates that have not been are projected from the states given and the planned durations. With an instance, what was done
            for its releases stands in the place of what the states say; templates and moving objects are made elsewhere, and only the
            states know of them. A release of a piece has `region: "circle 150 -30 2"` or `since: DAY` beside its name, and needs no templates
            and moving objects of its own.
            Example: skyledger release plan releases.yaml --instance sky --states states.yaml --svg plan.svg
            """)

    @Argument(help: "The plan, a YAML file.") var file: String?
    @Option(help: "What is known of steps, a YAML file: {RELEASE: {STEP: {state, started, finished}}}.") var states: String?
    @Option(help: "The day that it is taken to be, such as 2027-06-01 (default: today, UTC).") var today: String?
    @Option(help: "Draw the plan into this file; with --states, where it stands too.") var svg: String?
    @Flag(help: "Print an example of a plan.") var example = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        if example { return print(try ReleasePlan.example(), terminator: "") }
        guard let file else { throw RequestError("name the file of a plan; skyledger release plan --example prints one") }
        let plan = try ReleasePlan(yaml: Self.read(file), name: file)
        let today = try day()
        var states = try self.states.map { try StepStates(yaml: Self.read($0), name: $0, plan: plan, today: today) } ?? StepStates()
        if instance.isNamed { try take(plan, into: &states) }
        let standing = PlanStanding(plan, states: states, today: today)
        if let svg {
            let chart = PlanChart(standing, showsToday: self.states != nil || instance.isNamed)
            try RowOutput.text(chart.svg, OutputRequest(format: .table, path: svg))
        }
        try RowOutput.write(standing.table, output.request)
    }

    /// What the instance did for the plan's releases.
    private func take(_ plan: ReleasePlan, into states: inout StepStates) throws {
        let releases = try Releases(connection: instance.open().connect(as: .reader))
        for record in try releases.all() {
            guard let release = plan[record.name] else { continue }
            if record.piece != release.piece {
                let everything = "everything"
                remark(
                    "release \(record.name) replaces \(record.piece?.label ?? everything), and \(release.piece?.label ?? everything) in the plan"
                )
            }
            let cutoff = PlanDate(mjd: Int(record.cutoffMjdTai.rounded(.down)))
            states.take(try releases.steps(of: record.name).map(DoneStep.init), of: record.name, cutoff: cutoff)
            let unsaid = states.unsaid(of: release).map(\.rawValue)
            if !unsaid.isEmpty {
                remark("\(release.name) goes on, but nobody said that \(unsaid.joined(separator: ", ")) is done: say it with --states")
            }
        }
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
