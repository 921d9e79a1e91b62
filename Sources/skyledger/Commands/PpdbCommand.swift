import ArgumentParser

struct PpdbCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ppdb", abstract: "The long-term database of prompt products, and what its readers need.",
        subcommands: [
            PpdbProductsCommand.self, PpdbIndexCommand.self, PpdbRolesCommand.self, PpdbSQLCommand.self, PpdbObjectsCommand.self,
        ])
}
