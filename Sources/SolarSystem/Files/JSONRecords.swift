import Foundation

/// The objects of a JSON array, one after the other: a file of a million objects never stands in memory as a whole.
struct JSONRecords {
    /// One value of an object's own level. Nested objects are skipped; nested arrays keep their strings.
    enum Value {
        case number(Double)
        case text(String)
        case list([String])
        case other
    }

    private let bytes: UnsafeRawBufferPointer
    private var at = 0
    private var hasBegun = false

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next object's values by key; nil after the array's end.
    ///
    /// - Throws: `OrbitRowError` where the text is no array of objects, and where it ends before the array does.
    mutating func next() throws -> [String: Value]? {
        skipBlanks()
        if !hasBegun {
            hasBegun = true
            guard take(0x5B) else { throw OrbitRowError("the file does not begin with an array of objects") }
            skipBlanks()
            if take(0x5D) { return try end() }
        } else {
            if take(0x5D) { return try end() }
            guard take(0x2C) else { throw cutOrBad("a comma or the array's end") }
            skipBlanks()
        }
        guard take(0x7B) else { throw cutOrBad("an object") }
        var out: [String: Value] = [:]
        skipBlanks()
        if take(0x7D) { return out }
        while true {
            skipBlanks()
            let key = try string()
            skipBlanks()
            guard take(0x3A) else { throw cutOrBad("a colon") }
            out[key] = try value()
            skipBlanks()
            if take(0x7D) { return out }
            guard take(0x2C) else { throw cutOrBad("a comma or the object's end") }
        }
    }

    private mutating func end() throws -> [String: Value]? {
        skipBlanks()
        guard at == bytes.count else { throw OrbitRowError("there is more after the array's end") }
        return nil
    }

    private func cutOrBad(_ expected: String) -> OrbitRowError {
        at >= bytes.count
            ? OrbitRowError("the file is cut off: \(expected) was to come") : OrbitRowError("\(expected) was to come at byte \(at)")
    }

    private mutating func skipBlanks() {
        while at < bytes.count, bytes[at] == 32 || bytes[at] == 10 || bytes[at] == 13 || bytes[at] == 9 { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func value() throws -> Value {
        skipBlanks()
        guard at < bytes.count else { throw cutOrBad("a value") }
        switch bytes[at] {
        case 0x22: return .text(try string())
        case 0x5B: return .list(try list())
        case 0x7B:
            try skipNested()
            return .other
        default:
            let start = at
            while at < bytes.count, ![0x2C, 0x5D, 0x7D, 32, 10, 13, 9].contains(bytes[at]) { at += 1 }
            let word = String(decoding: bytes[start..<at], as: UTF8.self)
            if let number = Double(word), number.isFinite { return .number(number) }
            guard ["null", "true", "false"].contains(word) else {
                if at == bytes.count { throw cutOrBad("a value") }
                throw OrbitRowError("'\(word)' is no value of JSON")
            }
            return .other
        }
    }

    private mutating func string() throws -> String {
        guard take(0x22) else { throw cutOrBad("a string") }
        let start = at
        var isEscaped = false
        while at < bytes.count, bytes[at] != 0x22 {
            if bytes[at] == 0x5C {
                isEscaped = true
                at += 1
            }
            at += 1
        }
        guard at < bytes.count else { throw cutOrBad("a string's end") }
        let slice = bytes[start..<at]
        at += 1
        if !isEscaped { return String(decoding: slice, as: UTF8.self) }
        let quoted = Data([0x22] + Array(slice) + [0x22])
        guard let text = try? JSONSerialization.jsonObject(with: quoted, options: .fragmentsAllowed) as? String else {
            throw OrbitRowError("a string has a bad escape")
        }
        return text
    }

    /// The strings of an array that holds simple values.
    private mutating func list() throws -> [String] {
        at += 1
        var out: [String] = []
        skipBlanks()
        if take(0x5D) { return out }
        while true {
            if case .text(let text) = try value() { out.append(text) }
            skipBlanks()
            if take(0x5D) { return out }
            guard take(0x2C) else { throw cutOrBad("a comma or the list's end") }
        }
    }

    private mutating func skipNested() throws {
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case 0x22:
                _ = try string()
                continue
            case 0x7B: depth += 1
            case 0x7D: depth -= 1
            default: break
            }
            at += 1
            if depth == 0 { return }
        }
        throw cutOrBad("an object's end")
    }
}
