/// Builds the document of a YAML tree: first all tables with their columns, then what refers to columns.
struct FelisDocumentBuilder {
    let root: FelisNode
    let imports: FelisColumnImports

    func document() throws -> SchemaDocument {
        let name = try root.requiredText("name")
        var references = FelisReferences()
        var tables: [(node: FelisNode, table: TableDefinition)] = []
        for item in try root.list("tables") {
            let (node, table) = try table(item, references: &references)
            guard !tables.contains(where: { $0.table.name == table.name }) else {
                throw SchemaError.duplicateTable(path: root.file, line: node.line, table: table.name)
            }
            tables.append((node, table))
        }
        for i in tables.indices { try references.complete(&tables[i].table, from: tables[i].node) }
        return SchemaDocument(name: name, version: try version(), description: try description(of: root), tables: tables.map(\.table))
    }

    private func version() throws -> SchemaVersion? {
        guard let value = root["version"] else { return nil }
        let text = value.node.mapping == nil ? try root.text("version") : try value.requiredText("current")
        guard let version = SchemaVersion(text ?? "") else { throw root.wrong("version", "is \(text ?? "empty"); write it as 10.0.0") }
        return version
    }

    private func table(_ item: FelisNode, references: inout FelisReferences) throws -> (FelisNode, TableDefinition) {
        let name = try item.named("a table").requiredName()
        let node = item.named("table \(name)")
        var columns: [ColumnDefinition] = []
        var seen: Set<String> = []
        func add(_ column: ColumnDefinition, line: Int) throws {
            guard seen.insert(column.name).inserted else {
                throw SchemaError.duplicateColumn(path: root.file, line: line, table: name, column: column.name)
            }
            columns.append(column)
        }
        for item in try node.list("columns") {
            let column = try FelisColumn.read(item, table: name)
            try add(column, line: item.line)
            references.add(table: name, column: column.name, id: try item.text("@id"))
        }
        for (column, line) in try imports.columns(of: node, table: name) {
            try add(column, line: line)
            references.add(table: name, column: column.name, id: nil)
        }
        let table = TableDefinition(
            name: name, description: try description(of: node), columns: columns, tapTableIndex: try node.integer("tap:table_index"))
        return (node, table)
    }
}

/// The description; `deescription` is a misspelling of documents up to 2023.
func description(of node: FelisNode) throws -> String? { try node.text("description") ?? node.text("deescription") }
