import CArrow

/// How a column of an Arrow schema becomes a column here (format strings: Arrow C data interface, "Data type description").
enum ArrowType: Equatable {
    case null, bool
    case integer(bytes: Int, signed: Bool)
    case half, float, double
    /// Offsets of 4 or 8 bytes; text or bytes.
    case variable(offsetBytes: Int, isText: Bool)
    case fixedBinary(width: Int)
    /// Multiply by `numerator` and divide by `denominator` for microseconds.
    case time(bytes: Int, numerator: Int64, denominator: Int64)
    case unsupported(String)

    init(format: String) {
        switch format {
        case "n": self = .null
        case "b": self = .bool
        case "c": self = .integer(bytes: 1, signed: true)
        case "C": self = .integer(bytes: 1, signed: false)
        case "s": self = .integer(bytes: 2, signed: true)
        case "S": self = .integer(bytes: 2, signed: false)
        case "i": self = .integer(bytes: 4, signed: true)
        case "I": self = .integer(bytes: 4, signed: false)
        case "l": self = .integer(bytes: 8, signed: true)
        case "L": self = .integer(bytes: 8, signed: false)
        case "e": self = .half
        case "f": self = .float
        case "g": self = .double
        case "u": self = .variable(offsetBytes: 4, isText: true)
        case "U": self = .variable(offsetBytes: 8, isText: true)
        case "z": self = .variable(offsetBytes: 4, isText: false)
        case "Z": self = .variable(offsetBytes: 8, isText: false)
        case "tdD": self = .time(bytes: 4, numerator: 86_400_000_000, denominator: 1)
        case "tdm": self = .time(bytes: 8, numerator: 1000, denominator: 1)
        default:
            if format.hasPrefix("tss:") {
                self = .time(bytes: 8, numerator: 1_000_000, denominator: 1)
            } else if format.hasPrefix("tsm:") {
                self = .time(bytes: 8, numerator: 1000, denominator: 1)
            } else if format.hasPrefix("tsu:") {
                self = .time(bytes: 8, numerator: 1, denominator: 1)
            } else if format.hasPrefix("tsn:") {
                self = .time(bytes: 8, numerator: 1, denominator: 1000)
            } else if format.hasPrefix("w:"), let width = Int(format.dropFirst(2)) {
                self = .fixedBinary(width: width)
            } else {
                self = .unsupported(Self.name(of: format))
            }
        }
    }

    /// The type of column that it becomes; nil where there is none. Columns of type null become booleans, all null.
    var columnType: ColumnType? {
        switch self {
        case .null, .bool: .bool
        case .integer(let bytes, let signed):
            switch (bytes, signed) {
            case (1, _), (2, true): .int16
            case (2, false), (4, true): .int32
            default: .int64
            }
        case .half, .float: .float
        case .double: .double
        case .variable(_, let isText): isText ? .string : .binary
        case .fixedBinary: .binary
        case .time: .timestamp
        case .unsupported: nil
        }
    }

    private static func name(of format: String) -> String {
        switch format.prefix(2) {
        case "+l", "+L", "+w", "+v": "list"
        case "+s": "struct"
        case "+m": "map"
        default: format.hasPrefix("d:") ? "decimal" : (format.hasPrefix("tt") ? "time of day" : (format.hasPrefix("tD") ? "duration" : format))
        }
    }
}
