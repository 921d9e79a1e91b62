import Columns
import Postgres
import Sphere

/// Stored visit-detectors and their sources, for those who look for objects of the solar system after the store.
public struct StoredVisits {
    let connection: Connection
    let generation: Generation
    private let use: GenerationUse

    /// - Parameters:
    ///   - connection: as the role `ingest`.
    ///   - use: as what the generation is worked on.
    public init(connection: Connection, generation: Generation, use: GenerationUse = .current) {
        self.connection = connection
        self.generation = generation
        self.use = use
    }

    /// Visit-detectors of a range of times, in the order of time.
    ///
    /// - Parameters:
    ///   - since: MJD TAI, inclusive; `before` exclusive; nil for no limit.
    ///   - onlyUnmatched: whether those are left out where known objects were looked for already.
    public func list(since: Double? = nil, before: Double? = nil, onlyUnmatched: Bool = true) throws -> [VisitDetector] {
        let unmatched = onlyUnmatched ? "\"solarSystem\" <> '\(SolarSystemResult.Status.matched.rawValue)'" : "true"
        return try read(
            where: "\"midpointMjdTai\" >= $1 AND \"midpointMjdTai\" < $2 AND \(unmatched)",
            [.double(since ?? -.infinity), .double(before ?? .infinity)]
        ).sorted { ($0.midpointMjdTai, $0.visit, $0.detector) < ($1.midpointMjdTai, $1.visit, $1.detector) }
    }

    /// A visit-detector; nil where it is not stored.
    public func entry(visit: Int64, detector: Int32) throws -> VisitDetector? {
        try read(where: "\"visit\" = $1 AND \"detector\" = $2", [.int64(visit), .int32(detector)]).first
    }

    private func read(where condition: String, _ parameters: [Parameter]) throws -> [VisitDetector] {
        try StoredVisitDetector.read(where: condition, parameters, of: generation, on: connection).map {
            VisitDetector(
                visit: $0.visit, detector: $0.detector, band: $0.band, midpointMjdTai: $0.midpointMjdTai, region: $0.region,
                regionText: $0.region.description, source: "")
        }
    }

    /// The visit-detector's sources that were not withdrawn: what matching looks at.
    public func sources(of visitDetector: VisitDetector) throws -> Table {
        let roles = generation.layout.roles
        let known = generation.document[table: "DiaSource"]!
        let columns = ["diaSourceId", "ra", roles.dec, "raErr", "decErr", "ra_dec_Cov", "ssObjectId"].filter { known[column: $0] != nil }
        let midpoint = quoted(roles.sourceMidpoint)
        let kept = HistoryReader(connection: connection, generation: generation).isKept("DiaSource")
        return try connection.query(
            """
            SELECT \(columns.map(quoted).joined(separator: ", ")) FROM \(generation.table("DiaSource"))
            WHERE "visit" = $1 AND "detector" = $2 AND \(midpoint) BETWEEN $3 - 1 AND $3 + 1\(kept) ORDER BY "diaSourceId"
            """, [.int64(visitDetector.visit), .int32(visitDetector.detector), .double(visitDetector.midpointMjdTai)])
    }

    /// Writes down that known objects were looked for, and has them looked for in the other generation of an open release.
    public func record(_ result: SolarSystemResult, of visitDetector: VisitDetector, ssSources: Int) throws {
        try connection.transaction {
            let gate = try use.enter(generation.id, on: connection)
            try connection.run(
                """
                UPDATE \(generation.table("VisitDetector")) SET "solarSystem" = $3, "nSSObjects" = $4, "nSSSources" = $5
                WHERE "visit" = $1 AND "detector" = $2
                  AND ("solarSystem", "nSSObjects", "nSSSources") IS DISTINCT FROM ($3, $4, $5)
                """,
                [
                    .int64(visitDetector.visit), .int32(visitDetector.detector), .text(result.status.rawValue),
                    .int32(Int32(result.predictedCount)), .int32(Int32(ssSources)),
                ])
            guard use == .current else { return }
            var request = UpdateRequest(mjdTai: visitDetector.midpointMjdTai)
            (request.visit, request.detector) = (visitDetector.visit, visitDetector.detector)
            try ReleaseUpdates(connection: connection).add(.rematch, request, operation: nil, cause: "solarsystem rematch", gate)
        }
    }
}
