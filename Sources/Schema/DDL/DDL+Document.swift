/// The statements that create a document's schema, and what of the document they leave out.
public struct SchemaCreation: Sendable, Equatable {
    /// In the order in which they run.
    public var statements: [String]
    /// A sentence for each foreign key that PostgreSQL could not have kept.
    public var notes: [String]
}

extension DDL {
    /// Everything that creates the document's tables: the schema, tables with their keys, indexes, comments, and foreign keys last.
    ///
    /// A foreign key to columns that are no primary key or unique constraint of the table they belong to cannot exist in PostgreSQL: it
    /// is left out and noted.
    /// - Parameter layouts: by table name.
    public static func creation(of document: SchemaDocument, schema: String, layouts: [String: TableLayout] = [:]) -> SchemaCreation {
        var names = RelationNames(taken: document.tables.map(\.name))
        var statements = ["CREATE SCHEMA IF NOT EXISTS \(SQLText.identifier(schema))"]
        func layout(_ table: TableDefinition) -> TableLayout { layouts[table.name] ?? TableLayout() }
        for table in document.tables { statements.append(createTable(table, schema: schema, layout: layout(table), names: &names)) }
        for table in document.tables { statements += createIndexes(of: table, schema: schema, layout: layout(table), names: &names) }
        for table in document.tables { statements += comments(on: table, schema: schema, layout: layout(table)) }
        let keys = foreignKeys(of: document, schema: schema, layouts: layouts, names: &names)
        return SchemaCreation(statements: statements + keys.statements, notes: keys.notes)
    }

    /// The statements of `creation` alone.
    public static func statements(for document: SchemaDocument, schema: String, layouts: [String: TableLayout] = [:]) -> [String] {
        creation(of: document, schema: schema, layouts: layouts).statements
    }

    /// ALTER TABLE ... ADD FOREIGN KEY for those that PostgreSQL can keep, and a note for each of the others.
    public static func foreignKeys(
        of document: SchemaDocument, schema: String, layouts: [String: TableLayout] = [:], names: inout RelationNames
    ) -> SchemaCreation {
        var out = SchemaCreation(statements: [], notes: [])
        let tables = document.tables.map { (layouts[$0.name] ?? TableLayout()).applied(to: $0) }
        for table in tables {
            for case .foreignKey(let name, let columns, let referencedTable, let referencedColumns) in table.constraints {
                let referenced = tables.first { $0.name == referencedTable }
                if let obstacle = obstacle(from: table, columns, to: referenced, referencedColumns) {
                    out.notes.append("foreign key \(name) of table \(table.name) is left out: \(referencedTable) \(obstacle)")
                    continue
                }
                out.statements.append(
                    """
                    ALTER TABLE \(SQLText.identifier(schema, table.name)) ADD CONSTRAINT \(SQLText.identifier(names.claim(name))) \
                    FOREIGN KEY (\(SQLText.list(columns))) \
                    REFERENCES \(SQLText.identifier(schema, referencedTable)) (\(SQLText.list(referencedColumns)))
                    """)
            }
        }
        return out
    }

    /// Why the foreign key cannot be; nil where it can.
    private static func obstacle(
        from table: TableDefinition, _ columns: [String], to referenced: TableDefinition?, _ referencedColumns: [String]
    ) -> String? {
        guard let referenced else { return "is no table of the document" }
        let uniques = referenced.constraints.compactMap { if case .unique(_, let columns) = $0 { columns } else { nil } }
        let wanted = Set(referencedColumns)
        guard ([referenced.primaryKey] + uniques).contains(where: { $0.count == wanted.count && Set($0) == wanted }) else {
            return "has no unique key on (\(referencedColumns.joined(separator: ", ")))"
        }
        for (name, referencedName) in zip(columns, referencedColumns) {
            guard let type = table[column: name]?.datatype.columnType, let other = referenced[column: referencedName]?.datatype.columnType,
                type == other || (type.isNumeric && other.isNumeric)
            else { return "has \(referencedName) of a type that \(name) cannot be compared with" }
        }
        return nil
    }
}
