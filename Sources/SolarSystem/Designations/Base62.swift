/// The digits of packed designations and dates: 0 to 9, A to Z, a to z.
enum Base62 {
    static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    static func value(_ digit: Character) -> Int? {
        guard let code = digit.asciiValue else { return nil }
        switch code {
        case 48...57: return Int(code) - 48
        case 65...90: return Int(code) - 55
        case 97...122: return Int(code) - 61
        default: return nil
        }
    }

    static func value(_ text: some Sequence<Character>) -> Int? {
        var sum = 0
        for character in text {
            guard let digit = value(character) else { return nil }
            sum = 62 * sum + digit
        }
        return sum
    }

    static func digits(_ value: Int, width: Int) -> String {
        var rest = value
        var out: [Character] = []
        for _ in 0..<width {
            out.append(digits[rest % 62])
            rest /= 62
        }
        return String(out.reversed())
    }

    /// Two characters for 0 to 619: a letter stands for tens of 10 and above.
    static func hundreds(_ value: Int) -> String { String(digits[value / 10]) + String(value % 10) }

    static func hundredsValue(_ text: ArraySlice<Character>) -> Int? {
        guard let tens = value(text.first!), let unit = value(text.last!), unit < 10 else { return nil }
        return 10 * tens + unit
    }

    /// Three characters for the years 1000 to 3599: I98 is 1898, K20 is 2020.
    static func century(_ year: Int) -> String {
        let rest = year % 100
        return String(digits[year / 100]) + (rest < 10 ? "0" : "") + String(rest)
    }

    static func year(_ text: ArraySlice<Character>) -> Int? {
        let c = Array(text)
        guard let century = value(c[0]), 10...35 ~= century, let tens = value(c[1]), tens < 10, let unit = value(c[2]), unit < 10 else {
            return nil
        }
        return 100 * century + 10 * tens + unit
    }
}
