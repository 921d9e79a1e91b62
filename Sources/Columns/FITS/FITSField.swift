import Foundation

/// One field of a binary table as its keywords describe it (FITS Standard 4.0, section 7.3).
struct FITSField {
    /// Counted from 1.
    var number: Int32
    var name: String
    /// The letter of TFORM.
    var code: Character
    /// Elements in a row.
    var count: Int
    var unit: String?
    var comment: String?
    var null: Int64?
    var scale: Double
    var zero: Double

    init?(_ number: Int, of file: FITSFile) {
        guard let form = file.text("TFORM\(number)")?.trimmingCharacters(in: .whitespaces) else { return nil }
        let digits = form.prefix(while: \.isNumber)
        guard let code = form.dropFirst(digits.count).first else { return nil }
        self.number = Int32(number)
        self.code = code
        count = digits.isEmpty ? 1 : Int(digits) ?? 1
        name = file.text("TTYPE\(number)") ?? "col\(number)"
        unit = file.text("TUNIT\(number)")
        comment = file.text("TCOMM\(number)")
        null = file.integer("TNULL\(number)")
        scale = file.real("TSCAL\(number)") ?? 1
        zero = file.real("TZERO\(number)") ?? 0
    }

    var isScaled: Bool { scale != 1 || zero != 0 }

    /// The type it is read as; nil for arrays and other fields without counterpart.
    ///
    /// Bytes and integers widen as far as their sign needs; scaled integers become doubles, but those that are only shifted to be unsigned
    /// stay integers. A field of one bit is boolean, one of up to 63 bits an integer with the first bit the highest.
    var type: ColumnType? {
        switch code {
        case "L": return count == 1 ? .bool : nil
        case "X": return count == 1 ? .bool : (count <= 63 ? .int64 : nil)
        case "A": return .string
        case "E": return count == 1 ? (isScaled ? .double : .float) : nil
        case "D": return count == 1 ? .double : nil
        case "B", "I", "J", "K":
            guard count == 1 else { return nil }
            guard isScaled else { return code == "B" || code == "I" ? .int16 : (code == "J" ? .int32 : .int64) }
            guard scale == 1 else { return .double }
            switch (code, zero) {
            case ("B", -128): return .int16
            case ("I", 32768): return .int32
            case ("J", 2_147_483_648), ("K", 9_223_372_036_854_775_808): return .int64
            default: return .double
            }
        default: return nil
        }
    }

    var typeName: String { "\(count == 1 ? "" : String(count))\(code) (an array or a variable-length field)" }
}
