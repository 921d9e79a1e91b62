import Association

/// Whether and how known objects of the solar system are looked for before association.
public struct SolarSystemSettings: Sendable, Equatable, Codable {
    public var isOn = true
    /// MPC code of where the survey observes from.
    public var observatory = "X05"
    public var match = SolarSystemRules()

    public init() {}
}
