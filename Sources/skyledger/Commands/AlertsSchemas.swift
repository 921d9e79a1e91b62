import Alerts
import ArgumentParser

struct AlertsSchemas: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schemas", abstract: "The schemas of the ledger's packets.",
        discussion: """
            Numbers of foreign schemas are negative. The fingerprint is the CRC-64-AVRO of the Parsing Canonical Form.
            Example: skyledger alerts schemas --format json
            """)

    @Option(help: "Print the Avro schema of this number instead.") var show: Int32?
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let registry = LedgerRegistry(try LedgerAccess(instance).connection)
        if let show { return try RowOutput.text(registry.schema(show) + "\n", output.request) }
        try RowOutput.write(registry.schemaTable(), output.request)
    }
}
