/// What the bits of a mask mean: the number of the bit of each name, as LSST's headers tell in cards `MP_NAME`.
public struct MaskPlanes: Sendable, Equatable {
    /// From a name, such as `BAD`, to a bit, 0 to 31.
    public var bits: [String: Int]

    public init(_ bits: [String: Int] = [:]) { self.bits = bits }

    /// From the cards of a mask's header. Names of more than eight characters with their prefix are HIERARCH cards.
    init(cards: [String]) {
        bits = [:]
        for card in cards {
            let text = card.hasPrefix("HIERARCH ") ? card.dropFirst(9) : Substring(card)
            guard text.hasPrefix("MP_"), let equals = text.firstIndex(of: "=") else { continue }
            let name = text[..<equals].dropFirst(3).trimmingSuffix(" ")
            let value = text[text.index(after: equals)...].prefix { $0 != "/" }.filter { $0 != " " }
            if !name.isEmpty, let bit = Int(value), (0..<32).contains(bit) { bits[String(name)] = bit }
        }
    }

    /// The bit of pixels that hold no data, as those outside of the image: that of the mask, else LSST's 8, else the first that is free.
    public var noData: Int {
        if let bit = bits["NO_DATA"] { return bit }
        let taken = Set(bits.values)
        return taken.contains(8) ? (0..<31).first { !taken.contains($0) } ?? 31 : 8
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ character: Character) -> Substring {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
