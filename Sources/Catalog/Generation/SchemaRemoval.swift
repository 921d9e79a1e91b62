import Columns
import Postgres

/// Removes a database schema with many tables piece by piece: a transaction for each partition, one for what is left. Interrupted at any
/// point and repeated, it goes on where it was.
///
/// To drop a table waits for who reads it. Each attempt waits only a moment, so that nobody queues up behind it.
public struct SchemaRemoval {
    let schema: String
    public var lockTimeoutMs = 500
    public var attemptsMax = 120

    public init(_ schema: String) { self.schema = schema }

    /// - Parameters:
    ///   - connection: as who owns the schema.
    ///   - progress: pieces done and in all; return false to stop.
    /// - Returns: whether all of it is gone.
    /// - Throws: `CatalogError.unavailable` where a transaction that reads it does not end.
    @discardableResult
    public func run(on connection: Connection, progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Bool {
        let rows = try connection.query(
            """
            SELECT c.relname::text AS "name" FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relispartition ORDER BY 1
            """, [.text(schema)])
        let count = rows.rowCount
        for row in 0..<count {
            guard progress(row, count + 1) else { return false }
            let name = "\(quoted(schema)).\(quoted(rows["name"]!.strings![row]))"
            try drop("DROP TABLE IF EXISTS \(name)", on: connection)
        }
        guard progress(count, count + 1) else { return false }
        try drop("DROP SCHEMA IF EXISTS \(quoted(schema)) CASCADE", on: connection)
        _ = progress(count + 1, count + 1)
        return true
    }

    private func drop(_ statement: String, on connection: Connection) throws {
        for attempt in 1... {
            do {
                return try connection.transaction {
                    try connection.execute("SET LOCAL lock_timeout = \(lockTimeoutMs); \(statement)")
                }
            } catch let error as PostgresError where error.sqlState == "55P03" {
                guard attempt < attemptsMax else {
                    throw CatalogError.unavailable(
                        "\(schema) is read by a transaction that does not end: end it, then run the command again, which goes on from here")
                }
            }
        }
    }
}
