/// Tables as one JSON array of row objects, keyed by column name, a row a line (RFC 8259).
///
/// ```swift
/// var rows = JSONRows()
/// try rows.begin(to: &output)
/// for table in tables { try rows.append(table, to: &output) }
/// try rows.end(to: &output)
/// ```
///
/// Nulls, NaN and infinities are `null`. Integers are exact, so that a reader must take care of those beyond 2^53. Floating-point
/// numbers have the fewest digits that read back as the same number of their type. Timestamps are ISO 8601 without a zone, binary
/// values hexadecimal.
public struct JSONRows: Sendable {
    private var isEmpty = true

    public init() {}

    /// Writes one table as a whole array.
    ///
    /// - Throws: what the output throws
    public static func write(_ table: Table, to output: inout some TextOutput) throws {
        var rows = JSONRows()
        try rows.begin(to: &output)
        try rows.append(table, to: &output)
        try rows.end(to: &output)
    }

    /// Opens the array.
    public mutating func begin(to output: inout some TextOutput) throws {
        isEmpty = true
        try output.write([UInt8(ascii: "[")])
    }

    /// Writes the rows of a table; tables may differ in their columns.
    public mutating func append(_ table: Table, to output: inout some TextOutput) throws {
        let before = table.columns.enumerated().map { i, column in
            var key: [UInt8] = i == 0 ? [] : [UInt8(ascii: ",")]
            TextCells.appendJSONText(Array(column.name.utf8)[...], to: &key)
            key.append(UInt8(ascii: ":"))
            return key
        }
        var chunk: [UInt8] = []
        for first in stride(from: 0, to: table.rowCount, by: TextCells.blockRows) {
            let rows = first..<min(first + TextCells.blockRows, table.rowCount)
            let cells = table.columns.map { TextCells.render($0, rows, .json) }
            // The comma stands before every row but the very first, so that no row need know whether another follows.
            chunk.append(contentsOf: isEmpty ? "\n{".utf8 : ",\n{".utf8)
            isEmpty = false
            TextCells.join(cells, rowCount: rows.count, before: before, end: Array("},\n{".utf8), to: &chunk)
            chunk.removeLast(3)
            try output.write(chunk)
            chunk.removeAll(keepingCapacity: true)
        }
    }

    /// Closes the array.
    public mutating func end(to output: inout some TextOutput) throws {
        try output.write(Array("\n]\n".utf8))
    }
}
