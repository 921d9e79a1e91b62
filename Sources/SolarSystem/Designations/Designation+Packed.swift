extension Designation {
    /// The MPC's packed form: five characters for a number, seven for a provisional designation, eight for a comet without number,
    /// five for a numbered comet and twelve for a fragment of one ("0073P      c").
    public var packed: String {
        switch self {
        case .number(let number):
            if number < 100_000 { return Self.padded(number, 5) }
            if number < 620_000 { return String(Base62.digits[number / 10_000]) + Self.padded(number % 10_000, 4) }
            return "~" + Base62.digits(number - 620_000, width: 4)
        case .provisional(let designation): return designation.packed
        case .survey(let number, let survey): return survey.packed + Self.padded(number, 4)
        case .numberedComet(let number, let kind, let fragment):
            let head = Self.padded(number, 4) + String(kind.rawValue)
            return fragment.isEmpty ? head : head + String(repeating: " ", count: 7 - fragment.count) + fragment.lowercased()
        case .comet(let kind, .provisional(let designation)): return String(kind.rawValue) + designation.packed
        case .comet(let kind, .order(let year, let halfMonth, let order, let fragment)):
            let end = fragment.isEmpty ? "0" : fragment.lowercased()
            return String(kind.rawValue) + Base62.century(year) + String(halfMonth) + Base62.hundreds(order) + end
        }
    }

    /// Reads a packed form; blanks around it are ignored. Seven characters that end in 0 or a lower-case letter are a comet's and need
    /// its kind before them: they are refused.
    /// - Throws: `DesignationError`
    public init(packed text: String) throws {
        let trimmed = String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        func refuse(_ reason: String) -> DesignationError { DesignationError(text: text, reason: reason) }
        let c = Array(trimmed)
        if c.count >= 5, c[0...3].allSatisfy(\.isASCIIDigit), let kind = CometKind(rawValue: c[4]) {
            self = try Self.numberedComet(c, kind, text)
            return
        }
        switch c.count {
        case 5:
            if c[0] == "~" {
                guard let value = Base62.value(c[1...4]) else { throw refuse("bad digits of base 62 after ~") }
                self = .number(620_000 + value)
                return
            }
            if c[4] == "S" { throw refuse("natural satellites are not held") }
            guard let head = Base62.value(c[0]), c[1...4].allSatisfy(\.isASCIIDigit), let tail = Int(String(c[1...4])) else {
                throw refuse("a packed number is five digits, a letter and four digits, or ~ and four digits of base 62")
            }
            let number = 10_000 * head + tail
            guard number > 0 else { throw refuse("numbers begin at 1") }
            self = .number(number)
        case 7:
            if let survey = SurveyName.allCases.first(where: { trimmed.hasPrefix($0.packed) }) {
                guard c[3...6].allSatisfy(\.isASCIIDigit), let number = Int(String(c[3...6])), number > 0 else {
                    throw refuse("four digits follow the survey")
                }
                self = .survey(number: number, survey)
                return
            }
            if c[0] != "_", c[6] == "0" || c[6].isLowercase {
                throw refuse("a comet's packed designation begins with its kind (C, P, D, X, A, I)")
            }
            self = .provisional(try ProvisionalDesignation(packed: trimmed))
        case 8:
            if c[0] == "S" { throw refuse("natural satellites are not held") }
            guard let kind = CometKind(rawValue: c[0]) else {
                throw refuse("eight characters begin with a comet's kind (C, P, D, X, A, I)")
            }
            self = .comet(kind, try Self.discovery(packed: Array(c[1...7]), text))
        default: throw refuse("packed forms have five, seven, eight or twelve characters")
        }
    }

    /// The packed form's ASCII bytes as one big-endian integer, as Rubin makes its `ssObjectId`: "K06T06K" is 0x4b30365430364b.
    /// Nil for the twelve characters of a numbered comet's fragment, which pass 64 bits.
    public var ssObjectId: Int64? {
        let bytes = Array(packed.utf8)
        return bytes.count > 8 ? nil : bytes.reduce(0) { $0 << 8 | Int64($1) }
    }

    /// - Throws: `DesignationError` where the integer holds no packed designation.
    public init(ssObjectId: Int64) throws {
        var bytes: [UInt8] = []
        var rest = UInt64(bitPattern: ssObjectId)
        while rest > 0 {
            bytes.append(UInt8(rest & 0xFF))
            rest >>= 8
        }
        guard bytes.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw DesignationError(text: String(ssObjectId), reason: "its bytes are no ASCII characters")
        }
        try self.init(packed: String(decoding: bytes.reversed(), as: UTF8.self))
    }

    private static func numberedComet(_ c: [Character], _ kind: CometKind, _ text: String) throws -> Designation {
        let fragment = String(c[5...].drop { $0 == " " })
        guard let number = Int(String(c[0...3])), number > 0 else { throw DesignationError(text: text, reason: "numbers begin at 1") }
        guard c.count == 5 || c.count == 12, fragment.count <= 2, fragment.allSatisfy({ ("a"..."z").contains($0) }) else {
            throw DesignationError(
                text: text, reason: "a numbered comet has five characters, or twelve that end in a fragment of one or two letters")
        }
        return .numberedComet(number, kind, fragment: fragment.uppercased())
    }

    private static func discovery(packed c: [Character], _ text: String) throws -> CometDiscovery {
        if c[0] == "_" || ("A"..."Z").contains(c[6]) { return .provisional(try ProvisionalDesignation(packed: String(c))) }
        guard let year = Base62.year(c[0...2]), let order = Base62.hundredsValue(c[4...5]) else {
            throw DesignationError(text: text, reason: "bad year or order")
        }
        return try checkedOrder(year: year, halfMonth: c[3], order: order, fragment: c[6] == "0" ? "" : String(c[6]).uppercased(), text)
    }

    /// Checks what both readings of a comet's designation share.
    static func checkedOrder(year: Int, halfMonth: Character, order: Int, fragment: String, _ text: String) throws -> CometDiscovery {
        func refuse(_ reason: String) -> DesignationError { DesignationError(text: text, reason: reason) }
        guard 1000...3599 ~= year else { throw refuse("the year is outside 1000 to 3599") }
        guard let month = ProvisionalDesignation.index(of: halfMonth), month < 24 else {
            throw refuse("a half-month is a letter from A to Y without I")
        }
        guard 1...619 ~= order else { throw refuse("the order in the half-month is 1 to 619") }
        guard fragment.count <= 1, fragment.allSatisfy({ ("A"..."Z").contains($0) }) else { throw refuse("a fragment is one letter") }
        return .order(year: year, halfMonth: halfMonth, order: order, fragment: fragment)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
