import Foundation

/// A table for eyes: aligned columns, numbers to the right, units below the names.
public enum TextTable {
    /// - Parameter limit: rows at most; a line tells of the rest.
    public static func text(_ table: Table, limit: Int = .max) -> String {
        let shown = min(limit, table.rowCount)
        let columns = table.columns.map { column -> (cells: [String], right: Bool) in
            (
                [column.name] + (table.columns.contains { $0.unit != nil } ? [column.unit ?? ""] : []) + (0..<shown).map { cell(column, $0) },
                column.type.isNumeric
            )
        }
        let widths = columns.map { $0.cells.map(\.count).max() ?? 0 }
        let lines = columns.first?.cells.count ?? 0
        let headers = lines - shown
        var out = ""
        for line in 0..<lines {
            let cells = columns.enumerated().map { i, column -> String in
                let padding = String(repeating: " ", count: widths[i] - column.cells[line].count)
                return column.right ? padding + column.cells[line] : column.cells[line] + padding
            }
            out += cells.joined(separator: "  ").replacing(/\s+$/, with: "") + "\n"
            if line == headers - 1 { out += widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ") + "\n" }
        }
        if shown < table.rowCount { out += "... (\(table.rowCount) rows in all)\n" }
        return out
    }

    static func cell(_ column: Column, _ row: Int) -> String {
        if column.isNull(row) { return "-" }
        switch column.values {
        case .bool(let v): return v[row] ? "true" : "false"
        case .int16(let v): return String(v[row])
        case .int32(let v): return String(v[row])
        case .int64(let v): return String(v[row])
        case .float(let v): return String(format: "%.6g", v[row])
        case .double(let v):
            // Positions to a tenth of a milliarcsecond, times to a tenth of a second.
            if column.unit == "deg" || ["ra", "dec", "decl"].contains(column.name) { return String(format: "%.7f", v[row]) }
            if column.name.contains("Mjd") || column.unit == "d" { return String(format: "%.6f", v[row]) }
            return String(format: "%.8g", v[row])
        case .string(let v): return v[row]
        case .binary(let v): return "\(v.bytes(at: row).count) bytes"
        case .timestamp(let v): return ISO8601.text(v[row])
        }
    }
}
