import Columns
import Postgres

/// What one generation of an open release has and the other lacks. Every store keeps it in its own transaction (`docs/decisions/031`).
public struct ReleaseQueue {
    let connection: Connection

    public init(connection: Connection) { self.connection = connection }

    /// A visit-detector that a generation lacks.
    public struct Entry: Sendable, Equatable {
        public var visit: Int64
        public var detector: Int32
        public var midpointMjdTai: Double
    }

    /// The oldest that a generation lacks, in the order of time.
    public func oldest(of generation: Int, limit: Int) throws -> [Entry] {
        let rows = try connection.query(
            """
            SELECT "visit", "detector", "midpointMjdTai" FROM skyledger."ReleaseQueue" WHERE "generation" = $1
            ORDER BY "midpointMjdTai", "visit", "detector" LIMIT $2
            """, [.int32(Int32(generation)), .int64(Int64(limit))])
        return (0..<rows.rowCount).map { row in
            Entry(
                visit: rows["visit"]!.int64s![row], detector: rows["detector"]!.int32s![row],
                midpointMjdTai: rows["midpointMjdTai"]!.doubles![row])
        }
    }

    /// A generation has it now.
    /// - Returns: whether it was waited for.
    @discardableResult
    func remove(_ visit: Int64, _ detector: Int32, generation: Int) throws -> Bool {
        try connection.query(
            "DELETE FROM skyledger.\"ReleaseQueue\" WHERE \"generation\" = $1 AND \"visit\" = $2 AND \"detector\" = $3 RETURNING \"visit\"",
            [.int32(Int32(generation)), .int64(visit), .int32(detector)], name: "unqueue"
        ).rowCount > 0
    }

    /// A generation lacks it, unless its visit table has it.
    func add(_ visitDetector: VisitDetector, generation: Int) throws {
        try connection.query(
            """
            INSERT INTO skyledger."ReleaseQueue" ("generation", "midpointMjdTai", "visit", "detector")
            SELECT $1, $2, $3, $4
            WHERE NOT EXISTS (
                SELECT FROM \(quoted(Generation.schemaName(generation)))."VisitDetector" WHERE "visit" = $3 AND "detector" = $4)
            ON CONFLICT DO NOTHING
            """,
            [
                .int32(Int32(generation)), .double(visitDetector.midpointMjdTai), .int64(visitDetector.visit),
                .int32(visitDetector.detector),
            ], name: "queue")
    }
}
