import Alerts
import ArgumentParser

struct AlertsSchemas: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schemas", abstract: "The schemas of the ledger's packets.",
        discussion: """
            Numbers of foreign schemas are negative. The fingerprint is the CRC-64-AVRO of the Parsing Canonical Form.
            New alerts are written by the schema of ours that was added last. Packets have LSST's fields and, behind them, upper limits and the
            time of the database query; --plain leaves these out.
            Example: skyledger alerts schemas --add 11.1 --plain
            """)

    @Option(help: "Print the Avro schema of this number instead.") var show: Int32?
    @Option(help: "Put this version of LSST's alert schema into force for new alerts.") var add: String?
    @Flag(help: "With --add: LSST's fields alone.") var plain = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard add != nil || !plain else { throw ValidationError("--plain belongs to --add") }
        guard add == nil || show == nil else { throw ValidationError("--add and --show are two requests: give one of them") }
    }

    func run() throws {
        if let add { return try put(add) }
        let registry = LedgerRegistry(try LedgerAccess(instance).connection)
        if let show { return try RowOutput.text(registry.schema(show) + "\n", output.request) }
        try RowOutput.write(registry.schemaTable(), output.request)
    }

    private func put(_ name: String) throws {
        let folder = try DefaultSchema.alertFolder()
        guard let version = folder.versions.first(where: { $0.description == name }) else {
            throw RequestError(
                "there is no alert schema \(name) in \(folder.path): known there are \(folder.versions.map(\.description).joined(separator: ", "))"
            )
        }
        let schema = try AlertSchemas(instance.open().connect(as: .ingest)).add(version, of: folder, isPlain: plain)
        try RowOutput.text("new alerts are written by schema \(schema.schemaId)\n", output.request)
    }
}
