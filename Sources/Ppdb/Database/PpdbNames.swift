import Columns
import Postgres

/// Which generation the names `ppdb` and `replica` mean. Who works by these names holds them, so that no swap gives them to another
/// generation meanwhile; a swap takes them alone for a moment.
struct PpdbNames {
    let connection: Connection
    let location: PpdbLocation

    init(_ connection: Connection, _ location: PpdbLocation) {
        self.connection = connection
        self.location = location
    }

    private static let lock = "hashtextextended('skyledger ppdb names', 0)"

    /// Until the session's end, or `release`.
    /// - Throws: `PpdbError.unavailable` where a swap does not end.
    func hold() throws {
        do {
            try connection.transaction {
                try connection.execute("SET LOCAL lock_timeout = '20s'")
                try Self.hold(on: connection)
            }
        } catch let error as PostgresError where error.sqlState == "55P03" {
            throw PpdbError.unavailable(database: location.label, reason: "another program swaps its generations")
        }
    }

    func release() throws { try Self.release(on: connection) }

    static func hold(on connection: Connection) throws { try connection.query("SELECT pg_advisory_lock_shared(\(lock))") }
    static func release(on connection: Connection) throws { try connection.query("SELECT pg_advisory_unlock_shared(\(lock))") }

    /// Runs a body in a transaction while nobody else holds the names.
    /// - Returns: nil where others did not let go of them in time.
    func alone<Result>(patienceSeconds: Double, _ body: () throws -> Result) throws -> Result? {
        try release()
        defer { try? hold() }
        do {
            return try connection.transaction {
                try connection.execute("SET LOCAL lock_timeout = '\(Int(patienceSeconds * 1000))ms'")
                try connection.query("SELECT pg_advisory_xact_lock(\(Self.lock))")
                try connection.execute("SET LOCAL lock_timeout = 0")
                return try body()
            }
        } catch let error as PostgresError where error.sqlState == "55P03" { return nil }
    }
}
