import Postgres

/// Moves the recorded sums of chunks along when rows of theirs change.
struct ChunkSumChange {
    let connection: Connection
    let table: FeedTable

    /// Adds what rows are now, or takes it away.
    ///
    /// - Parameters:
    ///   - sign: 1 or -1.
    ///   - joined: what names the rows, joined to the table `a` by the condition.
    ///   - countsRows: whether the rows come or go, rather than change.
    func add(_ sign: Int, joined: String, on condition: String, countsRows: Bool) throws {
        try connection.run(
            """
            UPDATE \(table.replica)."ChunkTable" AS t
            SET "checksum" = t."checksum" + \(sign) * d."checksum"\(countsRows ? ", \"nRows\" = t.\"nRows\" + \(sign) * d.\"count\"" : "")
            FROM (SELECT c."chunk", count(*) AS "count", sum(\(table.hash(table.columns, of: "a"))) AS "checksum"
                  FROM \(joined) JOIN \(table.target) AS a ON \(condition)
                  JOIN \(table.replica)."Change" AS c ON c."replicaKey" = a."replicaKey" GROUP BY 1) AS d
            WHERE t."chunk" = d."chunk" AND t."table" = '\(table.name)'
            """)
    }
}
