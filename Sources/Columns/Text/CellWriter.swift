/// Writes the cells of a column as text into a buffer of bytes. Numbers are the shortest that read back as the same value.
struct CellWriter {
    enum Style { case csv, json }

    let column: Column
    let style: Style

    func write(_ row: Int, to out: inout [UInt8]) {
        if column.isNull(row) {
            if style == .json { out.append(contentsOf: "null".utf8) }
            return
        }
        switch column.values {
        case .bool(let v): out.append(contentsOf: (v[row] ? "true" : "false").utf8)
        case .int16(let v): out.append(contentsOf: String(v[row]).utf8)
        case .int32(let v): out.append(contentsOf: String(v[row]).utf8)
        case .int64(let v): out.append(contentsOf: String(v[row]).utf8)
        case .float(let v): real(v[row].description, isFinite: v[row].isFinite, to: &out)
        case .double(let v): real(v[row].description, isFinite: v[row].isFinite, to: &out)
        case .string(let v): text(v.bytes(at: row), to: &out)
        case .binary(let v): quoted(Self.hex(v.bytes(at: row)), to: &out)
        case .timestamp(let v): quoted(Array(ISO8601.text(v[row]).utf8), to: &out)
        }
    }

    private func real(_ text: String, isFinite: Bool, to out: inout [UInt8]) {
        if isFinite {
            out.append(contentsOf: text.utf8)
        } else if style == .json {
            out.append(contentsOf: "null".utf8)
        } else {
            out.append(contentsOf: (text == "nan" || text == "-nan" ? "NaN" : text).utf8)
        }
    }

    private func quoted(_ bytes: [UInt8], to out: inout [UInt8]) {
        if style == .json { out.append(UInt8(ascii: "\"")) }
        out.append(contentsOf: bytes)
        if style == .json { out.append(UInt8(ascii: "\"")) }
    }

    private func text(_ bytes: ArraySlice<UInt8>, to out: inout [UInt8]) {
        switch style {
        case .csv: CSV.append(bytes, to: &out)
        case .json: JSONRows.append(bytes, to: &out)
        }
    }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
