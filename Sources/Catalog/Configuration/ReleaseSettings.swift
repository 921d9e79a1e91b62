/// What becomes of generations after a data release.
public struct ReleaseSettings: Sendable, Equatable, Codable {
    /// How long the former generation is kept after its release was published, days: so long it can be put back.
    public var keepFormerDays = 30.0

    public init() {}
}
