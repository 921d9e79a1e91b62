import Columns
import Postgres

extension Ppdb {
    /// Runs a body that writes to the PPDB, one at a time over all programs, in one transaction of the PPDB and one moment of the instance.
    func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try connection.transaction {
                try connection.query("SELECT pg_advisory_xact_lock(hashtextextended('skyledger ppdb', 0))")
                let known = try Self.settings(schemas, on: connection)["generation"] ?? "1"
                guard known == String(generation.id) else {
                    throw PpdbError.inconsistent("the PPDB \(location.label) was swapped meanwhile: run the command again")
                }
                return try apdb.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") { try body() }
            }
        } catch let error as PostgresError where error.sqlState == "25006" {
            throw PpdbError.unavailable(database: location.label, reason: "it is read-only")
        }
    }
}
