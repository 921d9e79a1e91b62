/// How cells look in a format.
enum CellStyle: Sendable {
    case csv, json
}

/// Cells end to end in one buffer, and where each ends.
struct RenderedCells {
    var bytes: [UInt8] = []
    /// One more than there are cells, the first 0.
    var ends = [0]

    func bytes(at row: Int) -> ArraySlice<UInt8> { bytes[ends[row]..<ends[row + 1]] }
}

/// The cells of one column for some rows, as a format writes them.
enum TextCells {
    /// How many rows are rendered at a time: their cells stay in a core's cache until they are joined.
    static let blockRows = 1024

    static func render(_ column: Column, _ rows: Range<Int>, _ style: CellStyle) -> RenderedCells {
        var out = RenderedCells()
        out.ends.reserveCapacity(rows.count + 1)
        switch column.values {
        case .bool(let values):
            let (yes, no) = (Array("true".utf8), Array("false".utf8))
            fill(&out, column, rows, style) { $0.append(contentsOf: values[$1] ? yes : no) }
        case .int16(let values): fill(&out, column, rows, style) { appendInteger(Int64(values[$1]), to: &$0) }
        case .int32(let values): fill(&out, column, rows, style) { appendInteger(Int64(values[$1]), to: &$0) }
        case .int64(let values): fill(&out, column, rows, style) { appendInteger(values[$1], to: &$0) }
        case .float(let values): fill(&out, column, rows, style) { appendFloating(values[$1], style, to: &$0) }
        case .double(let values): fill(&out, column, rows, style) { appendFloating(values[$1], style, to: &$0) }
        case .string(let values):
            fill(&out, column, rows, style) { bytes, row in
                let value = values.bytes(at: row)
                if style == .csv { appendCSVText(value, to: &bytes) } else { appendJSONText(value, to: &bytes) }
            }
        case .binary(let values):
            fill(&out, column, rows, style) { bytes, row in
                if style == .json { bytes.append(UInt8(ascii: "\"")) }
                for byte in values.bytes(at: row) {
                    bytes.append(hexDigit(byte >> 4))
                    bytes.append(hexDigit(byte & 15))
                }
                if style == .json { bytes.append(UInt8(ascii: "\"")) }
            }
        case .timestamp(let values):
            fill(&out, column, rows, style) { bytes, row in
                if style == .json { bytes.append(UInt8(ascii: "\"")) }
                ISOTimestamp.append(values[row], to: &bytes)
                if style == .json { bytes.append(UInt8(ascii: "\"")) }
            }
        }
        return out
    }

    @inline(__always)
    private static func fill(
        _ out: inout RenderedCells, _ column: Column, _ rows: Range<Int>, _ style: CellStyle, _ cell: (inout [UInt8], Int) -> Void
    ) {
        let null: [UInt8] = style == .json ? Array("null".utf8) : []
        for row in rows {
            if column.isNull(row) { out.bytes.append(contentsOf: null) } else { cell(&out.bytes, row) }
            out.ends.append(out.bytes.count)
        }
    }

    static func appendInteger(_ value: Int64, to out: inout [UInt8]) {
        if value < 0 { out.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let start = out.count
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            out.append(48 + UInt8(digit))
            rest = quotient
        } while rest != 0
        var (low, high) = (start, out.count - 1)
        while low < high {
            out.swapAt(low, high)
            (low, high) = (low + 1, high - 1)
        }
    }

    /// The fewest digits that read back as the same number of the same type.
    private static func appendFloating<Value: BinaryFloatingPoint & LosslessStringConvertible>(
        _ value: Value, _ style: CellStyle, to out: inout [UInt8]
    ) {
        if value.isFinite {
            out.append(contentsOf: value.description.utf8)
        } else if style == .json {
            out.append(contentsOf: "null".utf8)
        } else {
            out.append(contentsOf: (value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf").utf8)
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    /// RFC 4180, section 2, rules 5 to 7. An empty text is quoted, to differ from a null.
    static func appendCSVText(_ value: ArraySlice<UInt8>, to out: inout [UInt8]) {
        let special = value.isEmpty || value.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        guard special else { return out.append(contentsOf: value) }
        out.append(0x22)
        for byte in value {
            if byte == 0x22 { out.append(0x22) }
            out.append(byte)
        }
        out.append(0x22)
    }

    /// RFC 8259, section 7. Bytes that are no UTF-8 become the replacement character.
    static func appendJSONText(_ value: ArraySlice<UInt8>, to out: inout [UInt8]) {
        guard value.allSatisfy({ $0 < 0x80 }) else {
            // Decoding repairs; what comes back is valid and may be copied byte by byte.
            return escapeJSON(Array(String(decoding: value, as: UTF8.self).utf8)[...], to: &out)
        }
        escapeJSON(value, to: &out)
    }

    private static func escapeJSON(_ value: ArraySlice<UInt8>, to out: inout [UInt8]) {
        out.append(0x22)
        for byte in value {
            switch byte {
            case 0x22, 0x5C:
                out.append(0x5C)
                out.append(byte)
            case 0x0A: out.append(contentsOf: [0x5C, UInt8(ascii: "n")])
            case 0x0D: out.append(contentsOf: [0x5C, UInt8(ascii: "r")])
            case 0x09: out.append(contentsOf: [0x5C, UInt8(ascii: "t")])
            case ..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                out.append(hexDigit(byte >> 4))
                out.append(hexDigit(byte & 15))
            default: out.append(byte)
            }
        }
        out.append(0x22)
    }

    /// Joins rendered columns row by row: `before[i]` stands before the cell of column i, `end` after the row.
    static func join(_ cells: [RenderedCells], rowCount: Int, before: [[UInt8]], end: [UInt8], to out: inout [UInt8]) {
        let frame = (before.reduce(0) { $0 + $1.count } + end.count) * rowCount
        out.reserveCapacity(out.count + frame + cells.reduce(0) { $0 + $1.bytes.count })
        for row in 0..<rowCount {
            for (column, cells) in cells.enumerated() {
                out.append(contentsOf: before[column])
                out.append(contentsOf: cells.bytes(at: row))
            }
            out.append(contentsOf: end)
        }
    }
}
