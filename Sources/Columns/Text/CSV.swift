/// Comma-separated values as RFC 4180 describes them, with a header; null is an empty cell, an empty string is "".
public enum CSV {
    /// Hands the text over in pieces. A table that continues another is written without header.
    public static func write(_ table: Table, header: Bool = true, to sink: ([UInt8]) throws -> Void) rethrows {
        var out: [UInt8] = []
        out.reserveCapacity(1 << 17)
        if header {
            for (i, name) in table.columnNames.enumerated() {
                if i > 0 { out.append(UInt8(ascii: ",")) }
                append(Array(name.utf8)[...], to: &out)
            }
            out.append(contentsOf: [13, 10])
        }
        let cells = table.columns.map { CellWriter(column: $0, style: .csv) }
        for row in 0..<table.rowCount {
            for (i, cell) in cells.enumerated() {
                if i > 0 { out.append(UInt8(ascii: ",")) }
                cell.write(row, to: &out)
            }
            out.append(contentsOf: [13, 10])
            if out.count > 1 << 16 {
                try sink(out)
                out.removeAll(keepingCapacity: true)
            }
        }
        if !out.isEmpty { try sink(out) }
    }

    static func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        guard bytes.isEmpty || bytes.contains(where: { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }) else {
            out.append(contentsOf: bytes)
            return
        }
        out.append(34)
        for byte in bytes {
            if byte == 34 { out.append(34) }
            out.append(byte)
        }
        out.append(34)
    }
}
