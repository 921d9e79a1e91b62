/// Which cards of a FITS header tell of coordinates.
enum WCSCards {
    /// The cards of the primary description (alternates, with a letter behind the keyword, are not), in their order.
    static func primary(of cards: [String]) -> [String] { cards.filter { isPrimary(keyword(of: $0)) } }

    /// The first eight characters without trailing blanks.
    static func keyword(of card: String) -> Substring {
        let name = card.prefix(8)
        return name.prefix(upTo: name.firstIndex(of: " ") ?? name.endIndex)
    }

    private static let names: Set<Substring> = [
        "WCSAXES", "LONPOLE", "LATPOLE", "RADESYS", "RADECSYS", "EQUINOX", "EPOCH", "WCSNAME", "A_ORDER", "B_ORDER", "AP_ORDER",
        "BP_ORDER", "A_DMAX", "B_DMAX",
    ]
    /// Stems that an axis follows.
    private static let ofAxis: Set<Substring> = [
        "CTYPE", "CUNIT", "CRPIX", "CRVAL", "CDELT", "CROTA", "CPDIS", "CQDIS", "CPERR", "CQERR", "DP", "DQ",
    ]
    /// Stems that two numbers follow, an underscore between.
    private static let ofTwo: Set<Substring> = ["PC", "CD", "PV", "PS"]
    /// Coefficients of SIP, two numbers after the stem.
    private static let ofSIP: Set<Substring> = ["A_", "B_", "AP_", "BP_"]

    private static func isPrimary(_ keyword: Substring) -> Bool {
        if names.contains(keyword) { return true }
        let end = keyword.lastIndex { !$0.isNumber }.map { keyword.index(after: $0) } ?? keyword.startIndex
        guard end < keyword.endIndex else { return false }
        let stem = keyword[..<end]
        if ofAxis.contains(stem) { return true }
        guard stem.last == "_" else { return false }
        let before = stem.dropLast()
        let first = before.lastIndex { !$0.isNumber }.map { before.index(after: $0) } ?? before.startIndex
        guard first < before.endIndex else { return false }
        return ofTwo.contains(before[..<first]) || ofSIP.contains(before[..<first])
    }

    /// The value of a card as it stands there, without quotes and comment; nil where it has none.
    static func value(of card: String) -> String? {
        let rest = Substring(card.dropFirst(8))
        guard rest.first == "=" else { return nil }
        let text = rest.dropFirst().drop { $0 == " " }
        if text.first == "'" {
            var out = ""
            var body = text.dropFirst()
            while let c = body.popFirst() {
                if c == "'" {
                    guard body.first == "'" else { break }
                    body.removeFirst()
                }
                out.append(c)
            }
            while out.last == " " { out.removeLast() }
            return out
        }
        let bare = text.prefix { $0 != "/" && $0 != " " }
        return bare.isEmpty ? nil : String(bare)
    }

    /// The value of the first card of that name.
    static func value(_ keyword: String, in cards: [String]) -> String? {
        cards.first { Self.keyword(of: $0) == keyword }.flatMap(value(of:))
    }

    /// The number of the first card of that name that has one; FITS also writes exponents with D.
    static func number(_ keyword: String, in cards: [String]) -> Double? {
        value(keyword, in: cards).flatMap { Double(String($0.map { $0 == "D" || $0 == "d" ? "E" : $0 })) }
    }
}
