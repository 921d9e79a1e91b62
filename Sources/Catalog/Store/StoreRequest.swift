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
    /// The other generation's side, should a release be joined.
    public var twin: StoreTwin?
    /// SHA-256 of the content as it was offered, where the rows come from another generation; nil for that of `sources`.
    public var digest: [UInt8]?
    /// Whether a visit-detector that is stored with other rows is left as it is, rather than an error.
    public var keepsStored = false

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

/// The other generation's side of a store: what is stored there in the same transaction, on the same connection.
public final class StoreTwin {
    public let store: Store
    public let request: StoreRequest

    public init(store: Store, request: StoreRequest) {
        self.store = store
        self.request = request
    }
}
