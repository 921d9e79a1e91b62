import Association
import Columns

/// One visit-detector to be stored.
public struct StoreRequest {
    public var visitDetector: VisitDetector
    /// Its DiaSources with the columns and types of the schema document, without diaObjectId.
    public var sources: Table
    /// What known objects of the solar system are among them; nil where nobody looked.
    public var solarSystem: SolarSystemResult?
    /// Radians by which the region is widened to find the objects that its sources may belong to.
    public var padding: Double
    /// Decides what becomes of each source.
    public var associate: (StoredObjects) throws -> (decisions: [SourceDecision], isLimited: Bool)
    /// Measures the objects that are due; nil to leave it for later.
    public var forced: (any ForcedPhotometry)?
    /// Issues alerts in the same transaction; nil to issue none.
    public var alerts: (any AlertIssuing)?

    public init(
        visitDetector: VisitDetector, sources: Table, solarSystem: SolarSystemResult? = nil, padding: Double,
        forced: (any ForcedPhotometry)? = nil, alerts: (any AlertIssuing)? = nil,
        associate: @escaping (StoredObjects) throws -> (decisions: [SourceDecision], isLimited: Bool)
    ) {
        self.visitDetector = visitDetector
        self.sources = sources
        self.solarSystem = solarSystem
        self.padding = padding
        self.forced = forced
        self.alerts = alerts
        self.associate = associate
    }
}
