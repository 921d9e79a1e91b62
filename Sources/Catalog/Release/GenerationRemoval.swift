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

    /// What the visit table says of issued alerts stays, as the ledger's witness. When nothing is stored in the generation any more.
    ///
    /// - Parameter all: whether visit-detectors without alerts are kept too: of a generation that was current they say that there must be none.
    public static func keepWitness(of generation: Generation, all: Bool = false, on connection: Connection) throws {
        try connection.run(
            """
            INSERT INTO skyledger."AlertWitness" ("generation", "visit", "detector", "nAlerts", "alertRoot")
            SELECT $1, "visit", "detector", "nAlerts", "alertRoot" FROM \(generation.table("VisitDetector"))
            WHERE $2 OR "nAlerts" > 0 OR "alertRoot" IS NOT NULL ON CONFLICT DO NOTHING
            """, [.int32(Int32(generation.id)), .bool(all)])
    }

    /// - Parameter progress: pieces removed and all; return false to stop.
    /// - Returns: whether everything is gone.
    public func run(progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Bool {
        try SchemaRemoval("apdb_" + Generation.digits(generation)).run(on: connection)
            && SchemaRemoval(Generation.schemaName(generation)).run(on: connection, progress: progress)
    }
}
