import Catalog
import Columns
import Foundation
import Postgres
import Schema

/// Makes the tables and the bookkeeping of one generation's copy in a PPDB's database.
struct PpdbFilling {
    let location: PpdbLocation
    let generation: Generation
    let document: SchemaDocument
    let documentYAML: String
    let schemas: PpdbSchemas

    /// In the caller's transaction.
    ///
    /// - Parameter cursor: what it has of the feed already, for its generation has nothing in there.
    /// - Returns: what of the document was left out, and why.
    func run(on connection: Connection, apdb: Connection, cursor: Ppdb.Cursor, swap: Int64) throws -> [String] {
        let creation = try PpdbLayout(document, schema: schemas.tables).statements()
        for statement in creation.statements { try connection.execute(statement) }
        guard let url = Bundle.module.url(forResource: "replica", withExtension: "sql", subdirectory: "sql"),
            let bookkeeping = try? String(contentsOf: url, encoding: .utf8)
        else { throw PpdbError.inconsistent("the program's file sql/replica.sql is missing beside it: reinstall SkyLedger") }
        try connection.execute(bookkeeping.replacing("{replica}", with: schemas.replica).replacing("{tables}", with: schemas.tables))
        let settings = [
            "instanceId": try Ppdb.instanceId(on: apdb), "consumer": location.consumer, "documentYaml": documentYAML,
            "pixelization": try apdb.text("SELECT \"value\" FROM skyledger.\"Setting\" WHERE \"name\" = 'pixelization'") ?? "",
            "generation": String(generation.id), "swap": String(swap),
        ]
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            try connection.run("INSERT INTO \(schemas.replica).\"Setting\" VALUES ($1, $2)", [.text(name), .text(value)])
        }
        try connection.run(
            "UPDATE \(schemas.replica).\"Cursor\" SET \"chunk\" = $1, \"lastChange\" = $2",
            [.int64(cursor.chunk), .int64(cursor.lastChange)])
        if try connection.int64("SELECT 1::bigint FROM pg_roles WHERE rolname = $1", [.text(Role.reader.rawValue)]) != nil {
            for schema in [schemas.tables, schemas.replica] { try Self.grant(Role.reader.rawValue, schema, on: connection) }
        }
        return creation.notes
    }

    /// Lets a role read all tables of a schema, those that come later as well.
    static func grant(_ role: String, _ schema: String, on connection: Connection) throws {
        let (role, schema) = (SQLText.identifier(role), SQLText.identifier(schema))
        try connection.execute(
            """
            GRANT USAGE ON SCHEMA \(schema) TO \(role);
            GRANT SELECT ON ALL TABLES IN SCHEMA \(schema) TO \(role);
            ALTER DEFAULT PRIVILEGES IN SCHEMA \(schema) GRANT SELECT ON TABLES TO \(role)
            """)
    }

    /// Lets who reads one schema read another.
    static func carryGrants(from schema: String, to other: String, on connection: Connection) throws {
        let rows = try connection.query(
            """
            SELECT DISTINCT pg_get_userbyid(a.grantee)::text AS "role" FROM pg_namespace AS n, aclexplode(n.nspacl) AS a
            WHERE n.nspname = $1 AND a.privilege_type = 'USAGE' AND a.grantee NOT IN (0, n.nspowner)
            """, [.text(schema)])
        guard let roles = rows["role"]?.strings else { return }
        for row in 0..<roles.count { try grant(roles[row], other, on: connection) }
    }
}
