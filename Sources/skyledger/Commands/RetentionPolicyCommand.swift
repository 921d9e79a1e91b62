import ArgumentParser
import Catalog
import Columns

struct RetentionPolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "How long what is kept: show, check, set.",
        discussion: "A policy is a YAML document; what it does not say stays at the program's default. To set one removes nothing.",
        subcommands: [RetentionPolicyShow.self, RetentionPolicyCheck.self, RetentionPolicySet.self, RetentionPolicyHistory.self])
}

struct RetentionPolicyShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The policy in force, every setting with its value, as YAML.",
        discussion: "Example: skyledger retention policy show > policy.yaml")

    @Option(help: "An earlier one by its number; 0 for the program's defaults.") var number: Int32?
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let connection = try instance.open().connect(as: .reader)
        let present = try RetentionPolicyRecord.current(on: connection)
        var (shown, policy) = (present.number, present.policy)
        if let number, number == 0 { (shown, policy) = (0, RetentionPolicy()) }
        if let number, number != 0 {
            guard let entry = try RetentionPolicyRecord.history(on: connection).first(where: { $0.number == number }) else {
                throw RequestError("there is no policy \(number): see skyledger retention policy history")
            }
            (shown, policy) = (number, entry.policy)
        }
        print("# retention policy \(shown); months are of 30 days; alerts are kept for ever")
        print(try policy.yaml, terminator: "")
    }
}

struct RetentionPolicyCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a policy, and print what it would change.",
        discussion: "Example: skyledger retention policy check policy.yaml")

    @Argument(help: "A YAML file.") var file: String
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let asked = try RetentionCommand.policy(file)
        let connection = try instance.open().connect(as: .reader)
        try asked.check(for: connection)
        let changes = try asked.changes(from: RetentionPolicyRecord.current(on: connection).policy)
        print(changes.isEmpty ? "nothing would change" : ConfigCommand.list(changes))
    }
}

struct RetentionPolicySet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Put a policy into force.",
        discussion: """
            What the file does not say goes back to the program's default: start from `skyledger retention policy show`.
            Example: skyledger retention policy set policy.yaml --cause "another year of sources"
            """)

    @Argument(help: "A YAML file.") var file: String
    @Option(help: "Why; the history keeps it.") var cause: String?
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let asked = try RetentionCommand.policy(file)
        let connection = try instance.open().connect(as: .owner)
        let changes = try asked.changes(from: RetentionPolicyRecord.current(on: connection).policy)
        let number = try RetentionPolicyRecord.put(asked, cause: cause ?? "set from \(file)", on: connection)
        if changes.isEmpty { return print("policy \(number) stays: nothing differs") }
        print("policy \(number)\n\(ConfigCommand.list(changes))")
    }
}

struct RetentionPolicyHistory: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "The policies that were in force, and what each changed.",
        discussion: "Example: skyledger retention policy history")

    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let entries = try RetentionPolicyRecord.history(on: instance.open().connect(as: .reader))
        let rows = entries.map { ($0.number, $0.changedAt, $0.cause, $0.changes) }
        try RowOutput.write(ConfigCommand.history(rows), output.request)
    }
}
