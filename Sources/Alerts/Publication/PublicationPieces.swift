import Foundation

/// Which alerts of a batch are sent together, and what the ledger remembers of that.
enum PublicationPieces {
    /// Alerts of a piece, whatever their size.
    static let countMax = 10_000

    /// The places of a batch from one on, in pieces of at most so many bytes. An alert that is larger by itself is a piece.
    static func plan(sizesBytes: [Int32], from first: Int, bytesMax: Int, countMax: Int = countMax) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var (start, bytes) = (first, 0)
        for place in first..<max(first, sizesBytes.count) {
            let size = Int(sizesBytes[place])
            if place > start, bytes + size > bytesMax || place - start == countMax {
                pieces.append(start..<place)
                (start, bytes) = (place, 0)
            }
            bytes += size
        }
        if start < sizesBytes.count { pieces.append(start..<sizesBytes.count) }
        return pieces
    }
}

/// The remark that stands with a batch as its last failure from before a piece is sent until the piece is acknowledged. A publisher that
/// ends in between leaves it behind: it tells the next one which alerts may have arrived.
struct InFlightMark: Equatable {
    /// Places in the batch.
    var places: Range<Int>
    /// Why it went no further; nil while nothing is known.
    var reason: String?

    init(_ places: Range<Int>, reason: String? = nil) {
        self.places = places
        self.reason = reason
    }

    private static let beginning = "places "
    private static let middle = " may have arrived: "

    var text: String {
        "\(Self.beginning)\(places.lowerBound) to \(places.upperBound - 1)\(Self.middle)\(reason ?? "the publisher did not see them acknowledged")"
    }

    /// Nil for any other remark.
    init?(_ text: String) {
        guard text.hasPrefix(Self.beginning), let end = text.range(of: Self.middle) else { return nil }
        let numbers = text[text.index(text.startIndex, offsetBy: Self.beginning.count)..<end.lowerBound].components(separatedBy: " to ")
        guard numbers.count == 2, let first = Int(numbers[0]), let last = Int(numbers[1]), first >= 0, last >= first else { return nil }
        places = first..<last + 1
        reason = String(text[end.upperBound...])
    }
}
