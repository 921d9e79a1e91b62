import Columns
import Postgres

/// One SQL statement of a person's, in a transaction that cannot write, as a role that may not. It reads one generation, whole.
public enum ReadOnlySQL {
    /// - Parameters:
    ///   - connection: as the role `reader`.
    ///   - timeoutSeconds: after which the server gives the statement up; 0 for never.
    public static func run(_ sql: String, on connection: Connection, timeoutSeconds: Int = 0) throws -> Table {
        for _ in 0..<attemptsMax {
            if let answer = try attempt(sql, on: connection, timeoutSeconds) { return answer }
        }
        throw CatalogError.unavailable("generations were swapped \(attemptsMax) times while the statement ran: run it again")
    }

    private static let attemptsMax = 5

    /// The server looks up the names of a statement one after the other, and a swap may come between two of them. So names without a schema
    /// are those of the current generation's own tables, which no swap gives to another; who names `apdb` itself is asked again where there
    /// was a swap meanwhile (docs/decisions/032).
    private static func attempt(_ sql: String, on connection: Connection, _ timeoutSeconds: Int) throws -> Table? {
        try connection.transaction("READ ONLY") {
            let row = try connection.query("SELECT \"schemaName\" FROM skyledger.\"Generation\" WHERE \"state\" = 'current'")
            guard let schema = row["schemaName"]?.strings?[0] else {
                throw CatalogError.inconsistent("the instance has no current generation: run `skyledger doctor`")
            }
            try connection.execute("SET LOCAL search_path = \(quoted(schema)), apdb, skyledger, public")
            let namesViews = sql.lowercased().contains("apdb")
            let before = namesViews ? try newestSwap(connection) : 0
            if timeoutSeconds > 0 { try connection.execute("SET LOCAL statement_timeout = \(timeoutSeconds * 1000)") }
            // The extended protocol takes one statement only, so that none can end the transaction and begin another.
            let answer = try connection.query(sql)
            let isWhole = namesViews ? try newestSwap(connection) == before : true
            return isWhole ? answer : nil
        }
    }

    private static func newestSwap(_ connection: Connection) throws -> Int64 {
        try connection.int64("SELECT coalesce(max(\"number\"), 0) FROM skyledger.\"ReleaseSwap\"") ?? 0
    }
}
