import CCrypto
import Foundation

/// Values as JSON for people: unions without their branch, byte strings by their length and SHA-256.
///
/// It is not the specification's JSON encoding: that one writes branches and bytes in full, for programs.
public struct AvroJSON: Sendable {
    /// How byte strings are shown.
    public enum Bytes: Sendable {
        /// `{"bytes": 17280, "sha256": "..."}`
        case digest
        /// All of them, two hexadecimal digits each.
        case hexadecimal
        /// All of them, as a text in base 64 (RFC 4648, section 4).
        case base64
    }

    public var bytes: Bytes
    /// Blanks a level; nil for one line.
    public var indentation: Int?

    public init(bytes: Bytes = .digest, indentation: Int? = nil) {
        self.bytes = bytes
        self.indentation = indentation
    }

    /// NaN and infinities, which JSON has no numbers for, become the texts "NaN", "Infinity" and "-Infinity". Longs keep all their digits.
    public func text(_ value: AvroValue) -> String {
        var out = ""
        write(value, level: 0, &out)
        return out
    }

    private func write(_ value: AvroValue, level: Int, _ out: inout String) {
        switch value {
        case .null: out += "null"
        case .boolean(let flag): out += flag ? "true" : "false"
        case .int(let number): out += "\(number)"
        case .long(let number): out += "\(number)"
        case .float(let number): out += number.isFinite ? "\(number)" : Self.word(Double(number))
        case .double(let number): out += number.isFinite ? "\(number)" : Self.word(number)
        case .string(let text): out += OrderedJSON.quoted(text)
        case .enumeration(_, let symbol): out += OrderedJSON.quoted(symbol)
        case .union(_, let inner): write(inner, level: level, &out)
        case .bytes(let data), .fixed(let data):
            switch bytes {
            case .hexadecimal: out += OrderedJSON.quoted(Self.hexadecimal(data))
            case .base64: out += "\"\(Data(data).base64EncodedString())\""
            case .digest: out += "{\"bytes\": \(data.count), \"sha256\": \"\(Self.sha256(data))\"}"
            }
        case .array(let items):
            list("[", "]", items, level, &out) { item, out in write(item, level: level + 1, &out) }
        case .map(let entries):
            list("{", "}", entries, level, &out) { entry, out in
                out += OrderedJSON.quoted(entry.key) + ": "
                write(entry.value, level: level + 1, &out)
            }
        case .record(let fields):
            list("{", "}", Array(zip(fields.names, fields.values)), level, &out) { field, out in
                out += OrderedJSON.quoted(field.0) + ": "
                write(field.1, level: level + 1, &out)
            }
        }
    }

    private func list<T>(_ open: String, _ close: String, _ items: [T], _ level: Int, _ out: inout String, _ one: (T, inout String) -> Void)
    {
        func line(_ level: Int) -> String { indentation.map { "\n" + String(repeating: " ", count: $0 * level) } ?? "" }
        out += open
        for (index, item) in items.enumerated() {
            if index > 0 { out += indentation == nil ? ", " : "," }
            out += line(level + 1)
            one(item, &out)
        }
        if !items.isEmpty { out += line(level) }
        out += close
    }

    private static func word(_ number: Double) -> String { number.isNaN ? "\"NaN\"" : number < 0 ? "\"-Infinity\"" : "\"Infinity\"" }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func sha256(_ bytes: [UInt8]) -> String {
        var out = [UInt8](repeating: 0, count: 32)
        EVP_Digest(bytes, bytes.count, &out, nil, EVP_sha256(), nil)
        return hexadecimal(out)
    }
}
