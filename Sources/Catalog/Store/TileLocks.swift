import Postgres
import Sphere

/// The advisory locks that keep two transactions from changing the same piece of sky at once: docs/decisions/007.
struct TileLocks {
    let connection: Connection
    let generation: Generation

    /// Locks ranges of tiles, ascending.
    func take(_ ranges: [ClosedRange<Int64>]) throws {
        try connection.query(
            """
            SELECT count(pg_advisory_xact_lock(skyledger.lock_class($1::text::regclass), tile::int))
            FROM unnest($2::bigint[], $3::bigint[]) AS r(low, high), LATERAL generate_series(low, high) AS tile
            """,
            [.text(generation.table("DiaObject")), .int64Array(ranges.map(\.lowerBound)), .int64Array(ranges.map(\.upperBound))],
            name: "lock_tiles")
    }

    /// Locks single tiles, ascending.
    func take(tiles: some Sequence<Int32>) throws { try take(Set(tiles).sorted().map { Int64($0)...Int64($0) }) }
}
