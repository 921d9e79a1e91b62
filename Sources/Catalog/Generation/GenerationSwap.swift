import Columns
import Postgres

/// Makes another generation the current one: the view schemas change their names, and the bookkeeping follows, in the caller's transaction.
///
/// No reader is waited for and none waits. Who calls this has closed the gate (`GenerationGate.close`).
public struct GenerationSwap: Sendable {
    /// The one that is current, and the one that becomes it.
    public let from: Generation
    public let to: Generation

    public init(from: Generation, to: Generation) {
        self.from = from
        self.to = to
    }

    /// - Parameter stateOfFrom: what the one that was current becomes: `former` after a publication, `next` after a rollback.
    /// - Throws: `CatalogError.inconsistent` where the views of the other generation are not there.
    public func run(stateOfFrom: String, on connection: Connection) throws {
        guard try connection.text("SELECT to_regnamespace($1)::text", [.text(to.viewSchemaName)]) != nil else {
            throw CatalogError.inconsistent(
                "the views of \(to.schemaName) are missing (schema \(to.viewSchemaName)): run `skyledger doctor`")
        }
        try connection.execute(
            """
            ALTER SCHEMA apdb RENAME TO \(quoted(from.viewSchemaName));
            ALTER SCHEMA \(quoted(to.viewSchemaName)) RENAME TO apdb
            """)
        for (generation, state) in [(from, stateOfFrom), (to, "current")] {
            let n = try connection.run(
                "UPDATE skyledger.\"Generation\" SET \"state\" = $2 WHERE \"generationId\" = $1",
                [.int32(Int32(generation.id)), .text(state)])
            precondition(n == 1, "generation \(generation.id) is not entered")
        }
        let major = Settings.major(to.document)
        if try Settings.frozen("schemaMajor", on: connection) != major { try Settings.migrate("schemaMajor", to: major, on: connection) }
    }
}
