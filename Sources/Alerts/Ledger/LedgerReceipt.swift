/// The end of the chain at some time. Kept where nobody who can change the database can change it, it proves that everything up to this
/// batch is what it was: the chain cannot be cut or rewritten before it.
public struct LedgerReceipt: Sendable, Codable, Equatable, CustomStringConvertible {
    public var number: Int64
    /// 64 hexadecimal digits.
    public var link: String

    public init(number: Int64, link: [UInt8]) {
        self.number = number
        self.link = link.hexadecimal
    }

    public init(_ batch: LedgerBatch) { self.init(number: batch.number, link: batch.link) }

    /// One line: "skyledger-receipt-1 NUMBER LINK".
    public var description: String { "\(Self.title) \(number) \(link)" }

    private static let title = "skyledger-receipt-1"

    /// Reads the line.
    /// - Throws: `LedgerError.receipt`
    public init(parsing text: String) throws {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, words[0] == Self.title else {
            throw LedgerError.receipt(reason: "it is not a line '\(Self.title) NUMBER LINK'")
        }
        guard let number = Int64(words[1]), number > 0 else { throw LedgerError.receipt(reason: "'\(words[1])' is no number of a batch") }
        guard words[2].count == 64, words[2].allSatisfy({ "0123456789abcdef".contains($0) }) else {
            throw LedgerError.receipt(reason: "its link does not have 64 hexadecimal digits")
        }
        self.number = number
        link = String(words[2])
    }

    /// Two lower-case digits a byte, as the receipt's link has them.
    public static func hexadecimal(_ bytes: [UInt8]) -> String { bytes.hexadecimal }
}
