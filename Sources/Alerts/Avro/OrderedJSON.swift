/// JSON as it was written: members in their order and numbers with their digits, which Foundation's reader does not keep (RFC 8259).
public indirect enum OrderedJSON: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// The number's own text.
    case number(String)
    case string(String)
    case array([OrderedJSON])
    case object([Member])

    public struct Member: Sendable, Equatable {
        public var name: String
        public var value: OrderedJSON

        public init(_ name: String, _ value: OrderedJSON) {
            self.name = name
            self.value = value
        }
    }

    /// The member of that name of an object; nil elsewhere. Of several the last counts, as in most readers: the sample alerts of
    /// lsst-alert-packet 7 have one twice.
    public subscript(name: String) -> OrderedJSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    public var text: String? { if case .string(let text) = self { text } else { nil } }
    public var items: [OrderedJSON]? { if case .array(let items) = self { items } else { nil } }
    public var integer: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }

    /// The text without blanks.
    public var compact: String {
        switch self {
        case .null: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .number(let digits): digits
        case .string(let text): Self.quoted(text)
        case .array(let items): "[" + items.map(\.compact).joined(separator: ",") + "]"
        case .object(let members): "{" + members.map { Self.quoted($0.name) + ":" + $0.value.compact }.joined(separator: ",") + "}"
        }
    }

    /// The text as a JSON string: quotation marks, backslashes and control characters are escaped, nothing else.
    public static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}
