/// The bytes that the ledger hashes, in one form for all languages: numbers big-endian with their full width, reals as IEEE 754 says,
/// a byte 0 or 1 for a truth value, a byte 0 for an absent number and 1 before a present one, text as its length in four bytes and UTF-8.
struct CanonicalBytes {
    private(set) var bytes: [UInt8]

    init(_ start: [UInt8] = []) { bytes = start }

    mutating func append(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) } }
    mutating func append(_ value: Double) { append(value.bitPattern) }
    mutating func append(_ value: Bool) { bytes.append(value ? 1 : 0) }
    mutating func append(raw: [UInt8]) { bytes += raw }

    mutating func append(_ value: Int64?) {
        append(value != nil)
        if let value { append(value) }
    }

    mutating func append(_ value: Double?) {
        append(value != nil)
        if let value { append(value.bitPattern) }
    }

    mutating func append(_ text: String) {
        let utf8 = Array(text.utf8)
        append(Int32(utf8.count))
        bytes += utf8
    }
}
