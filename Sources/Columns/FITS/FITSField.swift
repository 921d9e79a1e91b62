/// How the bytes of one field of a FITS binary table become values: what TFORMn, TSCALn, TZEROn and TNULLn say together.
///
/// Source: FITS Standard 4.0, sections 7.3.1 to 7.3.3 (and 5.2.5 for the unsigned integers).
enum FITSDecoding: Sendable, Equatable {
    case logical
    /// Bits, the first the most significant; one bit is a boolean.
    case bits(count: Int)
    /// Stored integers of `bytes` bytes; `zero` is added without rounding.
    case integer(bytes: Int, zero: Int64, null: Int64?)
    /// Unsigned 64-bit integers in the convention of TZERO = 2^63.
    case unsigned64(null: Int64?)
    case scaledInteger(bytes: Int, scale: Double, zero: Double, null: Int64?)
    case float
    case double
    case scaledFloat(bytes: Int, scale: Double, zero: Double)
    case text
    case unsupported

    var columnType: ColumnType? {
        switch self {
        case .logical, .bits(count: 1): .bool
        case .bits: .int64
        case .integer(1, _, _): .int16
        case .integer(2, let zero, _): zero == 0 ? .int16 : .int32
        case .integer(4, let zero, _): zero == 0 ? .int32 : .int64
        case .integer, .unsigned64: .int64
        case .scaledInteger, .double, .scaledFloat: .double
        case .float: .float
        case .text: .string
        case .unsupported: nil
        }
    }
}

/// One field of a FITS binary table: where its bytes are in a row and what they mean.
struct FITSField: Sendable, Equatable {
    var name: String
    var unit: String?
    var comment: String?
    /// TFORMn as it stands in the header.
    var format: String
    /// Bytes from the beginning of the row.
    var offsetBytes: Int
    var widthBytes: Int
    var decoding: FITSDecoding

    /// Nil where `format` is no TFORM of the standard.
    init?(
        name: String, unit: String?, comment: String?, format: String, offsetBytes: Int, scale: Double, zero: Double, null: Int64?
    ) {
        guard let parsed = FITSFormat(format) else { return nil }
        self.name = name
        self.unit = unit
        self.comment = comment
        self.format = format
        self.offsetBytes = offsetBytes
        widthBytes = parsed.widthBytes
        decoding = parsed.decoding(scale: scale, zero: zero, null: null)
    }
}

/// The parts of TFORMn: `rTa`, a repeat count, a type letter and what follows it.
struct FITSFormat: Sendable, Equatable {
    var repeatCount: Int
    var letter: Character
    var rest: Substring

    init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let letter = text.dropFirst(digits.count).first, "LXBIJKAEDCMPQ".contains(letter) else { return nil }
        guard let count = digits.isEmpty ? 1 : Int(digits), count <= Int(Int32.max) else { return nil }
        repeatCount = count
        self.letter = letter
        rest = text.dropFirst(digits.count + 1)
    }

    var widthBytes: Int {
        switch letter {
        case "X": (repeatCount + 7) / 8
        case "I": 2 * repeatCount
        case "J", "E": 4 * repeatCount
        case "K", "D", "C", "P": 8 * repeatCount
        case "M", "Q": 16 * repeatCount
        default: repeatCount
        }
    }

    func decoding(scale: Double, zero: Double, null: Int64?) -> FITSDecoding {
        if letter == "A" {
            // `rAw` packs several strings of w characters into one field.
            if let each = Int(rest), each > 0, each < repeatCount { return .unsupported }
            return .text
        }
        if letter == "X" { return (1...63).contains(repeatCount) ? .bits(count: repeatCount) : .unsupported }
        guard repeatCount == 1 else { return .unsupported }
        let scaled = scale != 1 || zero != 0
        switch letter {
        case "L": return .logical
        case "E": return scaled ? .scaledFloat(bytes: 4, scale: scale, zero: zero) : .float
        case "D": return scaled ? .scaledFloat(bytes: 8, scale: scale, zero: zero) : .double
        case "B", "I", "J", "K":
            let bytes = widthBytes
            if !scaled { return .integer(bytes: bytes, zero: 0, null: null) }
            switch (letter, scale, zero) {
            case ("B", 1, -128), ("I", 1, 0x1p15), ("J", 1, 0x1p31): return .integer(bytes: bytes, zero: Int64(zero), null: null)
            case ("K", 1, 0x1p63): return .unsigned64(null: null)
            default: return .scaledInteger(bytes: bytes, scale: scale, zero: zero, null: null)
            }
        default: return .unsupported
        }
    }
}
