/// What became of one visit-detector.
public enum StoreOutcome: Sendable, Equatable {
    case stored(StoreCounts)
    /// It was stored before, with the same rows; nothing was done.
    case alreadyStored
}

/// Rows that a store wrote.
public struct StoreCounts: Sendable, Equatable {
    public var diaSources = 0
    public var diaObjectsNew = 0
    public var diaObjectsUpdated = 0
    public var diaForcedSources = 0
    /// Sources that belong to no object, of the solar system's too.
    public var unassociated = 0
    /// Earlier sources that new objects took.
    public var adopted = 0
    /// Sources that are known objects of the solar system, and how many of these were predicted on the detector.
    public var ssSources = 0
    public var ssObjects = 0
    public var solarSystem = SolarSystemResult.Status.noCatalog
    /// Why nobody could look for them, where orbits are loaded.
    public var solarSystemReason: String?
    /// Alerts of sources that belong to an object, and those beside them: below the threshold, and of targets.
    public var alerts = 0
    public var otherAlerts = 0
    /// Whether more sources could have founded objects than the configuration allows.
    public var isLimited = false

    /// Whether it was stored in both generations of a release.
    public var isJoined = false

    public init() {}

    /// By table the rows that the store inserted.
    var insertedRows: [String: Int] {
        [
            "DiaSource": diaSources, "DiaObject": diaObjectsNew + diaObjectsUpdated, "DiaForcedSource": diaForcedSources,
            "SSSource": ssSources, "UpdateRecord": adopted,
        ]
    }
}
