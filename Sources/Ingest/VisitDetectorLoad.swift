import Association
import Catalog
import Columns
import Dispatch
import Sphere

/// One visit-detector: reads the objects around it, associates, stores. The cycle of alert production, without images.
public struct VisitDetectorLoad: Sendable {
    /// Largest angle between a source and its object.
    public let radiusArcsec: Double

    /// An object's mean position may have moved from its first by so much before its tile's readers miss it.
    static let driftArcsec = 2.0

    public init(radiusArcsec: Double) { self.radiusArcsec = radiusArcsec }

    /// Where the time goes, summed over visit-detectors; seconds.
    public struct Times: Sendable {
        /// Entering the visit-detector, locking its tiles, reading its objects.
        public var read = 0.0
        public var associate = 0.0
        /// Writing and committing.
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
        let padding = padding(of: piece, dec: store.generation.layout.roles.dec)
        let started = DispatchTime.now().uptimeNanoseconds
        var (read, associated) = (started, started)
        var objectsRead = 0
        let outcome = try store.store(piece.visitDetector, sources: piece.sources, padding: padding) { objects in
            read = DispatchTime.now().uptimeNanoseconds
            objectsRead = objects.count
            defer { associated = DispatchTime.now().uptimeNanoseconds }
            return owners(of: piece.sources, dec: store.generation.layout.roles.dec, among: objects)
        }
        times.read += Double(read - started) / 1e9
        times.associate += Double(associated - read) / 1e9
        times.store += Double(DispatchTime.now().uptimeNanoseconds - associated) / 1e9
        times.objectsRead += objectsRead
        times.diaSources += piece.sources.rowCount
        return outcome
    }

    /// How far around the region objects are read: the radius and the drift, and more where a source lies a little outside its region.
    private func padding(of piece: PreparedVisit, dec: String) -> Double {
        let margin = (radiusArcsec + Self.driftArcsec) / 3600 * .pi / 180
        guard let ra = piece.sources["ra"]?.doubles, let decs = piece.sources[dec]?.doubles else { return margin }
        let isInside = piece.visitDetector.region.contains(ra: ra, dec: decs).allSatisfy { $0 }
        return isInside ? margin : margin + SourceChecks.tolerance
    }

    /// The owner of each source. Those of known solar-system objects are kept apart from the fixed sky.
    private func owners(of table: Table, dec: String, among objects: StoredObjects) -> [SourceOwner] {
        let solar = table["ssObjectId"]
        let (id, ra, decs) = (table["diaSourceId"]?.int64s ?? [], table["ra"]?.doubles ?? [], table[dec]?.doubles ?? [])
        let fixed = id.indices.filter { solar?.isNull($0) ?? true }
        let sources = Positions(id: fixed.map { id[$0] }, ra: fixed.map { ra[$0] }, dec: fixed.map { decs[$0] })
        let known = Positions(id: objects.diaObjectId, ra: objects.ra, dec: objects.dec)
        let assignment = NearestNeighbour.associate(sources: sources, objects: known, radiusArcsec: radiusArcsec)
        let ownership = Ownership(assignment, sources: sources, objects: known, radiusArcsec: radiusArcsec)
        var owners = [SourceOwner](repeating: .none, count: table.rowCount)
        for (i, owner) in ownership.owner.enumerated() {
            switch owner {
            case .object(let row): owners[fixed[i]] = .object(row)
            case .founder(let row): owners[fixed[i]] = .founder(fixed[row])
            }
        }
        return owners
    }
}
