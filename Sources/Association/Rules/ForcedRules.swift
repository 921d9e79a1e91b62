/// Which objects get a DiaForcedSource at a visit.
public struct ForcedRules: Sendable, Equatable, Codable {
    /// Of `qualified`, objects with enough good sources; of `seenRecently`, the older rule, every object seen within the days.
    public enum Rule: String, Sendable, Codable { case qualified, seenRecently }

    public var rule = Rule.qualified
    /// Good sources that an object must have in the window of its summaries.
    public var minimumSources = 2
    /// A good source has at least this reliability (none counts as bad)...
    public var minimumReliability = 0.5
    /// ...a trail no longer than this...
    public var maximumTrailLengthArcsec = 1.4
    /// ...and is no dipole and no glint.
    public var excludesDipoles = true
    public var excludesGlints = true
    /// An object must have been seen within these days, or in the visit itself.
    public var seenWithinDays = 30.0
    /// How far back the visits go that a new object is measured in.
    public var precoveryDays = 30.0

    public init() {}
}
