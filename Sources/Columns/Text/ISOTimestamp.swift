/// Times as ISO 8601 writes them, to the microsecond and without a zone: the column's definition names the clock.
enum ISOTimestamp {
    /// `2024-05-01T03:04:05.000006`; years beyond 0 to 9999 take a sign and more digits.
    static let usualLength = 26

    /// The proleptic Gregorian date of a day; H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        return (year, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
    }

    static func append(_ microseconds: Int64, to out: inout [UInt8]) {
        let perDay: Int64 = 86_400_000_000
        var (days, rest) = microseconds.quotientAndRemainder(dividingBy: perDay)
        if rest < 0 { (days, rest) = (days - 1, rest + perDay) }
        let date = civilDate(daysSince1970: days)
        if !(0...9999 ~= date.year) { out.append(UInt8(ascii: date.year < 0 ? "-" : "+")) }
        pad(date.year.magnitude, date.year.magnitude > 9999 ? 6 : 4, to: &out)
        let second = rest / 1_000_000
        let parts: [(Unicode.Scalar, Int64)] = [
            ("-", date.month), ("-", date.day), ("T", second / 3600), (":", second / 60 % 60), (":", second % 60),
        ]
        for (mark, value) in parts {
            out.append(UInt8(ascii: mark))
            pad(UInt64(value), 2, to: &out)
        }
        out.append(UInt8(ascii: "."))
        pad(UInt64(rest % 1_000_000), 6, to: &out)
    }

    private static func pad(_ value: UInt64, _ digits: Int, to out: inout [UInt8]) {
        let start = out.count
        var rest = value
        for _ in 0..<digits { out.append(48) }
        for i in stride(from: start + digits - 1, through: start, by: -1) {
            out[i] = 48 + UInt8(rest % 10)
            rest /= 10
        }
    }
}
