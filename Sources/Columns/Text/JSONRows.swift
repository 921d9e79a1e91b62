/// A JSON array of row objects keyed by column name, a row a line. Null, NaN and infinities are null; integers are exact.
public enum JSONRows {
    public static func write(_ table: Table, to sink: ([UInt8]) throws -> Void) rethrows {
        var out: [UInt8] = [UInt8(ascii: "[")]
        try rows(table, isFirst: true, to: &out, sink)
        out.append(contentsOf: Array(table.rowCount > 0 ? "\n]\n".utf8 : "]\n".utf8))
        try sink(out)
    }

    private static func rows(_ table: Table, isFirst: Bool, to out: inout [UInt8], _ sink: ([UInt8]) throws -> Void) rethrows {
        let cells = table.columns.map { CellWriter(column: $0, style: .json) }
        let keys = table.columns.enumerated().map { i, column -> [UInt8] in
            var key: [UInt8] = i > 0 ? Array(", ".utf8) : []
            append(Array(column.name.utf8)[...], to: &key)
            return key + Array(": ".utf8)
        }
        for row in 0..<table.rowCount {
            out.append(contentsOf: (row == 0 && isFirst ? "\n{" : ",\n{").utf8)
            for (key, cell) in zip(keys, cells) {
                out.append(contentsOf: key)
                cell.write(row, to: &out)
            }
            out.append(UInt8(ascii: "}"))
            if out.count > 1 << 16 {
                try sink(out)
                out.removeAll(keepingCapacity: true)
            }
        }
    }

    /// A string literal (RFC 8259, section 7). Bytes that are no UTF-8 become the replacement character.
    static func append(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        out.append(34)
        let isPlain = bytes.allSatisfy { $0 >= 32 && $0 < 127 && $0 != 34 && $0 != 92 }
        if isPlain {
            out.append(contentsOf: bytes)
        } else {
            for byte in String(decoding: bytes, as: UTF8.self).utf8 {
                switch byte {
                case 34: out.append(contentsOf: [92, 34])
                case 92: out.append(contentsOf: [92, 92])
                case 10: out.append(contentsOf: Array("\\n".utf8))
                case 13: out.append(contentsOf: Array("\\r".utf8))
                case 9: out.append(contentsOf: Array("\\t".utf8))
                case 0..<32:
                    let digits = Array("0123456789abcdef".utf8)
                    out.append(contentsOf: Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
                default: out.append(byte)
                }
            }
        }
        out.append(34)
    }
}
