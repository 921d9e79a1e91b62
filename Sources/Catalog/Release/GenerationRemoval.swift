import Columns
import Postgres

/// Removes the tables of a generation that nothing uses any more, a table or partition a transaction, so that no step locks much or long and
/// a killed removal is repeated as it was.
public struct GenerationRemoval {
    let connection: Connection
    let generation: Int

    /// - Parameter connection: as the role `owner`.
    public init(connection: Connection, generation: Int) { (self.connection, self.generation) = (connection, generation) }

    /// Whether a generation's tables are there.
    public static func isThere(_ generation: Int, on connection: Connection) throws -> Bool {
        try connection.text("SELECT to_regnamespace($1)::text", [.text(Generation.schemaName(generation))]) != nil
    }

    /// What the visit table says of issued alerts stays, as the ledger's witness. In the transaction that gives the generation up.
    public static func keepWitness(of generation: Generation, on connection: Connection) throws {
        try connection.run(
            """
            INSERT INTO skyledger."AlertWitness" ("generation", "visit", "detector", "nAlerts", "alertRoot")
            SELECT $1, "visit", "detector", "nAlerts", "alertRoot" FROM \(generation.table("VisitDetector"))
            WHERE "nAlerts" > 0 OR "alertRoot" IS NOT NULL ON CONFLICT DO NOTHING
            """, [.int32(Int32(generation.id))])
    }

    /// - Parameter progress: pieces removed and all; return false to stop.
    /// - Returns: whether everything is gone.
    public func run(progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Bool {
        let schema = Generation.schemaName(generation)
        try connection.execute("DROP SCHEMA IF EXISTS \(quoted("apdb_" + Generation.digits(generation))) CASCADE")
        // Partitions before their parents: a parent goes when it has none left.
        let rows = try connection.query(
            """
            SELECT c.relname::text AS "name" FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
            ORDER BY NOT c.relispartition, c.relkind = 'p', c.relname
            """, [.text(schema)])
        guard let names = rows["name"]?.strings else { return true }
        let pieces = names.count + 1
        for row in 0..<names.count {
            guard progress(row, pieces) else { return false }
            try connection.execute("DROP TABLE IF EXISTS \(quoted(schema)).\(quoted(names[row])) CASCADE")
        }
        guard progress(names.count, pieces) else { return false }
        try connection.execute("DROP SCHEMA IF EXISTS \(quoted(schema)) CASCADE")
        _ = progress(pieces, pieces)
        return true
    }
}
