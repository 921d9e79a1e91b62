import Postgres

/// What of a release's input is not in its generation yet.
public struct ReleaseCompleteness {
    let connection: Connection
    let release: ReleaseRecord

    public init(connection: Connection, release: ReleaseRecord) { (self.connection, self.release) = (connection, release) }

    /// Visit-detectors of the generation that the release began from, up to a time and the cutoff, that its own generation lacks and that do not
    /// wait in its queue; in the order of time.
    public func missing(upTo mjdTai: Double = .infinity) throws -> [ReleaseQueue.Entry] {
        func table(_ generation: Int) -> String { "\(quoted(Generation.schemaName(generation))).\"VisitDetector\"" }
        let rows = try connection.query(
            """
            SELECT a."visit", a."detector", a."midpointMjdTai" FROM \(table(release.fromGeneration)) AS a
            WHERE a."midpointMjdTai" <= $1
              AND NOT EXISTS (SELECT FROM \(table(release.generation)) AS b WHERE b."visit" = a."visit" AND b."detector" = a."detector")
              AND NOT EXISTS (
                SELECT FROM skyledger."ReleaseQueue" AS q
                WHERE q."generation" = $2 AND q."visit" = a."visit" AND q."detector" = a."detector")
            ORDER BY a."midpointMjdTai", a."visit", a."detector"
            """, [.double(min(mjdTai, release.cutoffMjdTai)), .int32(Int32(release.generation))])
        return (0..<rows.rowCount).map { row in
            ReleaseQueue.Entry(
                visit: rows["visit"]!.int64s![row], detector: rows["detector"]!.int32s![row],
                midpointMjdTai: rows["midpointMjdTai"]!.doubles![row])
        }
    }
}
