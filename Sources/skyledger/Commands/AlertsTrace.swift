import Alerts
import ArgumentParser
import Columns
import Foundation

struct AlertsTrace: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "What an alert was, and what its source and object are now.",
        discussion: """
            The source may have been given to another object, or been withdrawn; retention or a release may have taken it out.
            Example: skyledger alerts trace 170032933619892227 --format json
            """)

    @Argument(help: "The alert's number.") var id: Int64
    @Option(help: "table or json.") var format: OutputFormat = .table
    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        guard format == .table || format == .json else { throw ValidationError("a trace is printed as table or json") }
    }

    func run() throws {
        let ledger = try LedgerAccess(instance)
        let (entry, packet) = try ledger.alert(id)
        let trace = try AlertTrace(
            entry, packet: ledger.packets.value(entry, packet), on: ledger.connection,
            generation: ledger.instance.currentGeneration(on: ledger.connection))
        print(try format == .json ? json(trace) : text(trace), terminator: "")
    }

    private func json(_ trace: AlertTrace) throws -> String {
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
        "issuedDiaObject": \(one(trace.issuedObject))}

        """
    }

    private func text(_ trace: AlertTrace) -> String {
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
            ("diaSourceId", number(alert.diaSourceId), isHere ? number(alert.diaSourceId) : trace.state == .gone ? "gone" : "-"),
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
        return "alert \(id), issued at MJD TAI \(time(trace.entry.issuedMjdTai)): \(trace.sentence)\n\n" + TextTable.render(table)
    }
}
