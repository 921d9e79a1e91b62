import Columns

/// What the search for known objects of the solar system said of a visit-detector's sources, before association.
public struct SolarSystemResult: Sendable {
    /// Whether known objects were looked for; the visit table keeps it, and `solarsystem rematch` goes by it.
    public enum Status: String, Sendable, CaseIterable, Codable {
        case matched
        /// No catalog of orbits was loaded.
        case noCatalog
        /// The orbits were not carried to the night.
        case stale
        /// Predictions could not be made: a missing file of planets, an unknown observatory.
        case failed
        /// The configuration asks for none.
        case off
    }

    public var status: Status
    /// Why nobody could look, in a sentence; nil where somebody did.
    public var reason: String?
    /// Known objects on the detector.
    public var predictedCount = 0
    /// Where they and others near the detector were predicted, ICRS degrees.
    public var predictedRa: [Double] = []
    public var predictedDec: [Double] = []
    /// For each row of the sources the SSObject that it is; nil where it is none. Empty stands for none at all.
    public var ssObjectId: [Int64?] = []
    /// Rows of SSSource, one a matched source.
    public var ssSources = Table()

    public init(status: Status, reason: String? = nil) {
        self.status = status
        self.reason = reason
    }

    /// Rows as a generation can store them: the columns that its document's SSSource has.
    static func storable(_ ssSources: Table, _ generation: Generation) -> Table {
        guard let known = generation.document[table: "SSSource"] else { return Table() }
        return Table(ssSources.columns.filter { known[column: $0.name] != nil })
    }
}

extension StoreRequest {
    /// The sources with the SSObjects that were found among them.
    var identifiedSources: Table { solarSystem?.identified(sources) ?? sources }
}

extension SolarSystemResult {
    /// Sources with the SSObjects that were found among them. What a file says of itself stands.
    public func identified(_ sources: Table) -> Table {
        let ids = ssObjectId
        guard ids.contains(where: { $0 != nil }) else { return sources }
        precondition(ids.count == sources.rowCount)
        let given = sources["ssObjectId"]
        let merged = ids.indices.map { row -> Int64? in
            if let given, !given.isNull(row), let known = given.int64s?[row] { return known }
            return ids[row]
        }
        var out = sources
        out.set(Column("ssObjectId", .int64(merged.map { $0 ?? 0 }), validity: Validity(merged.lazy.map { $0 != nil })))
        return out
    }
}
