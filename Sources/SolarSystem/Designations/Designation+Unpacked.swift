extension Designation {
    /// The form that is written in text: "433", "2020 AV2", "2040 P-L", "73P-C", "C/1995 O1".
    public var unpacked: String {
        switch self {
        case .number(let number): return String(number)
        case .provisional(let designation): return designation.unpacked
        case .survey(let number, let survey): return "\(number) \(survey.rawValue)"
        case .numberedComet(let number, let kind, let fragment):
            return "\(number)\(kind.rawValue)" + (fragment.isEmpty ? "" : "-" + fragment)
        case .comet(let kind, .provisional(let designation)): return "\(kind.rawValue)/\(designation.unpacked)"
        case .comet(let kind, .order(let year, let halfMonth, let order, let fragment)):
            return "\(kind.rawValue)/\(year) \(halfMonth)\(order)" + (fragment.isEmpty ? "" : "-" + fragment)
        }
    }

    /// Reads an unpacked form, with or without a name: "433", "(433) Eros", "2020 AV2", "1P/Halley", "C/1995 O1 (Hale-Bopp)".
    /// - Throws: `DesignationError`
    public init(_ text: String) throws {
        func refuse(_ reason: String) -> DesignationError { DesignationError(text: text, reason: reason) }
        let words = text.split(separator: " ").map(Array.init)
        guard let first = words.first else { throw refuse("it is empty") }
        if first.count > 2, first[1] == "/" {
            if first[0] == "S" { throw refuse("natural satellites are not held") }
            guard let kind = CometKind(rawValue: first[0]) else { throw refuse("a comet's kind is one of C, P, D, X, A, I") }
            guard words.count >= 2 else { throw refuse("the half-month is missing") }
            self = .comet(kind, try Self.discovery(year: String(first[2...]), words[1], text))
            return
        }
        if words.count >= 2 {
            if words[1].count == 3, let survey = SurveyName(rawValue: String(words[1])) {
                guard first.allSatisfy(\.isASCIIDigit), let number = Int(String(first)), 1...9999 ~= number else {
                    throw refuse("the number in a survey is 1 to 9999")
                }
                self = .survey(number: number, survey)
                return
            }
            if let found = try Self.provisional(year: String(first), words[1], text) {
                self = .provisional(found)
                return
            }
        }
        self = try Self.numbered(first, text)
    }

    /// "433", "(433)", "1P", "1P/Halley", "73P-C/Schwassmann-Wachmann".
    private static func numbered(_ word: [Character], _ text: String) throws -> Designation {
        func refuse(_ reason: String) -> DesignationError { DesignationError(text: text, reason: reason) }
        let bare = word.first == "(" && word.last == ")" ? Array(word.dropFirst().dropLast()) : word
        let digits = bare.prefix { $0.isASCIIDigit }
        guard !digits.isEmpty, digits.count <= 9, let number = Int(String(digits)) else {
            throw refuse("it begins neither with a number nor with a year")
        }
        guard number > 0 else { throw refuse("numbers begin at 1") }
        let rest = bare[digits.count...]
        guard let letter = rest.first else {
            guard number <= largestNumber else { throw refuse("numbers end at \(largestNumber)") }
            return .number(number)
        }
        guard let kind = CometKind(rawValue: letter) else { throw refuse("'\(letter)' after a number is no comet's kind") }
        guard number <= 9999 else { throw refuse("the numbers of comets end at 9999") }
        let tail = rest.dropFirst().prefix { $0 != "/" }
        guard let dash = tail.first else { return .numberedComet(number, kind, fragment: "") }
        let fragment = tail.dropFirst()
        guard dash == "-", 1...2 ~= fragment.count, fragment.allSatisfy({ ("A"..."Z").contains($0) }) else {
            throw refuse("a fragment is a dash and one or two capital letters")
        }
        return .numberedComet(number, kind, fragment: String(fragment))
    }

    /// Nil where the two words do not have the shape of a provisional designation (a number and a name).
    private static func provisional(year: String, _ word: [Character], _ text: String) throws -> ProvisionalDesignation? {
        guard year.count == 4, year.first == "A" || year.first!.isASCIIDigit, year.dropFirst().allSatisfy(\.isASCIIDigit) else {
            return nil
        }
        guard word.count >= 2, ("A"..."Z").contains(word[0]), ("A"..."Z").contains(word[1]) else { return nil }
        let digits = word[2...]
        guard digits.allSatisfy(\.isASCIIDigit), digits.count <= 6 else { return nil }
        let early = year.first == "A"
        guard let value = Int(early ? "1" + year.dropFirst() : year) else { return nil }
        guard early == (value < 1925) else {
            throw DesignationError(text: text, reason: "designations of the years before 1925, and only those, begin with A (A898 PA)")
        }
        if digits.first == "0" { throw DesignationError(text: text, reason: "a cycle does not begin with 0") }
        return try ProvisionalDesignation(year: value, halfMonth: word[0], letter: word[1], cycle: Int(String(digits)) ?? 0)
    }

    private static func discovery(year: String, _ word: [Character], _ text: String) throws -> CometDiscovery {
        if let found = try provisional(year: year, word, text) { return .provisional(found) }
        let parts = word.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let order = parts[0].dropFirst()
        guard year.count == 4, year.allSatisfy(\.isASCIIDigit), let value = Int(year), let halfMonth = parts[0].first,
            !order.isEmpty, order.count <= 3, order.first != "0", order.allSatisfy(\.isASCIIDigit), let place = Int(String(order))
        else { throw DesignationError(text: text, reason: "after the slash come a year of four digits, a letter and a number") }
        let fragment = parts.count == 2 ? String(parts[1]) : ""
        if parts.count == 2, fragment.isEmpty { throw DesignationError(text: text, reason: "a fragment is a dash and one capital letter") }
        return try checkedOrder(year: value, halfMonth: halfMonth, order: place, fragment: fragment, text)
    }
}
