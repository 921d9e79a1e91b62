import ArgumentParser
import Catalog
import Columns
import Foundation

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "What is in an instance: visits, rows and bytes by table and partition.",
        discussion: "Example: skyledger status --format json")

    @Option(help: "table, csv, json, parquet or fits.") var format: OutputFormat = .table
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let instance = try instance.open()
        let report = try StatusReport(on: instance.connect(as: .reader), instance: instance)
        let parts = Table([
            Column("table", .string(.init(report.parts.map(\.table)))),
            Column("partition", .string(.init(report.parts.map { $0.partition ?? "" }))),
            Column("rows", .int64(report.parts.map(\.rows))), Column("bytes", .int64(report.parts.map(\.bytes)), unit: nil),
        ])
        let output = OutputRequest(format: format, path: nil)
        switch format {
        case .table:
            func mjd(_ value: Double?) -> String { value.map { String(format: "%.5f", $0) } ?? "-" }
            print(
                """
                instance        \(instance.directory)
                schema          \(report.schemaVersion) (generation \(report.generation), pixelization \(report.pixelization))
                visits          \(report.visits) in \(report.nights) nights, \(report.visitDetectors) visit-detectors, MJD TAI \(mjd(report.firstMidpointMjdTai)) to \(mjd(report.lastMidpointMjdTai))
                made by         \(report.makers.isEmpty ? "-" : report.makers.text)
                last load       \(report.lastStoredAt ?? "-")

                """)
            print(TextTable.render(parts), terminator: "")
        case .json:
            let tables = Set(report.parts.map(\.table)).sorted()
            let rows = tables.map { "\"\($0)\": \(report.rows(of: $0))" }.joined(separator: ", ")
            func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }
            try print(
                """
                {"schemaVersion": "\(report.schemaVersion)", "generation": "\(report.generation)", "pixelization": "\(report.pixelization)",
                "visits": \(report.visits), "visitDetectors": \(report.visitDetectors), "nights": \(report.nights),
                "madeBy": {\(report.makers.map { "\"\($0.generation)\": \($0.visitDetectors)" }.joined(separator: ", "))},
                "firstMidpointMjdTai": \(number(report.firstMidpointMjdTai)), "lastMidpointMjdTai": \(number(report.lastMidpointMjdTai)),
                "lastLoad": \(report.lastStoredAt.map { "\"\($0)\"" } ?? "null"),
                "rows": {\(rows)},
                "parts": \(RowOutput.json(parts))}
                """)
        default: try RowOutput.write(parts, output)
        }
    }
}

extension [Releases.Maker] {
    /// For eyes: `generation 1: 40, generation 2: 8 visit-detectors`.
    var text: String { map { "generation \($0.generation): \($0.visitDetectors)" }.joined(separator: ", ") + " visit-detectors" }
}
