extension Region {
    /// From the text of a region with its kind in front: `polygon 10 -5, 12 -5, 11 -3`, `circle 10 -5 0.5`, `box 350 -5 10 5`.
    /// - Throws: `SphereError`, naming the part that is wrong.
    public init(parsing text: String) throws(SphereError) {
        let trimmed = text.drop { $0.isWhitespace }
        let kind = trimmed.prefix { $0.isLetter }
        let rest = String(trimmed.dropFirst(kind.count))
        switch kind.lowercased() {
        case "polygon": self = try .polygon(parsing: rest)
        case "circle": self = try .circle(parsing: rest)
        case "box": self = try .box(parsing: rest)
        default: throw .unknownRegion(text: text)
        }
    }

    /// A polygon from `ra dec, ra dec, ...` in degrees.
    /// - Throws: `SphereError`, naming the vertex that is wrong.
    public static func polygon(parsing text: String) throws(SphereError) -> Region {
        var corners: [(ra: Double, dec: Double)] = []
        for (index, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let numbers = try numbers(part, in: "the polygon's vertex \(index + 1)", count: 2)
            corners.append((numbers[0], numbers[1]))
        }
        return .polygon(try ConvexPolygon(raDec: corners))
    }

    /// A circle from `ra dec radius` in degrees.
    /// - Throws: `SphereError`, naming the part that is wrong.
    public static func circle(parsing text: String) throws(SphereError) -> Region {
        let numbers = try numbers(text[...], in: "the circle", count: 3)
        return .circle(try Circle(ra: numbers[0], dec: numbers[1], radiusDegrees: numbers[2]))
    }

    /// A box from `ra1 dec1 ra2 dec2` in degrees.
    /// - Throws: `SphereError`, naming the part that is wrong.
    public static func box(parsing text: String) throws(SphereError) -> Region {
        let numbers = try numbers(text[...], in: "the box", count: 4)
        return .box(try Box(ra1: numbers[0], dec1: numbers[1], ra2: numbers[2], dec2: numbers[3]))
    }

    private static func numbers(_ text: Substring, in place: String, count: Int) throws(SphereError) -> [Double] {
        var numbers: [Double] = []
        for word in text.split(whereSeparator: { $0.isWhitespace }) {
            guard let number = Double(word) else { throw .notANumber(place: place, text: String(word)) }
            numbers.append(number)
        }
        guard numbers.count == count else { throw .wrongNumberCount(place: place, expected: count, found: numbers.count) }
        return numbers
    }
}
