import Yams

/// One column of a document as Felis writes it.
enum FelisColumn {
    static func read(_ item: FelisNode, table: String) throws -> ColumnDefinition {
        let name = try item.named("a column of table \(table)").requiredName()
        let node = item.named("column \(name) of table \(table)")
        var column = ColumnDefinition(name, try datatype(node, table: table, column: name))
        column.length = try length(node)
        column.precision = try node.integer("precision")
        column.isNullable = try node.flag("nullable") ?? true
        column.isAutoincrement = try node.flag("autoincrement") ?? false
        column.defaultValue = try defaultValue(node, of: column.datatype)
        column.description = try description(of: node)
        column.unit = try unit(node)
        column.ucd = try node.text("ivoa:ucd")
        column.isTapPrincipal = try node.flag("tap:principal") ?? false
        column.tapColumnIndex = try node.integer("tap:column_index")
        return column
    }

    /// What a reference to a column of another document may say otherwise than that document.
    static func override(_ column: inout ColumnDefinition, by node: FelisNode, table: String) throws {
        if node.has("name") { column.name = try node.requiredName() }
        if node.has("datatype") { column.datatype = try datatype(node, table: table, column: column.name) }
        if node.has("length") { column.length = try length(node) }
        if let nullable = try node.flag("nullable") { column.isNullable = nullable }
        if node.has("description") { column.description = try node.text("description") }
        if node.has("fits:tunit") || node.has("ivoa:unit") { column.unit = try unit(node) }
        if node.has("ivoa:ucd") { column.ucd = try node.text("ivoa:ucd") }
        if let principal = try node.flag("tap:principal") { column.isTapPrincipal = principal }
        if node.has("tap:column_index") { column.tapColumnIndex = try node.integer("tap:column_index") }
    }

    private static func datatype(_ node: FelisNode, table: String, column: String) throws -> FelisType {
        let text = try node.requiredText("datatype")
        guard let datatype = FelisType(rawValue: text) else {
            throw SchemaError.unknownDatatype(
                path: node.file, line: node["datatype"]?.line ?? node.line, table: table, column: column, datatype: text)
        }
        return datatype
    }

    private static func length(_ node: FelisNode) throws -> Int? {
        guard let length = try node.integer("length") else { return nil }
        guard length > 0 else { throw node.wrong("length", "is \(length); write a length above 0") }
        return length
    }

    private static func unit(_ node: FelisNode) throws -> String? {
        let fits = try node.text("fits:tunit")
        let ivoa = try node.text("ivoa:unit")
        if let fits, let ivoa, fits != ivoa { throw node.wrong("ivoa:unit", "is \(ivoa) while fits:tunit is \(fits); keep one") }
        return fits ?? ivoa
    }

    private static func defaultValue(_ node: FelisNode, of datatype: FelisType) throws -> DefaultValue? {
        guard let value = node["value"] else { return nil }
        guard let scalar = value.node.scalar else { throw node.wrong("value", "must be one value") }
        let text = scalar.string
        if datatype.columnType.isNumeric && Double(text) == nil && value.node.bool == nil {
            throw node.wrong("value", "is \(text), which is no \(datatype.rawValue); write a number")
        }
        let tag = value.node.tag
        if tag == Tag(.int), let number = value.node.int { return .integer(Int64(number)) }
        if tag == Tag(.float), let number = value.node.float { return .real(number) }
        if tag == Tag(.bool), let flag = value.node.bool { return .boolean(flag) }
        return .text(text)
    }
}
