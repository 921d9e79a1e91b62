import Columns
import Postgres

/// One SQL statement of a person's, in a transaction that cannot write, as a role that may not.
public enum ReadOnlySQL {
    /// - Parameters:
    ///   - connection: as the role `reader`.
    ///   - timeoutSeconds: after which the server gives the statement up; 0 for never.
    public static func run(_ sql: String, on connection: Connection, timeoutSeconds: Int = 0) throws -> Table {
        try connection.transaction("READ ONLY") {
            if timeoutSeconds > 0 { try connection.execute("SET LOCAL statement_timeout = \(timeoutSeconds * 1000)") }
            // The extended protocol takes one statement only, so that none can end the transaction and begin another.
            return try connection.query(sql)
        }
    }
}
