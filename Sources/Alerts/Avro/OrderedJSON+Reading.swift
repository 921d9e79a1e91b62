extension OrderedJSON {
    /// Reads one JSON value and nothing after it.
    /// - Throws: `AvroError.schema` with the byte at which the text stops being JSON.
    public init(reading text: String) throws {
        var reader = JSONReader(Array(text.utf8))
        do {
            self = try reader.value(depth: 0)
            reader.skipBlanks()
            if reader.at < reader.bytes.count { throw JSONReader.Fault(reason: "something follows the end") }
        } catch let fault as JSONReader.Fault {
            throw AvroError.schema(place: "", reason: "its JSON is broken at byte \(reader.at): \(fault.reason)")
        }
    }
}

private struct JSONReader {
    struct Fault: Error { let reason: String }

    static let depthMax = 200
    let bytes: [UInt8]
    var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func skipBlanks() {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    mutating func take(_ character: Character) -> Bool {
        skipBlanks()
        guard next == character.asciiValue else { return false }
        at += 1
        return true
    }

    mutating func need(_ character: Character) throws { if !take(character) { throw Fault(reason: "'\(character)' is missing") } }

    mutating func word(_ word: String) throws {
        guard bytes[at...].starts(with: word.utf8) else { throw Fault(reason: "no value stands here") }
        at += word.utf8.count
    }

    mutating func value(depth: Int) throws -> OrderedJSON {
        if depth > Self.depthMax { throw Fault(reason: "it nests deeper than \(Self.depthMax)") }
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "n"): try word("null"); return .null
        case UInt8(ascii: "t"): try word("true"); return .boolean(true)
        case UInt8(ascii: "f"): try word("false"); return .boolean(false)
        case nil: throw Fault(reason: "it ends too early")
        default: return .number(try number())
        }
    }

    mutating func object(depth: Int) throws -> OrderedJSON {
        try need("{")
        var members: [OrderedJSON.Member] = []
        if take("}") { return .object([]) }
        repeat {
            skipBlanks()
            let name = try string()
            try need(":")
            members.append(.init(name, try value(depth: depth + 1)))
        } while take(",")
        try need("}")
        return .object(members)
    }

    mutating func array(depth: Int) throws -> OrderedJSON {
        try need("[")
        var items: [OrderedJSON] = []
        if take("]") { return .array([]) }
        repeat { items.append(try value(depth: depth + 1)) } while take(",")
        try need("]")
        return .array(items)
    }

    mutating func digits() throws {
        let start = at
        while let byte = next, (0x30...0x39).contains(byte) { at += 1 }
        if at == start { throw Fault(reason: "no value stands here") }
    }

    mutating func number() throws -> String {
        let start = at
        if next == UInt8(ascii: "-") { at += 1 }
        let first = at
        try digits()
        if bytes[first] == 0x30, at > first + 1 { throw Fault(reason: "a number begins with 0") }
        if next == UInt8(ascii: ".") {
            at += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            at += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    mutating func string() throws -> String {
        guard next == UInt8(ascii: "\"") else { throw Fault(reason: "a name or text is missing") }
        at += 1
        var units: [UInt8] = []
        while let byte = next {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"): units.append(contentsOf: try escape())
            case 0..<0x20: throw Fault(reason: "a text holds a control character")
            default: units.append(byte)
            }
        }
        throw Fault(reason: "a text does not end")
    }

    mutating func escape() throws -> [UInt8] {
        guard let byte = next else { throw Fault(reason: "a text does not end") }
        at += 1
        switch byte {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
                    throw Fault(reason: "half of a surrogate pair stands alone")
                }
                at += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw Fault(reason: "half of a surrogate pair stands alone") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw Fault(reason: "an escape is no character") }
            return Array(String(Character(scalar)).utf8)
        default: throw Fault(reason: "an escape is unknown")
        }
    }

    mutating func hexadecimal() throws -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw Fault(reason: "an escape needs four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }
}
