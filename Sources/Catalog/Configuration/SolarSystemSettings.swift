import Association

/// Whether and how known objects of the solar system are looked for before association.
public struct SolarSystemSettings: Sendable, Equatable, Codable {
    public var isOn = true
    /// MPC code of where the survey observes from.
    public var observatory = "X05"
    /// Whether a load of the nights carries the orbits to a night that nobody prepared, before its first visit is stored.
    public var preparesNights = false
    public var match = SolarSystemRules()

    public init() {}
}
