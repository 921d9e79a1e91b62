import ArgumentParser
import Catalog
import Foundation
import Ppdb

struct PpdbVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Hold every exported chunk against the instance: counts and checksums, rows that differ by name.",
        discussion: "Exit code 1 where something differs; `skyledger ppdb repair` mends it.")

    @Option(help: "table or json.") var format: SummaryFormat = .table
    @OptionGroup var ppdb: PpdbOptions

    func run() throws {
        let report = try Self.verify(ppdb.open())
        if format == .json { try PpdbOutput.json(report) } else { Self.print(report) }
        if !report.faults.isEmpty { throw ExitCode(1) }
    }

    static func verify(_ ppdb: Ppdb) throws -> Verification.Report {
        let interruption = Interruption("stopping after this table; nothing is verified")
        let bar = ProgressBar("tables")
        defer { bar.end() }
        let report = try Verification(ppdb).run { done, total in
            bar.update(done: done, total: total)
            return !interruption.isRequested
        }
        guard let report else { throw ExitCode(130) }
        return report
    }

    static func print(_ report: Verification.Report) {
        let rate = String(format: "%.1f s, %.0f rows/s", report.seconds, Double(report.rows) / max(report.seconds, 1e-3))
        Swift.print("verified \(report.verified) of \(report.chunks) chunks, \(report.rows) rows (\(rate))")
        if report.unsettled > 0 {
            Swift.print("\(report.unsettled) chunks have rows that changes on their way touch: verify them after the next export")
        }
        for fault in report.faults { Swift.print("\(fault.table), \(fault.description)") }
    }
}

struct PpdbRepair: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Verify, copy again what differs, say what was done, and verify again.")

    @Option(help: "table or json.") var format: SummaryFormat = .table
    @OptionGroup var ppdb: PpdbOptions

    private static let rounds = 3

    private struct Output: Encodable {
        var repair: Repair.Outcome
        var verification: Verification.Report
    }

    func run() throws {
        let opened = try ppdb.open()
        var report = try PpdbVerify.verify(opened)
        var outcome = Repair.Outcome()
        // What one fault hides, the next verification finds.
        for _ in 0..<Self.rounds where !report.faults.isEmpty && outcome.left.isEmpty {
            let part = try Repair(opened).run(report.faults)
            outcome.done += part.done
            outcome.left += part.left
            report = try PpdbVerify.verify(opened)
        }
        if format == .json {
            try PpdbOutput.json(Output(repair: outcome, verification: report))
        } else {
            if outcome.done.isEmpty, outcome.left.isEmpty { print("nothing had to be repaired") }
            for line in outcome.done + outcome.left { print(line) }
            PpdbVerify.print(report)
        }
        if !report.faults.isEmpty || !outcome.left.isEmpty { throw ExitCode(1) }
    }
}
