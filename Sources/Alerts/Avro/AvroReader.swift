/// Primitive values from bytes in memory. Every read is checked against the end.
struct AvroReader {
    private let buffer: UnsafeRawBufferPointer
    private(set) var at: Int

    init(_ buffer: UnsafeRawBufferPointer, at: Int) {
        self.buffer = buffer
        self.at = at
    }

    private func need(_ count: Int, _ what: String) throws(AvroFault) {
        if count > buffer.count - at {
            throw AvroFault(offset: at, reason: "the data end inside \(what), which needs \(count) bytes of the \(buffer.count - at) left")
        }
    }

    mutating func boolean() throws(AvroFault) -> Bool {
        try need(1, "a boolean")
        let byte = buffer[at]
        if byte > 1 { throw AvroFault(offset: at, reason: "a boolean is \(byte), not 0 or 1") }
        at += 1
        return byte == 1
    }

    /// A zigzag number of variable length: 7 bits a byte, the lowest first.
    @inline(__always)
    mutating func long() throws(AvroFault) -> Int64 {
        guard at < buffer.count else { throw AvroFault(offset: at, reason: "the data end where a number begins") }
        let first = buffer[at]
        if first < 0x80 {
            at += 1
            return Int64(first >> 1) ^ -Int64(first & 1)
        }
        return try longOfSeveralBytes()
    }

    private mutating func longOfSeveralBytes() throws(AvroFault) -> Int64 {
        var bits: UInt64 = 0
        var shift: UInt64 = 0
        var next = at
        while next < buffer.count {
            let byte = buffer[next]
            next += 1
            if shift == 63, byte > 1 { throw AvroFault(offset: at, reason: "a number has more than 64 bits") }
            bits |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                at = next
                return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
            }
            shift += 7
        }
        throw AvroFault(offset: at, reason: "the data end inside a number")
    }

    mutating func int() throws(AvroFault) -> Int32 {
        let start = at
        let value = try long()
        guard let narrow = Int32(exactly: value) else {
            throw AvroFault(offset: start, reason: "the int is \(value), which 32 bits do not hold")
        }
        return narrow
    }

    mutating func float() throws(AvroFault) -> Float {
        try need(4, "a float")
        defer { at += 4 }
        return Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
    }

    mutating func double() throws(AvroFault) -> Double {
        try need(8, "a double")
        defer { at += 8 }
        return Double(bitPattern: UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: at, as: UInt64.self)))
    }

    /// A length that the rest of the data can hold.
    mutating func length() throws(AvroFault) -> Int {
        let start = at
        let value = try long()
        if value < 0 { throw AvroFault(offset: start, reason: "a length is \(value)") }
        if value > buffer.count - at {
            throw AvroFault(offset: start, reason: "a length is \(value), but only \(buffer.count - at) bytes are left")
        }
        return Int(value)
    }

    mutating func bytes(_ count: Int) throws(AvroFault) -> [UInt8] {
        try need(count, "a byte string")
        defer { at += count }
        return Array(buffer[at..<at + count])
    }

    mutating func string() throws(AvroFault) -> String {
        let count = try length()
        guard let text = String(validating: buffer[at..<at + count], as: UTF8.self) else {
            throw AvroFault(offset: at, reason: "a text is no UTF-8")
        }
        at += count
        return text
    }
}
