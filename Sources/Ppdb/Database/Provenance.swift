import Catalog
import Columns
import Postgres
import Schema

/// The column "generation" in a copy that an older program made: all its rows are of the generation itself, so it comes with a constant, in a
/// moment, and sums that were written down stay true (`FeedTable.hash`).
struct Provenance {
    let connection: Connection
    let location: PpdbLocation
    let schemas: PpdbSchemas
    let generation: Int
    /// How often it is tried while readers hold the tables; others wait behind it for at most a second each time.
    private static let attempts = 30

    /// Adds the column where it lacks. Killed and repeated it ends the same.
    ///
    /// - Throws: `PpdbError.unavailable` where readers do not let go of the tables, or the database is read-only.
    func complete() throws {
        for attempt in 1... {
            do {
                guard try !lacking().isEmpty else { return }
                return try connection.transaction {
                    try connection.query("SELECT pg_advisory_xact_lock(hashtextextended('skyledger ppdb', 0))")
                    try connection.execute("SET LOCAL lock_timeout = '1s'")
                    // Another program may have been faster.
                    for table in try lacking() { try add(to: table) }
                }
            } catch let error as PostgresError where error.sqlState == "25006" {
                throw PpdbError.unavailable(
                    database: location.label, reason: "it is read-only, and its tables still lack the column \"\(FeedTable.provenance)\"")
            } catch let error as PostgresError where error.sqlState == "55P03" {
                guard attempt < Self.attempts else {
                    throw PpdbError.unavailable(
                        database: location.label,
                        reason: "its tables need the column \"\(FeedTable.provenance)\", and readers do not let go of them")
                }
            }
        }
    }

    /// As SQL writes them.
    private func lacking() throws -> [String] {
        let rows = try connection.query(
            """
            SELECT c.oid::regclass::text AS "name" FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE (n.nspname = $1 AND c.relname IN (\(FeedTables.names.map { "'\($0)'" }.joined(separator: ", ")))
                   OR n.nspname = $2 AND c.relname = 'UpdateRecord')
              AND c.relkind IN ('r', 'p')
              AND NOT EXISTS (SELECT FROM pg_attribute AS a
                              WHERE a.attrelid = c.oid AND a.attname = '\(FeedTable.provenance)' AND NOT a.attisdropped)
            ORDER BY 1
            """, [.text(schemas.tables), .text(schemas.replica)])
        guard let names = rows["name"]?.strings else { return [] }
        return (0..<names.count).map { names[$0] }
    }

    private func add(to table: String) throws {
        let column = SQLText.identifier(FeedTable.provenance)
        // Later rows say it themselves.
        try connection.execute(
            """
            ALTER TABLE \(table) ADD COLUMN \(column) integer NOT NULL DEFAULT \(generation);
            ALTER TABLE \(table) ALTER COLUMN \(column) DROP DEFAULT;
            COMMENT ON COLUMN \(table).\(column) IS 'that made the row; of SkyLedger''s own';
            """)
    }
}
