import Schema
import Testing

@Suite("PostgreSQL accepts the DDL", .serialized)
struct DDLPostgresTests {
    /// What information_schema calls the type, with its length; written down here independently of DDL.columnSQLType.
    static func catalogType(_ column: ColumnDefinition) -> String {
        switch (column.datatype, column.length) {
        case (.boolean, _): "boolean|"
        case (.byte, _), (.short, _): "smallint|"
        case (.int, _): "integer|"
        case (.long, _): "bigint|"
        case (.float, _): "real|"
        case (.double, _): "double precision|"
        case (.char, let length?), (.string, let length?), (.unicode, let length?): "character varying|\(length)"
        case (.char, nil), (.string, nil), (.unicode, nil), (.text, _): "text|"
        case (.binary, _): "bytea|"
        case (.timestamp, _): "timestamp without time zone|"
        }
    }

    @Test(
        "Every document becomes tables whose types, nullability, keys and index counts are the document's",
        .enabled(if: FelisTestDocuments.exist && DDLPostgres.isInstalled, FelisTestDocuments.message))
    func everyDocument() throws {
        try DDLPostgres.run { server in
            for (i, path) in FelisTestDocuments.all.enumerated() {
                let document = try FelisTestDocuments.read(path)
                let schema = "Schema \"\(i)\""
                let creation = DDL.creation(of: document, schema: schema)
                try server.sql(creation.statements.map { $0 + ";\n" }.joined())
                let literal = SQLText.literal(schema)
                let found = try server.sql(
                    """
                    SELECT table_name, column_name, data_type, character_maximum_length, is_nullable FROM information_schema.columns
                    WHERE table_schema = \(literal) ORDER BY 1, ordinal_position
                    """)
                let wanted = document.tables.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.flatMap { table in
                    table.columns.map { column in
                        let nullable = column.isNullable && !table.primaryKey.contains(column.name) ? "YES" : "NO"
                        return "\(table.name)|\(column.name)|\(Self.catalogType(column))|\(nullable)"
                    }
                }
                #expect(found == wanted, "\(path)")

                let keys = try server.sql(
                    """
                    SELECT table_name, string_agg(column_name, ',' ORDER BY ordinal_position)
                    FROM information_schema.table_constraints JOIN information_schema.key_column_usage
                        USING (constraint_schema, constraint_name, table_schema, table_name)
                    WHERE table_schema = \(literal) AND constraint_type = 'PRIMARY KEY' GROUP BY 1 ORDER BY 1
                    """)
                let wantedKeys = document.tables.filter { !$0.primaryKey.isEmpty }.map {
                    "\($0.name)|\($0.primaryKey.joined(separator: ","))"
                }
                #expect(Set(keys) == Set(wantedKeys), "\(path)")

                let counts = try server.sql(
                    """
                    SELECT count(*) FILTER (WHERE contype = 'f'), count(*) FILTER (WHERE contype = 'u'),
                        (SELECT count(*) FROM pg_indexes WHERE schemaname = \(literal)) - count(*) FILTER (WHERE contype IN ('p', 'u'))
                    FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = \(literal)
                    """)
                let constraints = document.tables.flatMap(\.constraints)
                let foreign = constraints.count { if case .foreignKey = $0 { true } else { false } }
                let unique = constraints.count { if case .unique = $0 { true } else { false } }
                let indexes = document.tables.map(\.indexes.count).reduce(0, +)
                #expect(counts == ["\(foreign - creation.notes.count)|\(unique)|\(indexes)"], "\(path): \(creation.notes)")
            }
        }
    }

    @Test("Odd names, quotes, defaults, identities and layouts are accepted too", .enabled(if: DDLPostgres.isInstalled))
    func oddTables() throws {
        let long = String(repeating: "né", count: 40)
        let table = TableDefinition(
            name: "O'Neil \"x\"", description: "A 'quoted' \\ text;",
            columns: [
                ColumnDefinition("id", .long, isAutoincrement: true),
                ColumnDefinition("flag", .boolean, isNullable: false, defaultValue: .integer(1)),
                ColumnDefinition("number", .short, defaultValue: .boolean(true)),
                ColumnDefinition("nan", .float, defaultValue: .real(.nan)),
                ColumnDefinition("word \"w\"", .string, length: 5, defaultValue: .text("it's"), unit: "a'b"),
                ColumnDefinition("time", .timestamp, precision: 3),
            ],
            primaryKey: ["id"],
            indexes: [IndexDefinition(name: long + "1", columns: ["nan"]), IndexDefinition(name: long + "2", columns: ["flag"])],
            constraints: [.check(name: "positive", expression: "number > 0")])
        let other = TableDefinition(
            name: "other", columns: [ColumnDefinition("id", .long), ColumnDefinition("n", .short)], primaryKey: ["id"],
            indexes: [IndexDefinition(name: long + "1", columns: ["n"])],
            constraints: [
                .foreignKey(name: "good", columns: ["id"], referencedTable: table.name, referencedColumns: ["id"]),
                .foreignKey(name: "bad", columns: ["n"], referencedTable: table.name, referencedColumns: ["number"]),
            ])
        let layout = TableLayout(
            extraColumns: [ColumnDefinition("pixelId", .long, isNullable: false), ColumnDefinition("tile", .int, isNullable: false)],
            primaryKey: ["tile", "id"], partitionBy: "RANGE (\"tile\")", fillfactor: 80, omitForeignKeys: true)
        try DDLPostgres.run { server in
            let plain = SchemaDocument(name: "d", version: nil, tables: [table, other])
            let creation = DDL.creation(of: plain, schema: "s", layouts: ["other": TableLayout(fillfactor: 70)])
            #expect(creation.notes.count == 1 && creation.notes[0].contains("bad"))
            try server.sql(creation.statements.map { $0 + ";\n" }.joined())
            try server.sql("INSERT INTO s.\(SQLText.identifier(table.name)) DEFAULT VALUES;")
            #expect(try server.sql("SELECT * FROM s.\(SQLText.identifier(table.name))") == ["1|t|1|NaN|it's|"])
            let regclass = SQLText.literal(SQLText.identifier("s", table.name))
            #expect(try server.sql("SELECT obj_description(\(regclass)::regclass)") == ["A 'quoted' \\ text;"])
            #expect(try server.sql("SELECT reloptions FROM pg_class WHERE relname = 'other'") == ["{fillfactor=70}"])

            let partitioned = DDL.creation(of: plain, schema: "p", layouts: ["other": layout])
            try server.sql(partitioned.statements.map { $0 + ";\n" }.joined())
            #expect(partitioned.notes.isEmpty)
            #expect(try server.sql("SELECT partstrat FROM pg_partitioned_table WHERE partrelid = 'p.other'::regclass") == ["r"])
            let names = "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attnum > 0 AND attrelid = "
            #expect(try server.sql(names + "'p.other'::regclass") == ["id,n,pixelId,tile"])
            #expect(try server.sql(names + "'p.other_pkey'::regclass") == ["tile,id"])
        }
    }
}
