import Columns
import Postgres

/// One query of a reader's, bounded in rows and time.
///
/// It is a cursor in a transaction that cannot write: the server makes no more rows than are fetched (but for what it must sort or
/// aggregate first), and the timeout is set for the transaction, after which the statement has no door left to change it.
public enum LimitedSQL {
    public struct Answer: Sendable {
        public var rows: Table
        /// Whether there were more rows than the limit.
        public var isCut: Bool
    }

    /// - Parameters:
    ///   - sql: one statement that gives rows (SELECT, VALUES, WITH, TABLE).
    ///   - rowLimit: nil for the limit of the connection's role, or a million where it has none.
    ///   - timeoutSeconds: nil for that of the role; a longer one than the role's is refused.
    /// - Throws: `PostgresError`; `ProductError.badRequest` for a limit beyond the role's.
    public static func run(_ sql: String, on connection: Connection, rowLimit: Int? = nil, timeoutSeconds: Int? = nil) throws -> Answer {
        var holdsNames = false
        defer { if holdsNames { try? PpdbNames.release(on: connection) } }
        return try connection.transaction("READ ONLY") {
            let roleLimit = try connection.text("SELECT nullif(current_setting('skyledger.row_limit', true), '')").flatMap { Int($0) }
            let limit = rowLimit ?? roleLimit ?? 1_000_000
            guard limit > 0, limit <= roleLimit ?? limit else {
                throw ProductError.badRequest("\(limit) rows are asked for: the role may read 1 to \(roleLimit ?? limit) in one answer")
            }
            if let timeoutSeconds {
                let allowed =
                    try connection.int64("SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'").map { Int($0) / 1000 }
                    ?? 0
                guard timeoutSeconds > 0, allowed == 0 || timeoutSeconds <= allowed else {
                    throw ProductError.badRequest("a timeout of \(timeoutSeconds) s is asked for: the role may have 1 to \(allowed) s")
                }
                try connection.execute("SET LOCAL statement_timeout = '\(timeoutSeconds)s'")
            }
            // The extended protocol takes one statement only, and a cursor only one that gives rows.
            // While its names are looked up no swap may change their meaning: the statement reads one generation.
            try PpdbNames.hold(on: connection)
            holdsNames = true
            try connection.query("DECLARE limited NO SCROLL CURSOR FOR \(sql)")
            try PpdbNames.release(on: connection)
            holdsNames = false
            let rows = try connection.query("FETCH \(limit + 1) FROM limited")
            guard rows.rowCount > limit else { return Answer(rows: rows, isCut: false) }
            return Answer(rows: rows.gather(Array(0..<limit)), isCut: true)
        }
    }
}
