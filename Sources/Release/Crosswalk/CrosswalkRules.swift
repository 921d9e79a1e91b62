/// How far apart a source or an object of two generations may lie, and which links between objects decide what became of them.
public struct CrosswalkRules: Sendable, Equatable, Codable {
    /// The largest angle between the old and the new position of one source, inclusive, arcseconds.
    public var sourceRadiusArcsec = 1.0
    /// The largest angle between objects that are linked by position alone, or called near each other, inclusive, arcseconds.
    public var objectRadiusArcsec = 1.0
    /// A link that holds less than this fraction of the shared sources of each of its two objects is minor: it is kept with its count, but
    /// does not make an object split, merged or mixed.
    public var minorFraction = 0.1

    public init() {}

    /// - Throws: `ReleaseError.rule` naming the first setting that is out of range.
    public func check() throws {
        for (name, value) in [("sourceRadiusArcsec", sourceRadiusArcsec), ("objectRadiusArcsec", objectRadiusArcsec)] {
            guard value > 0, value <= 60 else { throw ReleaseError.rule(name: name, value: value, need: "more than 0 and at most 60") }
        }
        guard minorFraction >= 0, minorFraction <= 0.5 else {
            throw ReleaseError.rule(name: "minorFraction", value: minorFraction, need: "from 0 to 0.5")
        }
    }
}
