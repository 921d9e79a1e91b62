/// Regions as people write them, in ICRS degrees.
extension Region {
    /// "ra dec, ra dec, ra dec, ..."
    public init(polygon text: String) throws {
        let corners = text.split(separator: ",", omittingEmptySubsequences: false)
        self = .polygon(
            try ConvexPolygon(
                corners.enumerated().map { i, corner in
                    let numbers = try Self.numbers(String(corner), 2, "corner \(i + 1) of the polygon", "ra dec")
                    return try UnitVector(ra: numbers[0], dec: numbers[1])
                }))
    }

    /// "ra dec radius"
    public init(circle text: String) throws {
        let numbers = try Self.numbers(text, 3, "the circle", "ra dec radius")
        self = .circle(try Circle(ra: numbers[0], dec: numbers[1], radius: numbers[2]))
    }

    /// "ra1 dec1 ra2 dec2"
    public init(box text: String) throws {
        let numbers = try Self.numbers(text, 4, "the box", "ra1 dec1 ra2 dec2")
        self = .box(try Box(ra1: numbers[0], dec1: numbers[1], ra2: numbers[2], dec2: numbers[3]))
    }

    /// "polygon ...", "circle ...", "box ...", or the corners of a polygon alone.
    public init(text: String) throws {
        let words = text.split(separator: " ", maxSplits: 1)
        switch words.first {
        case "circle" where words.count == 2: try self.init(circle: String(words[1]))
        case "box" where words.count == 2: try self.init(box: String(words[1]))
        case "polygon" where words.count == 2: try self.init(polygon: String(words[1]))
        default: try self.init(polygon: text)
        }
    }

    private static func numbers(_ text: String, _ count: Int, _ what: String, _ form: String) throws -> [Double] {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        let values = words.compactMap { Double($0) }
        guard words.count == count, values.count == count else {
            throw SphereError.badText("\(what) is \"\(text)\" but must be \(count) numbers in degrees: \"\(form)\"")
        }
        return values
    }
}

extension Region: CustomStringConvertible {
    /// The text that `init(text:)` reads back as the same region, to the last digit of degrees.
    public var description: String {
        switch self {
        case .circle(let circle): "circle \(circle.centre.ra) \(circle.centre.dec) \(circle.radius * 180 / .pi)"
        case .polygon(let polygon): "polygon " + polygon.vertices.map { "\($0.ra) \($0.dec)" }.joined(separator: ", ")
        case .box(let box): "box \(box.ra1) \(box.dec1) \(box.ra2) \(box.dec2)"
        }
    }
}
