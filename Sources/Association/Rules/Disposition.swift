/// What association did with a DiaSource. Every source is stored; those without object issue no alert, and their disposition says why.
public enum Disposition: String, Sendable, CaseIterable, Codable {
    /// Joined an object that was there.
    case associated
    /// Founded an object, whose id is its own.
    case founded
    /// Founded nothing, and was taken by an object that was founded near it later.
    case adopted
    /// Belongs to an object of the solar system.
    case solarSystem
    /// Lies on no object, and flags, signal-to-noise ratio or reliability keep it from founding one.
    case marginal
    /// Could have founded an object, had the detector not had too many.
    case limited
    /// Less reliable than association asks for.
    case unreliable
    /// A trail longer than anything fixed or catalogued slowly makes.
    case longTrail
    /// Put where it is by hand: reassigned, split off or merged.
    case reassigned

    /// Whether the source belongs to a DiaObject.
    public var hasObject: Bool {
        switch self {
        case .associated, .founded, .adopted, .reassigned: true
        case .solarSystem, .marginal, .limited, .unreliable, .longTrail: false
        }
    }
}
