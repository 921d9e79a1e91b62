import Columns
import Foundation
import Sizing

/// Measurements and projections for eyes and as JSON.
enum SizingTables {
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// "1.23 GB": decimal units, three figures.
    static func size(_ bytes: Double) -> String {
        var (value, unit) = (bytes, 0)
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        while abs(value) >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0
            ? String(format: "%.0f B", value) : String(format: "%.\(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)f %@", value, units[unit])
    }

    private static func words(_ name: String, _ values: [String]) -> Column { Column(name, .string(ByteStrings(values))) }
    private static func sizes(_ name: String, _ values: [Int64]) -> Column { words(name, values.map { size(Double($0)) }) }

    static func report(_ m: SizingMeasurement) -> String {
        let relations = m.relations.filter { $0.rows > 0 || $0.heapBytes > 0 }.sorted { $0.bytes > $1.bytes }
        let visits = m.visits.count
        let nights = m.nights
        var text = """
            measured at     \(m.measuredAt) (generation \(m.generation), schema \(m.schemaVersion))
            tables          \(size(Double(m.bytes))) with indexes, \(relations.reduce(0) { $0 + $1.rows }) rows\(besideLines(m))
            database        \(size(Double(m.server.databaseBytes)))
            write-ahead log \(m.server.walBytes.map { size(Double($0)) } ?? "not visible from here"), at most about \(size(Double(m.server.walLimitBytes)))
            other files     \(m.server.otherBytes.map { size(Double($0)) } ?? "not visible from here")
            images          \(m.images.map { size(Double($0.reduce(0) { $0 + $1.bytes })) } ?? "no image cache")
            visits          \(visits) in \(nights.count) nights, \(size(visits > 0 ? Double(m.bytes) / Double(visits) : 0)) a visit, \(size(nights.isEmpty ? 0 : Double(m.bytes) / Double(nights.count))) a night

            """
        text += TextTable.render(
            Table([
                words("table", relations.map { $0.partition ?? $0.table }), Column("rows", .int64(relations.map(\.rows))),
                words("", relations.map { $0.isCounted ? "counted" : "estimated" }), sizes("bytes", relations.map(\.bytes)),
                sizes("heap", relations.map { $0.heapBytes + $0.mapBytes }), sizes("toast", relations.map(\.toastBytes)),
                sizes("indexes", relations.map(\.indexBytes)),
                words("free", relations.map { $0.freeBytes.map { size(Double($0)) } ?? "-" }),
                words("a row", relations.map { $0.bytesPerRow.map(size) ?? "-" }),
            ]))
        text += beside(m)
        let indexes = m.indexes.sorted { $0.bytes > $1.bytes }
        text +=
            "\n"
            + TextTable.render(
                Table([
                    words("index", indexes.map(\.index)), words("of", indexes.map(\.partition)), words("method", indexes.map(\.method)),
                    sizes("bytes", indexes.map(\.bytes)),
                ]), rowLimit: 15)
        let columns = Array(m.dearestColumns.prefix(15))
        text +=
            "\nmost expensive columns\n"
            + TextTable.render(
                Table([
                    words("table", columns.map(\.table)), words("column", columns.map(\.column)),
                    words("bytes", columns.map { size($0.bytes) }),
                    words("width", columns.map { String(format: "%.1f", $0.width) }),
                    words("null", columns.map { String(format: "%.1f %%", 100 * $0.nullFraction) }),
                    words("by", columns.map(\.source.rawValue)),
                ]))
        let tables = Set(m.columns.map(\.table)).sorted()
        text +=
            "\n"
            + TextTable.render(
                Table([
                    words("table", tables),
                    words("values that are null", tables.map { String(format: "%.1f %%", 100 * (m.nullShare(of: $0) ?? 0)) }),
                ]))
        let last = Array(nights.suffix(10))
        text +=
            "\nnights (the last \(last.count)); bytes are their rows at the bytes a row of now\n"
            + TextTable.render(
                Table([
                    Column("night", .int64(last.map(\.night))), Column("visits", .int64(last.map(\.visits))),
                    Column("DiaSource", .int64(last.map(\.diaSources))), Column("DiaForcedSource", .int64(last.map(\.diaForcedSources))),
                    Column("versions", .int64(last.map(\.diaObjectVersions))), Column("new objects", .int64(last.map(\.diaObjectsNew))),
                    Column("alerts", .int64(last.map(\.alerts))), words("bytes", last.map { size($0.bytes) }),
                ]))
        if !m.ledgerMonths.isEmpty {
            text +=
                "\nledger by month of issue\n"
                + TextTable.render(
                    Table([
                        words("month", m.ledgerMonths.map(\.month)), Column("alerts", .int64(m.ledgerMonths.map(\.alerts))),
                        sizes("packets", m.ledgerMonths.map(\.packetBytes)), sizes("compressed", m.ledgerMonths.map(\.packetStoredBytes)),
                    ]))
        }
        return text
    }

    /// Further lines of the head, where something lies beside the current generation.
    private static func besideLines(_ m: SizingMeasurement) -> String {
        guard !m.beside.isEmpty else { return "" }
        let parts = m.beside.map { "\nbeside them     \(size(Double($0.bytes))), \($0.rows) rows: \($0.label)" }
        return parts.joined() + "\nin all          \(size(Double(m.bytesInAll)))"
    }

    private static func beside(_ m: SizingMeasurement) -> String {
        m.beside.map { beside in
            let tables = Dictionary(grouping: beside.relations.filter { $0.rows > 0 || $0.heapBytes > 0 }, by: \.table)
                .map { (name: $0, rows: $1.reduce(0) { $0 + $1.rows }, bytes: $1.reduce(0) { $0 + $1.bytes }, relations: $1) }
                .sorted { ($0.bytes, $1.name) > ($1.bytes, $0.name) }
            return "\n\(beside.label)\n"
                + TextTable.render(
                    Table([
                        words("table", tables.map(\.name)), Column("rows", .int64(tables.map(\.rows))),
                        words("", tables.map { $0.relations.allSatisfy(\.isCounted) ? "counted" : "estimated" }),
                        sizes("bytes", tables.map(\.bytes)), sizes("indexes", tables.map { $0.relations.reduce(0) { $0 + $1.indexBytes } }),
                    ]))
        }.joined()
    }

    static func projection(_ document: SizingProjectionDocument) -> String {
        let projection = document.projection
        let times = projection.moments
        var text = """
            model     \(projection.model); \(projection.policy)
            range     \(projection.rangeIsMadeOf)


            """
        text += TextTable.render(
            Table([
                words("time", times.map(\.time)), Column("visits", .int64(times.map { Int64($0.visits) })),
                words("low", times.map { size($0.bytes.low) }), words("expected", times.map { size($0.bytes.expected) }),
                words("high", times.map { size($0.bytes.high) }),
            ]))
        if let end = times.last {
            text +=
                "\n\(end.time)\n"
                + TextTable.render(
                    Table([
                        words("component", end.components.map(\.component)), Column("rows", .int64(end.components.map { Int64($0.rows) })),
                        words("low", end.components.map { size($0.bytes.low) }),
                        words("expected", end.components.map { size($0.bytes.expected) }),
                        words("high", end.components.map { size($0.bytes.high) }),
                        words("indexes", end.components.map { size($0.indexBytes) }),
                        words("origin", end.components.map(\.origin.rawValue)),
                    ]))
            text += "\n" + end.components.map { "\($0.component): \($0.basis)" }.joined(separator: "\n") + "\n"
        }
        if let difference = document.difference {
            text +=
                "\n\(difference.time): instead of \"\(difference.policyBefore)\", \"\(difference.policyAfter)\"\n"
                + TextTable.render(
                    Table([
                        words("component", difference.changes.map(\.component)),
                        words("before", difference.changes.map { size($0.bytesBefore) }),
                        words("after", difference.changes.map { size($0.bytesAfter) }),
                    ]))
        }
        return text
    }
}
