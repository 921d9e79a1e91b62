import ArgumentParser
import Catalog
import Foundation
import Ppdb
import Schema

struct PpdbCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ppdb", abstract: "The long-term database: make it, export to it, hold it against the instance.",
        discussion: """
            Every morning:
              skyledger ppdb export && skyledger ppdb verify
            """,
        subcommands: [
            PpdbInit.self, PpdbExport.self, PpdbStatusCommand.self, PpdbVerify.self, PpdbRepair.self,
            PpdbProductsCommand.self, PpdbIndexCommand.self, PpdbRolesCommand.self, PpdbSQLCommand.self, PpdbObjectsCommand.self,
        ])
}

/// Which PPDB.
struct PpdbOptions: ParsableArguments {
    @Option(help: "Whose cursor: the name of the consumer that the PPDB was made for.") var consumer = PpdbLocation.defaultConsumer
    @OptionGroup var instance: InstanceOptions

    func open() throws -> Ppdb {
        let instance = try instance.open()
        return try Ppdb(instance: instance, location: .read(consumer, of: instance))
    }
}

struct PpdbInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make the PPDB: its database, tables and bookkeeping.",
        discussion: "Example: skyledger ppdb init --database postgresql://archive/ppdb --schema apdb-v11.yaml")

    @Option(help: "URL of an empty PostgreSQL database (default: a database of the instance's own server).") var database: String?
    @Option(help: "Felis YAML file, the instance's or a newer one (default: the instance's).") var schema: String?
    @OptionGroup var ppdb: PpdbOptions

    func run() throws {
        let location = try PpdbLocation(consumer: ppdb.consumer, databaseURL: database)
        let instance = try ppdb.instance.open()
        let summary = try PpdbCreation(instance: instance, location: location, schemaPath: schema).run()
        for note in summary.notes { remark("left out: \(note)") }
        print("made the PPDB \(summary.database): \(summary.document.label), consumer \(location.consumer)")
    }
}

struct PpdbStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "How far the PPDB is behind the instance, what is verified, and its sizes.")

    @Option(help: "table or json.") var format: SummaryFormat = .table
    @OptionGroup var ppdb: PpdbOptions

    func run() throws {
        let ppdb = try ppdb.open()
        var status = try PpdbStatus(ppdb)
        status.others = try ppdb.living().filter { $0.generation.id != ppdb.generation.id }.map(PpdbStatus.init)
        if format == .json { return try PpdbOutput.json(status) }
        for status in [status] + status.others { Self.print(status) }
        if let swap = try PpdbSwap.pending(ppdb) {
            Swift.print("swap \(swap.number) of release \(swap.release) was not followed yet: run `skyledger ppdb export`")
        }
    }

    private static func print(_ status: PpdbStatus) {
        Swift.print(
            """
            PPDB            \(status.database) (consumer \(status.consumer), \(status.schemaVersion))
            generation      \(status.generation), in the schema \(status.tablesSchema)
            cursor          chunk \(status.chunk), change \(status.lastChange)
            behind          \(status.lagChanges) changes, \(status.lagRows) rows, \(String(format: "%.0f", status.lagSeconds)) s
            verified        \(status.verifiedChunks) chunks, last \(status.lastVerifiedAt ?? "never")
            """)
        for part in status.tables {
            Swift.print("\(part.table.padding(toLength: 26, withPad: " ", startingAt: 0)) \(part.rows) rows, \(part.bytes) bytes")
        }
    }
}

enum PpdbOutput {
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// A time on the command line: MJD TAI, or ISO 8601 in UTC.
    static func time(_ text: String) throws -> Date {
        if let mjd = Double(text), let microseconds = ModifiedJulianDate.microseconds(tai: mjd, scale: .utc) {
            return Date(timeIntervalSince1970: Double(microseconds) / 1e6)
        }
        guard let date = ISO8601DateFormatter().date(from: text) else {
            throw RequestError("\(text) is no time: give an MJD (TAI), or UTC as 2026-11-21T12:00:00Z")
        }
        return date
    }
}
