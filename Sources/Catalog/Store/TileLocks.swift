import Postgres
import Sphere

/// The advisory locks that keep two transactions from changing the same piece of sky at once: docs/decisions/007.
///
/// Each tile has a lock, and the sky has one that everybody shares. Who needs more tiles than `mostTiles` takes the sky for itself instead,
/// so that a region of any size needs no more of the server's table of locks than a detector does.
struct TileLocks {
    let connection: Connection
    let generation: Generation

    /// About 13 square degrees: a wide camera whole. PostgreSQL's table of locks has room for 6,400 where nobody enlarged it.
    static let mostTiles = 640

    /// Locks ranges of tiles, ascending.
    func take(_ ranges: [ClosedRange<Int64>]) throws {
        let isWide = ranges.lazy.map(\.count).reduce(0, +) > Self.mostTiles
        try connection.query(
            isWide ? Self.wide : Self.tiles,
            [.text(generation.table("DiaObject")), .int64Array(ranges.map(\.lowerBound)), .int64Array(ranges.map(\.upperBound))],
            name: isWide ? "lock_sky" : "lock_tiles")
    }

    private static let tiles = """
        SELECT count(CASE WHEN tile < 0 THEN pg_advisory_xact_lock_shared(class, tile) ELSE pg_advisory_xact_lock(class, tile) END)
        FROM (SELECT skyledger.lock_class($1::text::regclass) AS class) AS c,
             LATERAL (SELECT -1 AS tile
                      UNION ALL
                      SELECT t::int FROM unnest($2::bigint[], $3::bigint[]) AS r(low, high), LATERAL generate_series(low, high) AS t) AS s
        """

    private static let wide = """
        SELECT pg_advisory_xact_lock(skyledger.lock_class($1::text::regclass), -1)
        WHERE cardinality($2::bigint[]) = cardinality($3::bigint[])
        """

    /// Locks single tiles, ascending.
    func take(tiles: some Sequence<Int32>) throws { try take(Set(tiles).sorted().map { Int64($0)...Int64($0) }) }
}
