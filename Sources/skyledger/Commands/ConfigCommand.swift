import ArgumentParser
import Catalog
import Columns
import Foundation

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "The rules of association, founding, summaries and forced photometry: show, check, set.",
        discussion: """
            A configuration is a YAML document; what it does not say stays at the program's default. Each visit-detector keeps the number of
            the one that it was processed under.
            """,
        subcommands: [ConfigShow.self, ConfigCheck.self, ConfigSet.self, ConfigHistory.self])

    /// The configuration in a file.
    static func read(_ path: String) throws -> Configuration {
        guard let data = FileManager.default.contents(atPath: path), let text = String(bytes: data, encoding: .utf8) else {
            throw RequestError("\(path) cannot be read: name a YAML file")
        }
        return try Configuration(yaml: text, name: path)
    }

    static func list(_ changes: [Configuration.Change], separator: String = "\n") -> String {
        changes.map { "\($0.name): \($0.before) -> \($0.after)" }.joined(separator: separator)
    }

    /// What was in force, of configurations and of policies, a row each.
    static func history(_ entries: [(number: Int32, changedAt: String, cause: String, changes: [Configuration.Change])]) -> Table {
        Table([
            Column("number", .int32(entries.map(\.number))), Column("changedAt", .string(.init(entries.map(\.changedAt)))),
            Column("cause", .string(.init(entries.map(\.cause)))),
            Column("changes", .string(.init(entries.map { list($0.changes, separator: "; ") }))),
        ])
    }
}

struct ConfigShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The configuration in force, every setting with its value, as YAML.",
        discussion: "Example: skyledger config show > rules.yaml")

    @Option(help: "An earlier one by its number; 0 for the program's defaults.") var number: Int32?
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let connection = try instance.open().connect(as: .reader)
        let record: ConfigurationRecord
        switch number {
        case nil: record = try .current(on: connection)
        case 0?:
            print("# the program's defaults")
            return print(try Configuration().yaml, terminator: "")
        case let number?:
            guard let entry = try ConfigurationHistory(on: connection).entries.first(where: { $0.record.number == number }) else {
                throw RequestError("there is no configuration \(number): see skyledger config history")
            }
            record = entry.record
        }
        print("# configuration \(record.number)")
        print(try record.configuration.yaml, terminator: "")
    }
}

struct ConfigCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a configuration, and print what it would change.",
        discussion: "Example: skyledger config check rules.yaml")

    @Argument(help: "A YAML file.") var file: String
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let asked = try ConfigCommand.read(file)
        let present = try ConfigurationRecord.current(on: instance.open().connect(as: .reader))
        let changes = try asked.changes(from: present.configuration)
        print(changes.isEmpty ? "nothing would change" : ConfigCommand.list(changes))
    }
}

struct ConfigSet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Put a configuration into force for the visits to come.",
        discussion: """
            Visits that are stored stay as they are. What the file does not say goes back to the program's default: start from
            `skyledger config show`.
            Example: skyledger config set rules.yaml --cause "fainter sources found objects"
            """)

    @Argument(help: "A YAML file.") var file: String
    @Option(help: "Why; the history keeps it.") var cause: String?
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let asked = try ConfigCommand.read(file)
        let connection = try instance.open().connect(as: .owner)
        let present = try ConfigurationRecord.current(on: connection)
        let changes = try asked.changes(from: present.configuration)
        let number = try ConfigurationRecord.put(asked, cause: cause ?? "set from \(file)", on: connection)
        if changes.isEmpty { return print("configuration \(number) stays: nothing differs") }
        print("configuration \(number)\n\(ConfigCommand.list(changes))")
    }
}

struct ConfigHistory: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "The configurations that were in force, and what each changed.",
        discussion: "Example: skyledger config history")

    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let entries = try ConfigurationHistory(on: instance.open().connect(as: .reader)).entries
        let rows = entries.map { ($0.record.number, $0.changedAt, $0.cause, $0.changes) }
        try RowOutput.write(ConfigCommand.history(rows), output.request)
    }
}
