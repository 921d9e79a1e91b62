/// What a source without object needs to found one.
public struct FoundingRules: Sendable, Equatable, Codable {
    /// Columns of DiaSource that must not be true (section 1.14 of the reference's association).
    public var flags = [
        "centroid_flag", "pixelFlags_crCenter", "pixelFlags_nodataCenter", "pixelFlags_interpolatedCenter",
        "pixelFlags_saturatedCenter", "pixelFlags_suspectCenter", "pixelFlags_streakCenter", "glint_trail",
    ]
    /// A source without reliability passes.
    public var minimumReliability = 0.1
    /// A source without signal-to-noise ratio passes; 0 for no limit.
    public var minimumSnr = 0.0
    /// New objects of one detector at most; the rest become marginal, the most reliable found first.
    public var maximumNewObjects = 10_000
    /// Whether a new object takes earlier sources within the radius that founded nothing.
    public var adoptsEarlierSources = true

    public init() {}
}
