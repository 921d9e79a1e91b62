import Postgres

/// The views that readers use: one of each table of a generation, in a schema of their own.
public enum Views {
    /// Makes them in a schema that must not exist. As the owner.
    public static func create(of generation: Generation, in schema: String, on connection: Connection) throws {
        try connection.execute("CREATE SCHEMA \(quoted(schema))")
        for name in generation.document.tables.map(\.name) + GenerationLayout.ownTables {
            try connection.execute("CREATE VIEW \(quoted(schema)).\(quoted(name)) AS SELECT * FROM \(generation.table(name))")
        }
        try connection.execute(
            """
            GRANT USAGE ON SCHEMA \(quoted(schema)) TO \(Role.reader.rawValue), \(Role.ingest.rawValue);
            GRANT SELECT ON ALL TABLES IN SCHEMA \(quoted(schema)) TO \(Role.reader.rawValue), \(Role.ingest.rawValue);
            """)
    }
}
