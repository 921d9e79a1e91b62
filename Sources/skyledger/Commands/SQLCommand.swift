import ArgumentParser
import Catalog

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql", abstract: "Run one SQL statement that reads, in a role that may only read.",
        discussion:
            "The current generation's tables are views on the search path. Example: skyledger sql 'SELECT count(*) FROM \"DiaObjectLast\"'")

    @Argument(help: "The statement.") var statement: String
    @Option(help: "Give up after so many seconds (0: never).") var timeout = 0
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let connection = try instance.open().connect(as: .reader)
        try RowOutput.write(ReadOnlySQL.run(statement, on: connection, timeoutSeconds: timeout), output.request)
    }
}
