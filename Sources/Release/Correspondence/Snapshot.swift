import Catalog
import Postgres

/// Two connections that see one moment of the database.
enum Snapshot {
    /// Runs a body with both in a transaction each, READ ONLY.
    static func read<Result>(_ instance: Instance, _ body: (Connection, Connection) throws -> Result) throws -> Result {
        let (first, second) = (try instance.connect(as: .reader), try instance.connect(as: .reader))
        let mode = "ISOLATION LEVEL REPEATABLE READ READ ONLY"
        return try first.transaction(mode) {
            guard let moment = try first.text("SELECT pg_export_snapshot()") else {
                throw CatalogError.unavailable("the server gave no snapshot: check it with `skyledger doctor`")
            }
            return try second.transaction(mode) {
                try second.execute("SET TRANSACTION SNAPSHOT '\(moment)'")
                for connection in [first, second] {
                    // Sources are read by ranges of visits; their index is exact enough even where statistics are missing.
                    try connection.execute(
                        "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'"
                    )
                }
                return try body(first, second)
            }
        }
    }
}
