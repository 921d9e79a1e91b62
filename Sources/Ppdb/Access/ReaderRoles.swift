import Columns
import Postgres
import Schema

/// A role for people who read a PPDB, with what bounds their queries.
///
/// What PostgreSQL holds, whatever the reader does: rights (SELECT alone), the number of connections, and the space of temporary files
/// (`temp_file_limit` is changed by superusers only). The statement timeout and the read-only transactions are the role's defaults, which a
/// session with direct access may change for itself; through `LimitedSQL` it cannot. PostgreSQL has no limit of rows; the role keeps one
/// (`skyledger.row_limit`) that `LimitedSQL` applies.
public struct ReaderRoles: Sendable {
    public var name = "ppdb_reader"
    public var timeoutSeconds = 300
    public var rowLimit = 1_000_000
    public var temporaryMegabytes = 10_240
    public var connections = 20

    public init() {}

    /// Makes the role or gives it other bounds, and lets it read all tables of the schema, those that come later as well.
    ///
    /// - Parameters:
    ///   - administrator: a superuser, or a user with CREATEROLE, connected to the PPDB.
    ///   - owner: who makes later tables.
    /// - Returns: what could not be set, as sentences; empty where all holds.
    /// - Throws: `ProductError.badRequest`, `PostgresError`
    public func make(_ administrator: PpdbTables, owner: String) throws -> [String] {
        for (what, value) in [
            ("timeout", timeoutSeconds), ("rows", rowLimit), ("temporary space", temporaryMegabytes), ("connections", connections),
        ]
        where value <= 0 || value > Int(Int32.max) / 1000 * (what == "timeout" ? 1 : 1000) {
            throw ProductError.badRequest("the \(what) of the role is \(value): give a number above 0")
        }
        let connection = administrator.connection
        let role = SQLText.identifier(name)
        let schema = SQLText.identifier(administrator.schema)
        var remarks: [String] = []
        try connection.transaction {
            let isThere = try connection.int64("SELECT 1::bigint FROM pg_roles WHERE rolname = $1", [.text(name)]) != nil
            guard
                try connection.int64("SELECT 1::bigint FROM pg_roles WHERE rolname = $1 AND (rolsuper OR rolcreaterole)", [.text(name)])
                    == nil
            else { throw ProductError.badRequest("\(name) is an administrator: choose a role that only reads") }
            if !isThere { try connection.execute("CREATE ROLE \(role) LOGIN") }
            let settings = [
                "statement_timeout = '\(timeoutSeconds)s'", "idle_in_transaction_session_timeout = '\(timeoutSeconds)s'",
                "lock_timeout = '10s'", "default_transaction_read_only = on", "search_path = \(schema), public",
                "\"skyledger.row_limit\" = '\(rowLimit)'",
            ]
            let database = SQLText.identifier(try connection.text("SELECT current_database()::text") ?? "")
            try connection.execute("ALTER ROLE \(role) CONNECTION LIMIT \(connections)")
            for setting in settings { try connection.execute("ALTER ROLE \(role) IN DATABASE \(database) SET \(setting)") }
            try connection.execute(
                """
                GRANT CONNECT ON DATABASE \(database) TO \(role);
                REVOKE TEMPORARY ON DATABASE \(database) FROM PUBLIC;
                GRANT TEMPORARY ON DATABASE \(database) TO \(SQLText.identifier(owner));
                GRANT USAGE ON SCHEMA \(schema) TO \(role);
                GRANT SELECT ON ALL TABLES IN SCHEMA \(schema) TO \(role);
                ALTER DEFAULT PRIVILEGES FOR ROLE \(SQLText.identifier(owner)) IN SCHEMA \(schema) GRANT SELECT ON TABLES TO \(role)
                """)
            do {
                try connection.transaction {
                    try connection.execute("ALTER ROLE \(role) IN DATABASE \(database) SET temp_file_limit = '\(temporaryMegabytes)MB'")
                }
            } catch let error as PostgresError where error.sqlState == "42501" {
                remarks.append(
                    "the space of temporary files is not bounded: a superuser must run ALTER ROLE \(role) SET temp_file_limit = '\(temporaryMegabytes)MB'"
                )
            }
        }
        return remarks
    }
}
