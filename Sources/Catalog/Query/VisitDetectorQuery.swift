import Columns
import Postgres

/// What was processed: rows of VisitDetector, each entered together with all that the visit-detector brought.
public struct VisitDetectorQuery: Sendable {
    public var visit: Int64?
    public var detector: Int32?
    /// Times of the exposures, MJD TAI, inclusive.
    public var since: Double?
    public var until: Double?

    public init(visit: Int64? = nil, detector: Int32? = nil, since: Double? = nil, until: Double? = nil) {
        (self.visit, self.detector, self.since, self.until) = (visit, detector, since, until)
    }

    /// Rows in the order of time, visit and detector, with the generation that made what they brought, the digest of the sources in hexadecimal and `storedAt` in UTC; no row where
    /// nothing that was asked for was processed.
    public func run(on connection: Connection, generation: Generation) throws -> Table {
        // Conditions only for what is asked, so that a plan can use an index.
        var conditions: [String] = []
        var parameters: [Parameter] = []
        func add(_ condition: String, _ value: Parameter?) {
            guard let value else { return }
            parameters.append(value)
            conditions.append("\(condition) $\(parameters.count)")
        }
        add("\"visit\" =", visit.map(Parameter.int64))
        add("\"detector\" =", detector.map(Parameter.int32))
        add("\"midpointMjdTai\" >=", since.map(Parameter.double))
        add("\"midpointMjdTai\" <=", until.map(Parameter.double))
        return try connection.query(
            """
            SELECT "visit", "detector", "band", "midpointMjdTai", "ra", "dec", "region", "nDiaSources", "nDiaObjectsNew",
                   "nDiaObjectsUpdated", "nDiaForcedSources", "nUnassociated", "isLimited", "configuration", "generation", "processedMjdTai", "source",
                   "storedAt" AT TIME ZONE 'UTC' AS "storedAt", encode("digest", 'hex') AS "digest"
            FROM \(generation.table("VisitDetector"))
            \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
            ORDER BY "midpointMjdTai", "visit", "detector"
            """, parameters)
    }

    /// Whether a visit-detector was processed: stored whole.
    public static func isProcessed(visit: Int64, detector: Int32, on connection: Connection, generation: Generation) throws -> Bool {
        try connection.int64(
            "SELECT 1 FROM \(generation.table("VisitDetector")) WHERE \"visit\" = $1 AND \"detector\" = $2",
            [.int64(visit), .int32(detector)]) != nil
    }
}
