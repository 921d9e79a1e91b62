import ArgumentParser
import Catalog
import Columns
import Foundation

struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "How long what is kept: the policy, what would go, its removal, and the record of it.",
        discussion: """
            Months are dropped whole, and only when the PPDB was verified to have every row of them. Alerts are kept for ever.
              skyledger retention plan
              skyledger retention apply
            """,
        subcommands: [RetentionPolicyCommand.self, RetentionPlanCommand.self, RetentionApply.self, RetentionReport.self])

    /// The text of a file.
    static func read(_ path: String, _ what: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path), let text = String(bytes: data, encoding: .utf8) else {
            throw RequestError("\(path) cannot be read: name \(what)")
        }
        return text
    }

    static func policy(_ path: String) throws -> RetentionPolicy {
        try RetentionPolicy(yaml: read(path, "a YAML file"), name: path)
    }
}

struct RetentionPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "What would be removed, by table and month, and what blocks it. Nothing is changed.",
        discussion: "Example: skyledger retention plan --output plan.json && skyledger retention apply --plan plan.json")

    @Option(parsing: .unconditional, help: "The time that ages are counted from, MJD TAI (default: the clock).") var now: Double?
    @Option(help: "A policy in a YAML file, instead of the one in force.") var policy: String?
    @Option(help: "table, csv, json, parquet or fits; json is the plan that apply takes.") var format: OutputFormat = .table
    @Option(name: [.short, .long], help: "Save the plan to this file, for apply.") var output: String?
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let asked = try policy.map(RetentionCommand.policy)
        let plan = try Retention(instance.open()).plan(policy: asked, nowMjdTai: now ?? ProcessingClock.machineMjdTai())
        if let output { try RowOutput.text(try plan.json, OutputRequest(format: .json, path: output)) }
        switch format {
        case .json: if output == nil { print(try plan.json, terminator: "") }
        default:
            try RowOutput.write(RetentionRows.table(plan.steps), OutputRequest(format: format))
            if format == .table { print("plan \(plan.hash.prefix(12)), policy \(plan.policyNumber), now \(plan.nowMjdTai)") }
        }
    }
}

struct RetentionApply: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Remove what the plan says, and nothing else.",
        discussion: """
            May be interrupted anywhere; run it again as it was. What is not verified in the PPDB stays, unless its table is named.
            Exit code 1 where something that is due had to stay.
            Example: skyledger retention apply --plan plan.json
            """)

    @Option(help: "A saved plan: exactly this is done, or nothing.") var plan: String?
    @Option(parsing: .upToNextOption, help: "Tables whose rows go without being verified in the PPDB.") var unverified: [String] = []
    @Option(parsing: .unconditional, help: "The time that ages are counted from, MJD TAI (default: the clock).") var now: Double?
    @Option(help: "A policy in a YAML file, instead of the one in force.") var policy: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        if plan != nil, now != nil || policy != nil {
            throw RequestError("a saved plan has its own time and policy: leave out --now and --policy")
        }
        let saved = try plan.map { try RetentionPlan(json: RetentionCommand.read($0, "a plan"), name: $0) }
        let asked = try policy.map(RetentionCommand.policy)
        let bar = ProgressBar("months")
        let interruption = Interruption("stopping; run the same command again to finish")
        var done = 0
        let retention = try Retention(instance.open()) { stage in
            if case .ended = stage { done += 1 }
            bar.update(done: done, total: 0, note: RetentionRows.sentence(stage))
            // What was begun is finished; in between the run can stop.
            if interruption.isRequested, case .ended = stage { throw ExitCode(130) }
        }
        let outcome = try retention.apply(saved, policy: asked, nowMjdTai: now, unverified: Set(unverified))
        bar.end()
        try RowOutput.write(RetentionRows.table(outcome.removed + outcome.kept, removed: outcome.removed.count), output.request)
        if !outcome.kept.isEmpty {
            remark("\(outcome.kept.count) steps that are due were not done: the column blocked says why")
            throw ExitCode(1)
        }
    }
}

struct RetentionReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "What was removed, when, under which policy, and verified or by whose word.",
        discussion: "Example: skyledger retention report --format csv")

    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws { try RowOutput.write(RetentionRecord.report(on: instance.open().connect(as: .reader)), output.request) }
}

/// Plans and their progress as rows and sentences.
enum RetentionRows {
    /// - Parameter removed: how many of the steps were done; nil for a plan.
    static func table(_ steps: [RetentionPlan.Step], removed: Int? = nil) -> Table {
        func times(_ name: String, _ values: [Double?]) -> Column {
            Column(name, .double(values.map { $0 ?? 0 }), validity: Validity(values.map { $0 != nil }), unit: "d")
        }
        var columns = [
            Column("table", .string(.init(steps.map(\.table)))),
            Column("partition", .string(.init(steps.map { $0.partition ?? "" })), validity: Validity(steps.map { $0.partition != nil })),
            times("lowerMjdTai", steps.map(\.lowerMjdTai)), times("upperMjdTai", steps.map(\.upperMjdTai)),
            Column("rows", .int64(steps.map(\.rows))), Column("bytes", .int64(steps.map(\.bytes))),
            Column("unverifiedRows", .int64(steps.map(\.unverifiedRows))),
            Column("blocked", .string(.init(steps.map { $0.blockedBy.joined(separator: "; ") }))),
        ]
        if let removed { columns.insert(Column("removed", .bool(steps.indices.map { $0 < removed })), at: 0) }
        return Table(columns)
    }

    static func sentence(_ stage: Retention.Stage) -> String {
        switch stage {
        case .counting(let name): "counting \(name)"
        case .begun(let name): "detaching \(name)"
        case .detached(let name): "dropping \(name)"
        case .ended(let name): "\(name) is done"
        case .removed(let table, let rows): "\(rows) of \(table)"
        }
    }
}
