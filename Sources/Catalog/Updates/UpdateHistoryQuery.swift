import Columns
import Postgres

/// The records of updates, in order.
public struct UpdateHistoryQuery: Sendable {
    public var diaSourceId: Int64?
    public var diaObjectId: Int64?
    /// MJD TAI, inclusive.
    public var since: Double?

    public init(diaSourceId: Int64? = nil, diaObjectId: Int64? = nil, since: Double? = nil) {
        self.diaSourceId = diaSourceId
        self.diaObjectId = diaObjectId
        self.since = since
    }

    /// - Parameter connection: as the role `reader`.
    public func run(on connection: Connection, generation: Generation) throws -> Table {
        try connection.query(
            """
            SELECT "operation", "updateOrder", "updateMjdTai", "updateType", "tableName", "diaSourceId", "diaObjectId", "visit", "detector",
                   "before"::text AS "before", "after"::text AS "after", "cause"
            FROM \(generation.table("UpdateRecord"))
            WHERE ($1::bigint IS NULL OR "diaSourceId" = $1) AND ($2::bigint IS NULL OR "diaObjectId" = $2)
              AND ($3::double precision IS NULL OR "updateMjdTai" >= $3)
            ORDER BY "operation", "updateOrder"
            """,
            [diaSourceId.map(Parameter.int64) ?? .null, diaObjectId.map(Parameter.int64) ?? .null, since.map(Parameter.double) ?? .null])
    }
}
