import Association
import Catalog
import Columns
import Dispatch
import Sphere

/// One visit-detector: reads the objects around it, associates, stores. The cycle of alert production, without images.
public struct VisitDetectorLoad {
    /// Measures the objects that are due; nil to leave it for later.
    public let forced: (any ForcedPhotometry)?

    /// Finds known objects of the solar system; nil where nobody looks.
    public let solarSystem: SolarSystemSearch?

    /// Issues alerts in the store's transaction; nil to issue none.
    public let alerts: (any AlertIssuing)?

    public init(forced: (any ForcedPhotometry)? = nil, solarSystem: SolarSystemSearch? = nil, alerts: (any AlertIssuing)? = nil) {
        self.forced = forced
        self.solarSystem = solarSystem
        self.alerts = alerts
    }

    /// Where the time goes, summed over visit-detectors; seconds.
    public struct Times: Sendable {
        /// Entering the visit-detector, locking its tiles, reading its objects.
        public var read = 0.0
        public var associate = 0.0
        /// Reading the histories of the objects that change, summaries, writing and committing.
        public var store = 0.0
        public var objectsRead = 0
        public var diaSources = 0

        public init() {}
    }

    public func run(_ piece: PreparedVisit, in store: Store) throws -> StoreOutcome {
        var times = Times()
        return try run(piece, in: store, times: &times)
    }

    /// - Throws: `CatalogError`, `PostgresError`; nothing is stored then.
    public func run(_ piece: PreparedVisit, in store: Store, times: inout Times) throws -> StoreOutcome {
        let started = DispatchTime.now().uptimeNanoseconds
        var (read, associated) = (started, started)
        var objectsRead = 0
        var request = try request(piece, in: store)
        let associate = request.associate
        request.associate = { objects in
            read = DispatchTime.now().uptimeNanoseconds
            objectsRead = objects.count
            defer { associated = DispatchTime.now().uptimeNanoseconds }
            return try associate(objects)
        }
        let outcome = try store.store(request)
        times.read += Double(read - started) / 1e9
        times.associate += Double(associated - read) / 1e9
        times.store += Double(DispatchTime.now().uptimeNanoseconds - associated) / 1e9
        times.objectsRead += objectsRead
        times.diaSources += piece.sources.rowCount
        return outcome
    }

    /// Stores it in both generations while a release is joined.
    func run(_ piece: PreparedVisit, in store: Store, joined: JoinedLoad, _ work: LoadWork) throws -> StoreOutcome {
        var request = try request(piece, in: store)
        request.twin = try joined.twin(of: piece, work)
        do {
            return try store.store(request)
        } catch CatalogError.joined(let release, let other) {
            // Joined since the visit-detector before.
            try joined.open(release, other: other)
            request.twin = try joined.twin(of: piece, work)
            return try store.store(request)
        }
    }

    /// What a store is asked for: known objects are looked for here, association happens in its transaction.
    func request(_ piece: PreparedVisit, in store: Store) throws -> StoreRequest {
        let rules = store.configuration
        let dec = store.generation.layout.roles.dec
        let solar = try solarSystem?.result(piece.visitDetector, piece.sources)
        let identified = solar?.identified(piece.sources) ?? piece.sources
        return StoreRequest(
            visitDetector: piece.visitDetector, sources: piece.sources, solarSystem: solar,
            padding: padding(of: piece, dec: dec, rules.association), forced: forced, alerts: alerts
        ) { objects in
            SourceDecisions.decide(
                identified, dec: dec, among: objects.positions, association: rules.association, founding: rules.founding)
        }
    }

    /// How far around the region objects are read: the radius and the drift, and more where a source lies a little outside its region.
    private func padding(of piece: PreparedVisit, dec: String, _ rules: AssociationRules) -> Double {
        let margin = (rules.match.radiusArcsec + rules.driftArcsec) / 3600 * .pi / 180
        guard let ra = piece.sources["ra"]?.doubles, let decs = piece.sources[dec]?.doubles else { return margin }
        let isInside = piece.visitDetector.region.contains(ra: ra, dec: decs).allSatisfy { $0 }
        return isInside ? margin : margin + SourceChecks.tolerance
    }
}
