import ArgumentParser
import Catalog
import Foundation
import Sizing

struct SizingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sizing", abstract: "What an instance takes on disk, and what it or another survey will take.",
        subcommands: [SizingReport.self, SizingProject.self])

    /// Measures an instance with a progress bar; Ctrl-C ends it with exit code 130.
    static func measure(_ instance: Instance) throws -> SizingMeasurement {
        let interruption = Interruption("stopping; nothing was changed")
        let bar = ProgressBar("tables")
        let measurement = try SizingMeter(instance).measure { done, total in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
        bar.end()
        guard let measurement else { throw ExitCode(130) }
        return measurement
    }
}

enum SizingFormat: String, ExpressibleByArgument, CaseIterable { case table, json, html }

struct SizingReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Measured rows and bytes by table, partition, index and column, and what visits and nights brought.",
        discussion: """
            Nothing is changed. Rows of partitions of more than 1 GiB are the server's estimate, and marked so.
            Example: skyledger sizing report --format html --output size.html
            """)

    @Option(help: "table, json or html.") var format: SizingFormat = .table
    @Option(help: "Write to this file instead of standard output.") var output: String?
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let page = try format == .html ? SizingPlots.script() : nil
        let measurement = try SizingCommand.measure(instance.open())
        let request = OutputRequest(format: .table, path: output)
        switch format {
        case .table: try RowOutput.text(SizingTables.report(measurement), request)
        case .json: try RowOutput.text(SizingTables.json(SizingReportDocument(measurement)) + "\n", request)
        case .html:
            let document = try SizingTables.json(SizingReportDocument(measurement))
            try RowOutput.text(SizingPage(title: "SkyLedger: sizes", kind: .report, json: document, script: page!).html, request)
        }
    }
}

/// What `sizing report` says as JSON: the measurement, and sums that readers would otherwise make themselves.
struct SizingReportDocument: Encodable {
    var kind = "report"
    var measurement: SizingMeasurement
    var bytes: Int64
    /// With what lies beside the current generation.
    var bytesInAll: Int64
    var beside: [BesideSum]
    var nights: [SizingMeasurement.Night]
    var tables: [TableSum]

    struct TableSum: Encodable {
        var table: String
        var rows, bytes: Int64
        var bytesPerRow: Double?
        var nullShare: Double?
    }

    struct BesideSum: Encodable {
        var label: String
        var rows, bytes: Int64
    }

    init(_ measurement: SizingMeasurement) {
        self.measurement = measurement
        bytes = measurement.bytes
        bytesInAll = measurement.bytesInAll
        beside = measurement.beside.map { BesideSum(label: $0.label, rows: $0.rows, bytes: $0.bytes) }
        nights = measurement.nights
        tables = Set(measurement.relations.map(\.table)).sorted().map {
            TableSum(
                table: $0, rows: measurement.rows(of: $0), bytes: measurement.bytes(of: $0), bytesPerRow: measurement.bytesPerRow(of: $0),
                nullShare: measurement.nullShare(of: $0))
        }
    }
}
