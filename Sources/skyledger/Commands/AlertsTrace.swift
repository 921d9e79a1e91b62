import Alerts
import ArgumentParser
import Columns
import Foundation
import Release

struct AlertsTrace: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "What an alert was, and what its source and object are now.",
        discussion: """
            The source may have been given to another object, or been withdrawn; retention may have taken it out. Where releases replaced
            the alert's generation, the steps say what its source and object became in each.
            With --all every alert is traced, a row each; exit code 1 where the question has no answer for some.
            Examples: skyledger alerts trace 170032933619892227 --format json
                      skyledger alerts trace --all --format parquet --output traces.parquet
            """)

    @Argument(help: "The alert's number.") var id: Int64?
    @Flag(help: "All alerts of the ledger, a row each.") var all = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard all != (id != nil) else { throw ValidationError("name an alert's number, or --all") }
        guard all || output.format == .table || output.format == .json else {
            throw ValidationError("the trace of one alert is printed as table or json")
        }
    }

    func run() throws {
        let ledger = try LedgerAccess(instance)
        guard let id else { return try survey(ledger) }
        let (entry, packet) = try ledger.alert(id)
        let walk = try AlertWalk(
            entry, packet: ledger.packets.value(entry, packet),
            Correspondences(instance: ledger.instance, connection: ledger.connection))
        try RowOutput.text(output.format == .json ? json(walk) : text(walk, id), output.request)
    }

    private func survey(_ ledger: LedgerAccess) throws {
        let interruption = Interruption("stopping; what was traced is not written")
        var rows = Table()
        let counts = try AlertSurvey(instance: ledger.instance).run { piece in
            rows = rows.appending(piece)
            return !interruption.isRequested
        }
        if interruption.isRequested { throw ExitCode(130) }
        try RowOutput.write(rows, output.request)
        let words = counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
        remark("\(rows.rowCount) alerts: \(words.joined(separator: ", "))")
        if counts.contains(where: { !$0.key.isTraced && $0.value > 0 }) { throw ExitCode(1) }
    }

    private func json(_ walk: AlertWalk) throws -> String {
        let trace = walk.trace
        func one(_ rows: Table) throws -> String {
            guard rows.rowCount > 0 else { return "null" }
            return try RowOutput.json(rows).dropFirst().dropLast().trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return try """
        {"state": "\(trace.state.rawValue)", "sentence": \(OrderedJSON.quoted(trace.sentence)), "generation": \(trace.generation),
        "issued": \(one(AlertReports.table([trace.entry]))),
        "midpointMjdTai": \(trace.midpointMjdTai.map { "\($0)" } ?? "null"),
        "diaSource": \(one(trace.source)),
        "diaObject": \(one(trace.object)),
        "issuedDiaObject": \(one(trace.issuedObject)),
        "sourceSteps": \(AlertReports.json(walk.sourceSteps)),
        "objectSteps": \(AlertReports.json(walk.objectSteps))}

        """
    }

    private func text(_ walk: AlertWalk, _ id: Int64) -> String {
        let trace = walk.trace
        let alert = trace.entry.alert
        func number(_ value: Int64?) -> String { value.map { "\($0)" } ?? "-" }
        func time(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "-" }
        func cell(_ rows: Table, _ column: String) -> String {
            guard rows.rowCount > 0, let column = rows[column] else { return "-" }
            return TextTable.render(Table([Column("x", column.values, validity: column.validity)])).split(separator: "\n").last
                .map(String.init) ?? "-"
        }
        let isHere = trace.source.rowCount > 0
        let rows: [(String, String, String)] = [
            ("generation", "\(trace.entry.key.generation)", "\(trace.generation)"),
            (
                "diaSourceId", number(alert.diaSourceId),
                isHere ? number(trace.diaSourceId) : [.gone, .vanished].contains(trace.state) ? trace.state.rawValue : "-"
            ),
            ("diaObjectId", number(alert.diaObjectId), isHere ? number(trace.diaObjectId) : "-"),
            ("ssObjectId", number(alert.ssObjectId), isHere ? number(trace.ssObjectId) : "-"),
            ("midpointMjdTai", time(trace.midpointMjdTai), cell(trace.source, "midpointMjdTai")),
            ("ra", String(format: "%.7f", alert.ra), cell(trace.source, "ra")),
            ("dec", String(format: "%.7f", alert.dec), cell(trace.source, "dec")),
            ("disposition", "-", cell(trace.source, "disposition")), ("withdrawn", "-", time(trace.withdrawnMjdTai)),
            ("object's nDiaSources", "-", cell(trace.object, "nDiaSources")),
            ("issued object's end", "-", cell(trace.issuedObject, "validityEndMjdTai")),
        ]
        let table = Table([
            Column("what", .string(ByteStrings(rows.map(\.0)))), Column("issued", .string(ByteStrings(rows.map(\.1)))),
            Column("now", .string(ByteStrings(rows.map(\.2)))),
        ])
        let steps = (walk.sourceSteps.map(\.sentence) + walk.objectSteps.map(\.sentence)).map { $0 + "\n" }.joined()
        return "alert \(id), issued at MJD TAI \(time(trace.entry.issuedMjdTai)): \(trace.sentence)\n\(steps)\n" + TextTable.render(table)
    }
}
