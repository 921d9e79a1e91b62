import ArgumentParser
import Catalog
import Foundation
import Ppdb

struct PpdbExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Copy what was committed to the PPDB, chunk after chunk.",
        discussion: """
            Run it again after any failure: nothing is lost or doubled. Several may run at once and take turns.
            Example: skyledger ppdb export --follow
            """)

    @Flag(help: "Go on with what is committed from now on, until interrupted.") var follow = false
    @Option(help: "Only changes that were committed before this time: MJD (TAI), or UTC as 2026-11-21T12:00:00Z.") var until: String?
    @Option(help: "A YAML file of settings.") var settings: String?
    @Option(help: "table or json.") var format: SummaryFormat = .table
    @OptionGroup var ppdb: PpdbOptions

    func validate() throws {
        if follow, until != nil { throw ValidationError("--follow has no end: leave out --until") }
    }

    func run() throws {
        let chosen = try settings.map(ReplicationSettings.init(file:)) ?? ReplicationSettings()
        let end = try until.map(PpdbOutput.time)
        let interruption = Interruption("stopping; the chunk at hand is undone, run the same command again to go on")
        let bar = ProgressBar("rows")
        defer { bar.end() }
        let start = Date()
        let summary: Exporter.Summary
        if follow {
            summary = try Exporter.follow(
                open: { try ppdb.open() }, settings: chosen, isInterrupted: { interruption.isRequested }, remark: { remark($0) },
                progress: { bar.update(done: $0.rows, total: $0.rows, note: "chunk \($0.lastChunk)") })
        } else {
            summary = try Exporter(ppdb.open(), settings: chosen).run(until: end) { done, total in
                bar.update(done: done, total: total)
                return !interruption.isRequested
            }
        }
        bar.end()
        if format == .json { try PpdbOutput.json(summary) } else { print(Self.sentence(summary, Date().timeIntervalSince(start))) }
        if summary.isStopped { throw ExitCode(130) }
    }

    private static func sentence(_ summary: Exporter.Summary, _ seconds: Double) -> String {
        var text = summary.chunks == 0 ? "nothing was waiting" : "exported \(summary.rows) rows in \(summary.chunks) chunks"
        if summary.chunks > 0 { text += String(format: " in %.1f s (%.0f rows/s)", seconds, Double(summary.rows) / max(seconds, 1e-3)) }
        for (table, rows) in summary.refreshed.sorted(by: { $0.key < $1.key }) { text += ", \(table) anew (\(rows) rows)" }
        for number in summary.crosswalksRemoved { text += ", crosswalk \(number) removed" }
        for (number, rows) in summary.crosswalks.sorted(by: { $0.key < $1.key }) { text += ", crosswalk \(number) (\(rows) rows)" }
        if let swap = summary.swap { text += "; \(swap)" }
        return text + (summary.isStopped ? "; interrupted" : "")
    }
}
