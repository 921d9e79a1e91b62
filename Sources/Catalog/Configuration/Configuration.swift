import Association

/// The rules of association, founding, summaries and forced photometry. They may change between visits; each change is kept, and each
/// visit-detector names the one it was processed under.
///
/// What must not change once rows are stored (pixelization, partitions, the schema's major version) is frozen in `Settings` instead.
public struct Configuration: Sendable, Equatable, Codable {
    public var association = AssociationRules()
    public var founding = FoundingRules()
    public var summaries = SummaryModel()
    public var forced = ForcedRules()
    public var solarSystem = SolarSystemSettings()
    public var alerts = AlertSettings()
    public var releases = ReleaseSettings()

    public init() {}
}
