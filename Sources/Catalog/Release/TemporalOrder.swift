import Postgres

/// The order of time in a generation that is being reprocessed: an object's history must be what it would have been, had the new algorithms run
/// from the first night on.
public struct TemporalOrder {
    let connection: Connection
    let generation: Generation

    public init(connection: Connection, generation: Generation) { (self.connection, self.generation) = (connection, generation) }

    /// The newest visit that the generation made itself, beside the one named: what it took over of another stands in no order.
    public func newest(beside visit: Int64) throws -> (visit: Int64, midpointMjdTai: Double)? {
        let rows = try connection.query(
            """
            SELECT "visit", "midpointMjdTai" FROM \(generation.table("VisitDetector")) WHERE "visit" <> $1 AND "generation" = \(generation.id)
            ORDER BY "midpointMjdTai" DESC LIMIT 1
            """, [.int64(visit)], name: "newest_visit")
        guard let newest = rows["visit"]?.int64s?.first, let time = rows["midpointMjdTai"]?.doubles?.first else { return nil }
        return (newest, time)
    }

    /// Detectors of one visit come in any order.
    /// - Throws: `CatalogError.outOfOrder` where the generation has a newer visit.
    public func check(_ visitDetector: VisitDetector) throws {
        guard let newest = try newest(beside: visitDetector.visit), newest.midpointMjdTai > visitDetector.midpointMjdTai else { return }
        throw CatalogError.outOfOrder(
            visit: visitDetector.visit, detector: visitDetector.detector, midpointMjdTai: visitDetector.midpointMjdTai,
            newest: newest.visit, newestMjdTai: newest.midpointMjdTai)
    }
}
