import Glibc

/// A table as aligned columns, for a terminal.
///
/// Numbers stand to the right, all else to the left; nulls are `-`. Integers are in full; columns of right ascension and declination
/// have 7 decimals, times in Modified Julian Dates 6, other floating-point numbers 6 significant digits. A second line has the units,
/// where any column has one.
public enum TextTable {
    /// The table as text; each line ends in LF.
    ///
    /// - Parameter rowLimit: how many rows are shown at most; where there are more, a last line says how many.
    public static func render(_ table: Table, rowLimit: Int? = nil) -> String {
        let shown = min(table.rowCount, max(0, rowLimit ?? table.rowCount))
        let hasUnits = table.columns.contains { $0.unit != nil }
        let columns = table.columns.map { column in
            var cells = [printable(column.name)]
            if hasUnits { cells.append(printable(column.unit ?? "")) }
            for row in 0..<shown { cells.append(column.isNull(row) ? "-" : cell(column, row)) }
            return (cells: cells, width: cells.map(\.count).max()!, toRight: column.type.isNumeric)
        }
        var out = ""
        for line in 0..<(columns.first?.cells.count ?? 0) {
            var text = ""
            for (i, column) in columns.enumerated() {
                if i > 0 { text += "  " }
                let padding = String(repeating: " ", count: column.width - column.cells[line].count)
                text += column.toRight ? padding + column.cells[line] : column.cells[line] + padding
            }
            while text.last == " " { text.removeLast() }
            out += text + "\n"
        }
        if shown < table.rowCount { out += "... (\(table.rowCount) rows)\n" }
        return out
    }

    /// Writes what `render` makes.
    ///
    /// - Throws: what the output throws
    public static func write(_ table: Table, to output: inout some TextOutput, rowLimit: Int? = nil) throws {
        try output.write(Array(render(table, rowLimit: rowLimit).utf8))
    }

    private static func cell(_ column: Column, _ row: Int) -> String {
        switch column.values {
        case .float(let values): number(Double(values[row]), column.name)
        case .double(let values): number(values[row], column.name)
        case .string(let values): printable(values[row])
        default: String(decoding: TextCells.render(column, row..<row + 1, .csv).bytes, as: UTF8.self)
        }
    }

    /// Characters that would break the lines or command the terminal become blanks.
    private static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    private static func number(_ value: Double, _ name: String) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        let format = decimals(name).map { "%.\($0)f" } ?? "%.6g"
        var buffer = [CChar](repeating: 0, count: 400)
        let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Decimals of the columns whose numbers are places on the sky or times; nil for others.
    static func decimals(_ name: String) -> Int? {
        if name == "ra" || name == "dec" { return 7 }
        if ["_ra", "_dec", "Ra", "Dec"].contains(where: { name.hasSuffix($0) }) { return 7 }
        return name.lowercased().contains("mjd") ? 6 : nil
    }
}
