/// A table as comma-separated values.
public enum CSV {
    /// Writes the table with a header line; see `CSVRows`.
    ///
    /// - Throws: what the output throws
    public static func write(_ table: Table, to output: inout some TextOutput) throws {
        var rows = CSVRows()
        try rows.append(table, to: &output)
    }
}

/// Many tables of the same columns as one text of comma-separated values (RFC 4180, but lines end in LF): the header once, then all rows.
///
/// A null is empty (`""` where it is the only column, as readers skip empty lines), an empty text is `""`. Floating-point numbers have
/// the fewest digits that read back as the same number of their type; `NaN`, `inf`, `-inf`. Booleans are `true` and `false`,
/// timestamps ISO 8601 without a zone, binary values hexadecimal.
public struct CSVRows: Sendable {
    private var names: [String]?

    public init() {}

    /// Writes the rows of a table, and before the first table the header. Later tables must have the columns of the first.
    ///
    /// - Throws: what the output throws
    public mutating func append(_ table: Table, to output: inout some TextOutput) throws {
        var chunk: [UInt8] = []
        if let names {
            precondition(names == table.columnNames, "the columns \(table.columnNames) cannot follow \(names) in one CSV text")
        } else {
            names = table.columnNames
            for (i, column) in table.columns.enumerated() {
                if i > 0 { chunk.append(UInt8(ascii: ",")) }
                TextCells.appendCSVText(Array(column.name.utf8)[...], to: &chunk)
            }
            chunk.append(UInt8(ascii: "\n"))
        }
        let before: [[UInt8]] = table.columns.indices.map { $0 == 0 ? [] : [UInt8(ascii: ",")] }
        for first in stride(from: 0, to: table.rowCount, by: TextCells.blockRows) {
            let rows = first..<min(first + TextCells.blockRows, table.rowCount)
            var cells = table.columns.map { TextCells.render($0, rows, .csv) }
            if cells.count == 1 { cells[0] = quotingEmpty(cells[0]) }
            TextCells.join(cells, rowCount: rows.count, before: before, end: [UInt8(ascii: "\n")], to: &chunk)
            try output.write(chunk)
            chunk.removeAll(keepingCapacity: true)
        }
        if !chunk.isEmpty { try output.write(chunk) }
    }

    /// A null in the only column would be an empty line, which readers skip.
    private func quotingEmpty(_ cells: RenderedCells) -> RenderedCells {
        var out = RenderedCells()
        for row in 0..<cells.ends.count - 1 {
            let cell = cells.bytes(at: row)
            out.bytes.append(contentsOf: cell.isEmpty ? [0x22, 0x22] : cell)
            out.ends.append(out.bytes.count)
        }
        return out
    }
}
