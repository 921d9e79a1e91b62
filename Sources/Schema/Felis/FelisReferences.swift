/// Resolves "#Table.column" references of keys, indexes and constraints: by `@id` where columns have one, else by table and name.
struct FelisReferences {
    private struct Target: Hashable {
        var table: String
        var column: String
    }

    private var targets: [String: [Target]] = [:]

    mutating func add(table: String, column: String, id: String?) {
        let target = Target(table: table, column: column)
        for key in Set([id ?? "", "#\(table).\(column)"]) where !key.isEmpty { targets[key, default: []].append(target) }
    }

    /// Adds what refers to columns: primary key, indexes and constraints.
    func complete(_ table: inout TableDefinition, from node: FelisNode) throws {
        table.primaryKey = try columns(node.texts("primaryKey"), of: table.name, usedBy: "primaryKey", at: node["primaryKey"] ?? node)
        for item in try node.list("indexes") {
            let item = item.named("an index of table \(table.name)")
            let name = try item.requiredText("name")
            let expressions = try item.texts("expressions")
            let columns = try columns(item.texts("columns"), of: table.name, usedBy: "index \(name)", at: item["columns"] ?? item)
            guard columns.isEmpty != expressions.isEmpty else {
                throw SchemaError.wrongValue(
                    path: node.file, line: item.line, place: "table \(table.name)", key: "index \(name)",
                    reason: "must have either columns or expressions")
            }
            table.indexes.append(IndexDefinition(name: name, columns: columns, expressions: expressions))
        }
        for item in try node.list("constraints") {
            table.constraints.append(try constraint(item.named("a constraint of table \(table.name)"), of: table.name))
        }
    }

    private func constraint(_ node: FelisNode, of table: String) throws -> ConstraintDefinition {
        let name = try node.requiredText("name")
        let node = node.named("constraint \(name) of table \(table)")
        let type = try node.requiredText("@type")
        func own() throws -> [String] {
            let names = try node.texts("columns")
            guard !names.isEmpty else { throw SchemaError.missingKey(path: node.file, line: node.line, place: node.place, key: "columns") }
            return try columns(names, of: table, usedBy: "constraint \(name)", at: node["columns"] ?? node)
        }
        switch type {
        case "Unique": return .unique(name: name, columns: try own())
        case "Check": return .check(name: name, expression: try node.requiredText("expression"))
        case "ForeignKey":
            let columns = try own()
            let found = try node.texts("referencedColumns").map {
                try target($0, preferring: nil, of: table, usedBy: "constraint \(name)", at: node)
            }
            guard found.count == columns.count, Set(found.map(\.table)).count == 1 else {
                throw node.wrong("referencedColumns", "must name as many columns as columns does, all of one table")
            }
            return .foreignKey(name: name, columns: columns, referencedTable: found[0].table, referencedColumns: found.map(\.column))
        default: throw node.wrong("@type", "is \(type); use ForeignKey, Unique or Check")
        }
    }

    private func columns(_ references: [String], of table: String, usedBy: String, at node: FelisNode) throws -> [String] {
        try references.map { reference in
            let found = try target(reference, preferring: table, of: table, usedBy: usedBy, at: node)
            guard found.table == table else {
                throw SchemaError.unknownColumn(path: node.file, line: node.line, table: table, usedBy: usedBy, column: reference)
            }
            return found.column
        }
    }

    private func target(
        _ reference: String, preferring preferred: String?, of table: String, usedBy: String, at node: FelisNode
    ) throws -> Target {
        let found = targets[reference] ?? []
        // Documents that were copied together may give one @id to two columns: the table's own counts.
        guard let target = found.first(where: { $0.table == preferred }) ?? found.first else {
            throw SchemaError.unknownColumn(path: node.file, line: node.line, table: table, usedBy: usedBy, column: reference)
        }
        return target
    }
}
