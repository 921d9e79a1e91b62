/// Header blocks as FITS lays them out: cards of 80 characters, END, blanks up to a multiple of 2880 bytes.
struct FITSHeaderText {
    static let blockSizeBytes = 2880
    static let cardSizeBytes = 80
    private(set) var bytes: [UInt8] = []

    /// A card as it is. Returns the byte at which it begins.
    @discardableResult
    mutating func add(card: String) -> Int {
        let start = bytes.count
        bytes += card.utf8.prefix(Self.cardSizeBytes)
        pad(to: start + Self.cardSizeBytes)
        return start
    }

    /// A number or T and F, right-aligned as the fixed format of FITS has them.
    @discardableResult
    mutating func add(_ keyword: String, literal: String, _ comment: String? = nil) -> Int {
        add(card: Self.card(keyword, literal: literal, comment))
    }

    @discardableResult
    mutating func add(_ keyword: String, _ value: Int, _ comment: String? = nil) -> Int { add(keyword, literal: String(value), comment) }

    @discardableResult
    mutating func add(_ keyword: String, _ value: Double, _ comment: String? = nil) -> Int {
        add(keyword, literal: "\(value)".uppercased(), comment)
    }

    /// A text of printable ASCII; other characters become `?`.
    @discardableResult
    mutating func add(_ keyword: String, text: String, _ comment: String? = nil) -> Int {
        let clean = String(decoding: text.unicodeScalars.map { 32...126 ~= $0.value ? UInt8($0.value) : 63 }, as: UTF8.self)
        let quoted = clean.prefix(60).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        let value = "'" + quoted + String(repeating: " ", count: max(8 - quoted.count, 0)) + "'"
        let padded = value + String(repeating: " ", count: max(20 - value.count, 0))
        return add(card: Self.name(keyword) + "= " + padded + (comment.map { " / " + $0 } ?? ""))
    }

    static func card(_ keyword: String, literal: String, _ comment: String?) -> String {
        name(keyword) + "= " + String(repeating: " ", count: max(20 - literal.count, 0)) + literal + (comment.map { " / " + $0 } ?? "")
    }

    /// Keywords of more than eight characters are HIERARCH cards.
    private static func name(_ keyword: String) -> String {
        keyword.count > 8 ? "HIERARCH \(keyword) " : keyword + String(repeating: " ", count: 8 - keyword.count)
    }

    /// END and the blanks behind it.
    mutating func end() {
        add(card: "END")
        pad(to: (bytes.count + Self.blockSizeBytes - 1) / Self.blockSizeBytes * Self.blockSizeBytes)
    }

    private mutating func pad(to size: Int) {
        if size > bytes.count { bytes += [UInt8](repeating: 32, count: size - bytes.count) }
    }
}
