/// Columns that a table takes from other documents:
///
///     resources: {apdb: {uri: apdb.yaml}}
///     tables:
///     - name: DiaSource
///       columnRefs: {apdb: {DiaSource: {diaSourceId: , flux: {ref_name: psfFlux, overrides: {nullable: false}}}}}
///
/// The key is the column's name here, and there where `ref_name` says nothing else. Overrides may stand beside `ref_name` too.
struct FelisColumnImports {
    private var documents: [String: SchemaDocument] = [:]

    /// - Parameter resource: reads the document of a uri; the line is where it is asked for.
    init(root: FelisNode, resource: (_ uri: String, _ line: Int) throws -> SchemaDocument) throws {
        for (name, entry) in try root.mapping("resources") {
            documents[name] = try resource(try entry.named("resource \(name)").requiredText("uri"), entry.line)
        }
    }

    func columns(of node: FelisNode, table: String) throws -> [(column: ColumnDefinition, line: Int)] {
        var columns: [(column: ColumnDefinition, line: Int)] = []
        for (name, value) in try node.mapping("columnRefs") {
            guard let source = documents[name] else {
                throw SchemaError.unknownResource(path: node.file, line: value.line, resource: name, reason: "resources does not name it")
            }
            for (sourceTable, references) in try entries(of: value, named: name) {
                guard let definition = source[table: sourceTable] else {
                    throw SchemaError.unknownResource(
                        path: node.file, line: references.line, resource: name, reason: "it has no table \(sourceTable)")
                }
                for (local, reference) in try entries(of: references, named: sourceTable) {
                    columns.append((try column(local, reference, from: definition, table: table), reference.line))
                }
            }
        }
        return columns
    }

    private func entries(of node: FelisNode, named name: String) throws -> [(key: String, value: FelisNode)] {
        guard let pairs = node.pairs else {
            throw SchemaError.wrongValue(
                path: node.file, line: node.line, place: node.place, key: "columnRefs", reason: "must have a mapping under \(name)")
        }
        return pairs
    }

    private func column(
        _ local: String, _ reference: FelisNode, from definition: TableDefinition, table: String
    ) throws -> ColumnDefinition {
        let node = reference.named("column \(local) of table \(table)")
        let wanted = try node.text("ref_name") ?? local
        guard var column = definition[column: wanted] else {
            throw SchemaError.unknownColumn(
                path: node.file, line: node.line, table: table, usedBy: "columnRefs", column: "\(definition.name).\(wanted)")
        }
        column.name = local
        try FelisColumn.override(&column, by: node, table: table)
        if let overrides = node["overrides"] { try FelisColumn.override(&column, by: overrides, table: table) }
        return column
    }
}
