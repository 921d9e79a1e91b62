import Alerts

extension AvroValue {
    /// The value in the words of tools/golden/avro_values.py.
    var tokens: String {
        func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        func digits(_ bits: some FixedWidthInteger, _ count: Int) -> String {
            let text = String(bits, radix: 16)
            return String(repeating: "0", count: count - text.count) + text
        }
        switch self {
        case .null: return "n"
        case .boolean(let flag): return flag ? "t" : "f"
        case .int(let number): return "i\(number)"
        case .long(let number): return "i\(number)"
        case .float(let number): return "r" + digits(number.bitPattern, 8)
        case .double(let number): return "d" + digits(number.bitPattern, 16)
        case .string(let text): return "s" + hexadecimal(text.utf8)
        case .bytes(let bytes), .fixed(let bytes): return "b" + hexadecimal(bytes)
        case .enumeration(_, let symbol): return "e" + symbol
        case .union(let branch, let value): return "u\(branch) " + value.tokens
        case .array(let items): return "[ " + items.map { $0.tokens + " " }.joined() + "]"
        case .map(let entries): return "( " + entries.map { "\(hexadecimal($0.key.utf8)): \($0.value.tokens) " }.joined() + ")"
        case .record(let fields): return "{ " + fields.values.map { $0.tokens + " " }.joined() + "}"
        }
    }
}
