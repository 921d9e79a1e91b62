import ArgumentParser
import Catalog
import Columns
import Ingest

struct UpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change stored sources and objects after the fact, each change recorded.",
        discussion: "Every update is one transaction: an error leaves everything as it was. `skyledger update history` shows the records.",
        subcommands: [
            UpdateReassign.self, UpdateReassignSSObject.self, UpdateWithdraw.self, UpdateRestore.self, UpdateClose.self, UpdateSplit.self,
            UpdateMerge.self, UpdateHistory.self,
        ])
}

/// What all updates share.
struct UpdateOptions: ParsableArguments {
    @Option(help: "Why; the records keep it.") var cause: String
    @OptionGroup var summary: SummaryOptions
    @OptionGroup var instance: InstanceOptions

    func run(_ body: (Updates) throws -> Updates.Outcome) throws {
        let instance = try instance.open()
        let connection = try instance.connect(as: .ingest)
        let updates = Updates(
            connection: connection, generation: try instance.currentGeneration(on: connection),
            pixelization: try instance.pixelization(on: connection),
            configuration: try ConfigurationRecord.current(on: connection).configuration)
        try summary.print(body(updates), text: Self.sentence)
    }

    private static func sentence(_ outcome: Updates.Outcome) -> String {
        if outcome.operation == 0 { return "nothing had to change" }
        var text =
            "operation \(outcome.operation): \(outcome.diaSources) DiaSources and \(outcome.diaForcedSources) DiaForcedSources changed"
        if !outcome.diaObjectsUpdated.isEmpty { text += ", new versions of DiaObject \(list(outcome.diaObjectsUpdated))" }
        if !outcome.diaObjectsClosed.isEmpty { text += ", closed DiaObject \(list(outcome.diaObjectsClosed))" }
        return text
    }

    private static func list(_ ids: [Int64]) -> String {
        ids.prefix(10).map(String.init).joined(separator: ", ") + (ids.count > 10 ? " and \(ids.count - 10) more" : "")
    }
}
