/// A day of a plan, at 0 h; plans know no smaller unit.
public struct PlanDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The Modified Julian Date of its 0 h.
    public var mjd: Int

    public init(mjd: Int) { self.mjd = mjd }

    /// Of `2027-02-28`, a day that the Gregorian calendar has, from 1900 to 2199; nil otherwise.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
            parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }), let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2]), (1900...2199).contains(year), (1...12).contains(month), day >= 1
        else { return nil }
        self.init(year: year, month: month, day: day)
        // A day that the month does not have would be one of the next month.
        guard description == String(text) else { return nil }
    }

    /// Fliegel and van Flandern, Communications of the ACM 11, 657 (1968).
    init(year: Int, month: Int, day: Int) {
        let a = (month - 14) / 12
        let julianDay =
            1461 * (year + 4800 + a) / 4 + 367 * (month - 2 - 12 * a) / 12 - 3 * ((year + 4900 + a) / 100) / 4 + day - 32_075
        mjd = julianDay - 2_400_001
    }

    /// The inverse, of the same paper.
    public var calendar: (year: Int, month: Int, day: Int) {
        var l = mjd + 2_400_001 + 68_569
        let n = 4 * l / 146_097
        l -= (146_097 * n + 3) / 4
        let i = 4000 * (l + 1) / 1_461_001
        l = l - 1461 * i / 4 + 31
        let j = 80 * l / 2447
        let day = l - 2447 * j / 80
        let k = j / 11
        return (100 * (n - 49) + i + k, j + 2 - 12 * k, day)
    }

    public var description: String {
        let (year, month, day) = calendar
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))"
    }

    public static func < (a: Self, b: Self) -> Bool { a.mjd < b.mjd }
    public static func + (date: Self, days: Int) -> Self { PlanDate(mjd: date.mjd + days) }
    public static func - (a: Self, b: Self) -> Int { a.mjd - b.mjd }
}
