import Alerts
import ArgumentParser
import Columns
import Foundation

struct AlertsExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "The alerts of a night as Avro object containers.",
        discussion: """
            One file a night: alerts-NIGHT-SCHEMA.avro, in the order of issue, with its schema, blocks compressed with deflate. Where a
            night has alerts of several schemas there is a file for each, and those of others are in files of their own (-foreign-). A night is
            that of its evening, from noon to noon of local mean time at the observatory.
            Example: skyledger alerts export --night 2026-08-01 --output archive
            """)

    @Option(help: "The night of the issue: its evening's date, or MJD.") var night: String
    @Option(name: [.short, .long], help: "The directory for the files.") var output = "."
    @Option(help: "table, csv, json, parquet or fits, for the list of files.") var format: OutputFormat = .table
    @OptionGroup var observatory: ObservatoryOptions
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let night = try AlertsNight(parsing: night)
        let span = try night.span(at: observatory.place())
        let ledger = try LedgerAccess(instance)
        do { try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true) } catch {
            throw RequestError("\(output) cannot be made a directory: \(error.localizedDescription)")
        }
        let total = try ledger.reader.count(issuedMjdTai: span)
        guard total > 0 else { throw EmptyNight(night: night) }
        let bar = ProgressBar("alerts")
        defer { bar.end() }
        let interruption = Interruption("stopping; no file is left")
        let files = try LedgerExport(ledger.reader, ledger.packets).run(span, named: "\(night)", into: output) { done in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
        bar.end()
        if interruption.isRequested, files.isEmpty { throw ExitCode(130) }
        let own = files.filter { !$0.isForeign }
        if own.count > 1 { remark("the night has alerts of \(own.count) schemas: there is a file for each") }
        try RowOutput.write(
            Table([
                Column("file", .string(ByteStrings(files.map(\.path)))), Column("schemaId", .int32(files.map(\.schemaId))),
                Column("isForeign", .bool(files.map(\.isForeign))), Column("alerts", .int64(files.map { Int64($0.count) })),
            ]), OutputRequest(format: format, path: nil))
    }
}

/// A night without alerts: there is nothing to export (exit code 1).
struct EmptyNight: Error, CustomStringConvertible {
    var night: AlertsNight

    var description: String { "no alert was issued in the night of \(night) (MJD \(night.day)): no file was written" }
}
