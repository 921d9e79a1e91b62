/// A provisional designation of a minor planet: the year, the half-month and the order within it.
public struct ProvisionalDesignation: Sendable, Hashable {
    /// 1800 to 3599.
    public let year: Int
    /// A to Y without I.
    public let halfMonth: Character
    /// A to Z without I.
    public let letter: Character
    /// How often the letters have been run through, from 0.
    public let cycle: Int

    /// The first order in a half-month (letters and cycles together, from 0) that is packed in base 62.
    static let firstExtended = 15_500

    /// - Throws: `DesignationError` for letters that are not used, and for cycles above 619 outside 2000 to 2061 (no packed form).
    public init(year: Int, halfMonth: Character, letter: Character, cycle: Int) throws {
        func refuse(_ reason: String) -> DesignationError {
            DesignationError(text: "\(year) \(halfMonth)\(letter)\(cycle)", reason: reason)
        }
        guard 1800...3599 ~= year else { throw refuse("the year is outside 1800 to 3599") }
        guard let first = Self.index(of: halfMonth), first < 24 else { throw refuse("a half-month is a letter from A to Y without I") }
        guard let second = Self.index(of: letter) else { throw refuse("the second letter is one from A to Z without I") }
        guard cycle >= 0 else { throw refuse("the cycle is negative") }
        if cycle > 619 {
            guard 2000...2061 ~= year, 25 * cycle + second - Self.firstExtended < 62 * 62 * 62 * 62 else {
                throw refuse("a cycle above 619 has a packed form in the years 2000 to 2061 and up to L591673 only")
            }
        }
        self.year = year
        self.halfMonth = halfMonth
        self.letter = letter
        self.cycle = cycle
    }

    /// "2020 AV2"; years before 1925 have A for the thousands ("A898 PA").
    public var unpacked: String {
        let digits = year < 1925 ? "A" + String(year).dropFirst() : String(year)
        return digits + " " + String(halfMonth) + String(letter) + (cycle == 0 ? "" : String(cycle))
    }

    /// Seven characters: "K20A02V", or "_QC0000" from the 15,500th object of a half-month on.
    public var packed: String {
        if cycle <= 619 {
            return Base62.century(year) + String(halfMonth) + Base62.hundreds(cycle) + String(letter)
        }
        let order = 25 * cycle + Self.index(of: letter)! - Self.firstExtended
        return "_" + Base62.digits(year - 2000, width: 1) + String(halfMonth) + Base62.digits(order, width: 4)
    }

    /// - Throws: `DesignationError` where the seven characters are none.
    public init(packed text: String) throws {
        let c = Array(text)
        func refuse(_ reason: String) -> DesignationError { DesignationError(text: text, reason: reason) }
        guard c.count == 7 else { throw refuse("a packed provisional designation has seven characters") }
        if c[0] == "_" {
            guard let year = Base62.value(c[1...1]), let order = Base62.value(c[3...6]) else { throw refuse("bad digits of base 62") }
            let whole = order + Self.firstExtended
            try self.init(year: 2000 + year, halfMonth: c[2], letter: Self.letters[whole % 25], cycle: whole / 25)
        } else {
            guard let year = Base62.year(c[0...2]), let cycle = Base62.hundredsValue(c[4...5]) else { throw refuse("bad year or cycle") }
            try self.init(year: year, halfMonth: c[3], letter: c[6], cycle: cycle)
        }
    }

    static let letters = Array("ABCDEFGHJKLMNOPQRSTUVWXYZ")

    static func index(of letter: Character) -> Int? {
        guard let code = letter.asciiValue, 65...90 ~= code, code != 73 else { return nil }
        return Int(code) - (code > 73 ? 66 : 65)
    }
}
