import CCrypto
import Postgres
import Schema

/// Makes the tables of a generation in its own schema, and enters it.
struct GenerationCreation {
    let generation: Generation

    init(_ generation: Generation) { self.generation = generation }

    /// Runs in the caller's transaction, as the owner.
    /// - Returns: what of the document was left out, and why.
    func run(on connection: Connection, state: String) throws -> [String] {
        let notes = try makeTables(on: connection)
        try connection.run(
            """
            INSERT INTO skyledger."Generation" ("generationId", "schemaName", "state", "documentYaml", "documentDigest", "schemaVersion")
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .int32(Int32(generation.id)), .text(generation.schemaName), .text(state), .text(generation.documentYAML),
                .text(Self.digest(generation.documentYAML)), generation.document.version.map { .text($0.description) } ?? .null,
            ])
        return notes
    }

    func makeTables(on connection: Connection) throws -> [String] {
        let layouts = Dictionary(uniqueKeysWithValues: generation.document.tables.map { ($0.name, generation.layout.layout(of: $0)) })
        let creation = DDL.creation(of: generation.document, schema: generation.schemaName, layouts: layouts)
        for statement in creation.statements + generation.layout.statements(schema: generation.schemaName) {
            try connection.execute(statement)
        }
        try connection.execute(SQLFile.load("generation/visit_detector", generation.names))
        for table in ["DiaObject", "DiaObject_open"] {
            try connection.query("SELECT skyledger.guard_validity($1::text::regclass)", [.text(generation.table(table))])
        }
        try connection.query("SELECT skyledger.make_update_record($1)", [.text(generation.schemaName)])
        try connection.query("SELECT skyledger.make_solar_system($1)", [.text(generation.schemaName)])
        try connection.query("SELECT skyledger.make_replication($1)", [.text(generation.schemaName)])
        try connection.query("SELECT skyledger.make_provenance($1, $2)", [.text(generation.schemaName), .int32(Int32(generation.id))])
        try grant(on: connection)
        return creation.notes
    }

    private func grant(on connection: Connection) throws {
        let schema = quoted(generation.schemaName)
        try connection.execute(
            """
            GRANT USAGE ON SCHEMA \(schema), skyledger TO \(Role.reader.rawValue), \(Role.ingest.rawValue);
            GRANT SELECT ON ALL TABLES IN SCHEMA \(schema), skyledger TO \(Role.reader.rawValue);
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(schema) TO \(Role.ingest.rawValue);
            REVOKE UPDATE, DELETE ON \(generation.table("UpdateRecord")) FROM \(Role.ingest.rawValue);
            GRANT SELECT ON ALL TABLES IN SCHEMA skyledger TO \(Role.ingest.rawValue);
            """)
    }

    /// SHA-256 of a text, in hexadecimal.
    static func digest(_ text: String) -> String {
        var out = [UInt8](repeating: 0, count: 32)
        let bytes = Array(text.utf8)
        EVP_Digest(bytes, bytes.count, &out, nil, EVP_sha256(), nil)
        return out.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
