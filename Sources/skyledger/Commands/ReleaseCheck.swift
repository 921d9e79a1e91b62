import ArgumentParser
import Catalog
import Columns
import Foundation
import Release
import Sizing

struct ReleaseCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Hold a release's generation against the one that it is to replace; the report is stored.",
        discussion: """
            Completeness, counts by band and night, what the crosswalk leaves without partner, offsets of positions and fluxes, invariants, lag,
            PPDB and disk, each against a threshold: --print-thresholds prints them all as YAML. The report is named by its SHA-256, and
            `release publish` asks for one that passes. Exit code 1 where it does not.
            Example: skyledger release check DR2 --excuse excused.txt --html check.html
            """)

    @Argument(help: "The release.") var name: String?
    @Option(help: "Thresholds other than the defaults, a YAML file.") var thresholds: String?
    @Option(help: "Visit-detectors that may be missing: a file with a visit, or a visit and a detector, a line; after # why.")
    var excuse: String?
    @Option(help: "Write the report as a page into this file.") var html: String?
    @Option(help: "Print a stored report again, by its name or the beginning of it, and check nothing.") var report: String?
    @Option(help: "table or json.") var format: SummaryFormat = .table
    @Flag(help: "Print the thresholds with their values.") var printThresholds = false
    @OptionGroup var instance: InstanceOptions

    func run() throws {
        let limits = try thresholds.map { try CheckThresholds(yaml: Self.read($0), name: $0) } ?? CheckThresholds()
        if printThresholds { return print(limits.yaml, terminator: "") }
        guard let name else { throw RequestError("name the release to check; skyledger release check DR2") }
        // What may be refused comes before the work.
        let excuses = try excuse.map { try ExcuseList(text: Self.read($0), name: $0) } ?? ExcuseList()
        let script = try html == nil ? nil : SizingPlots.script()
        let opened = try instance.open()
        if let report { return try show(StoredReports.json(report, of: name, on: opened.connect(as: .reader)), script) }
        let made = try check(name, ReleaseCheck(instance: opened, thresholds: limits, excuses: excuses))
        let stored = try StoredReports.store(made, on: opened.connect(as: .owner))
        try show((stored, made.json), script)
        if !made.passes { throw ExitCode(1) }
    }

    private func check(_ name: String, _ check: ReleaseCheck) throws -> CheckReport {
        let interruption = Interruption("stopping; nothing is stored")
        let bar = ProgressBar("parts")
        defer { bar.end() }
        do {
            return try check.run(name) { done, total, next in
                bar.update(done: done, total: total, note: next)
                return !interruption.isRequested
            }
        } catch CheckError.interrupted {
            throw ExitCode(130)
        }
    }

    private func show(_ stored: (name: String, json: String), _ script: String?) throws {
        let report = try JSONDecoder().decode(CheckReport.self, from: Data(stored.json.utf8))
        if let html, let script { try RowOutput.text(CheckPage(report, script: script).html, OutputRequest(format: .table, path: html)) }
        if format == .json { return print("{\"report\": \"\(stored.name)\", \"passes\": \(report.passes),\n\"json\": \(stored.json)}") }
        let idle = report.measurement.completeness.idleExcuses
        if !idle.isEmpty { remark("excuses that excuse nothing: \(idle.prefix(10).joined(separator: "; "))") }
        let failed = report.verdicts.count { $0.outcome == .fails }
        print(
            TextTable.render(report.table)
                + "report \(stored.name) of release \(report.release): "
                + (report.passes ? "it passes" : "\(failed) of \(report.verdicts.count) verdicts fail"))
    }

    static func read(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path), let text = String(bytes: data, encoding: .utf8) else {
            throw RequestError("\(path) cannot be read: name a text file")
        }
        return text
    }
}
