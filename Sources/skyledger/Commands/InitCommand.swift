import Alerts
import ArgumentParser
import Catalog
import Foundation
import Schema

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make an instance in a directory, with its tables and a private database server.",
        discussion: "Example: skyledger init sky")

    @Argument(help: "The directory; it must not exist or be empty.") var directory: String
    @Option(help: "Felis YAML file with the tables (default: the newest that tools/bootstrap installed).") var schema: String?
    @Option(help: "URL of a PostgreSQL database to use instead of a private server.") var database: String?
    @Option(help: "htm20 or s2-20.") var pixelization = "htm20"

    func run() throws {
        let creation = InstanceCreation(
            directory: directory, schemaPath: try schema ?? DefaultSchema.path(), databaseURL: database, pixelization: pixelization)
        let summary = try creation.run(progress: { remark($0) })
        for note in summary.notes { remark("left out: \(note)") }
        print(
            "made \(directory): \(summary.generation.document.label), \(summary.generation.document.tables.count) tables, pixelization \(pixelization), "
                + (summary.instance.cluster.map { "private server in \($0.directory)" } ?? "database \(database ?? "")"))
    }
}

/// The schema documents that are used when none is named.
enum DefaultSchema {
    /// The tables' document: SKYLEDGER_SCHEMA, else what tools/bootstrap installed beside the program or above it.
    static func path() throws -> String {
        guard let found = installed("apdb.yaml", variable: "SKYLEDGER_SCHEMA") else {
            throw CatalogError.badRequest("no schema document was found: run tools/bootstrap, or name a Felis YAML file with --schema")
        }
        return found
    }

    /// The folder with the alert schemas of all versions: SKYLEDGER_ALERT_SCHEMAS, else what tools/bootstrap installed.
    static func alertFolder() throws -> AlertSchemaFolder {
        guard let found = try installedAlertFolder() else {
            throw CatalogError.badRequest(
                "no alert schemas were found: run tools/bootstrap, or name their folder in SKYLEDGER_ALERT_SCHEMAS")
        }
        return found
    }

    /// The same; nil where none is installed.
    static func installedAlertFolder() throws -> AlertSchemaFolder? {
        try installed("alerts", variable: "SKYLEDGER_ALERT_SCHEMAS").map(AlertSchemaFolder.init)
    }

    private static func installed(_ name: String, variable: String) -> String? {
        InstalledFiles.path("schema/\(name)", share: name, variable: variable)
    }
}
