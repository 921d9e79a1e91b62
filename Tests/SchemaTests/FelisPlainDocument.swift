import Schema

/// A document in the plain form that PyYAML's reading has too.
struct FelisPlainDocument: Codable, Equatable {
    struct Column: Codable, Equatable {
        var name: String
        var datatype: String
        var length: Int?
        var precision: Int?
        var nullable: Bool
        var value: String?
        var autoincrement: Bool
        var description: String?
        var unit: String?
        var ucd: String?
        var principal: Bool
        var columnIndex: Int?
    }

    struct Table: Codable, Equatable {
        var name: String
        var description: String?
        var tableIndex: Int?
        var primaryKey: [String]
        /// name, then columns, then expressions.
        var indexes: [[String]]
        /// kind, name, then the rest as text.
        var constraints: [[String]]
        var columns: [Column]
    }

    var name: String
    var version: String?
    var description: String?
    var tables: [Table]

    init(_ document: SchemaDocument) {
        name = document.name
        version = document.version?.description
        description = document.description
        tables = document.tables.map { table in
            Table(
                name: table.name, description: table.description, tableIndex: table.tapTableIndex, primaryKey: table.primaryKey,
                indexes: table.indexes.map { [$0.name] + $0.columns + $0.expressions },
                constraints: table.constraints.map(Self.words), columns: table.columns.map(Self.column))
        }
    }

    private static func words(_ constraint: ConstraintDefinition) -> [String] {
        switch constraint {
        case .unique(let name, let columns): ["Unique", name] + columns
        case .check(let name, let expression): ["Check", name, expression]
        case .foreignKey(let name, let columns, let table, let others): ["ForeignKey", name] + columns + others.map { "\(table).\($0)" }
        }
    }

    private static func column(_ column: ColumnDefinition) -> Column {
        let value: String? =
            switch column.defaultValue {
            case nil: nil
            case .integer(let number): "int \(number)"
            case .real(let number): "float \(number)"
            case .boolean(let flag): "bool \(flag)"
            case .text(let text): "str \(text)"
            }
        return Column(
            name: column.name, datatype: column.datatype.rawValue, length: column.length, precision: column.precision,
            nullable: column.isNullable, value: value, autoincrement: column.isAutoincrement, description: column.description,
            unit: column.unit, ucd: column.ucd, principal: column.isTapPrincipal, columnIndex: column.tapColumnIndex)
    }

    /// Reads documents with PyYAML; arguments: the document whose columns are imported, then the documents. Prints a JSON list.
    static let script = """
        import json, sys, yaml
        load = lambda path: yaml.load(open(path, encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        imported = load(sys.argv[1])

        def text(value):
            return None if value is None else str(value).strip()

        def column(c):
            value = c.get("value")
            return dict(name=c["name"], datatype=c["datatype"], length=c.get("length"), precision=c.get("precision"),
                nullable=c.get("nullable", True), value=None if value is None else type(value).__name__ + " " + str(value),
                autoincrement=bool(c.get("autoincrement", False)), description=text(c.get("description", c.get("deescription"))),
                unit=text(c.get("fits:tunit", c.get("ivoa:unit"))), ucd=text(c.get("ivoa:ucd")),
                principal=bool(c.get("tap:principal", 0)), columnIndex=c.get("tap:column_index"))

        def document(d):
            owner = {}
            for t in d["tables"]:
                for c in t.get("columns", []):
                    owner[c.get("@id", "#" + t["name"] + "." + c["name"])] = (t["name"], c["name"])
                for tables in t.get("columnRefs", {}).values():
                    for names in tables.values():
                        for n in names:
                            owner["#" + t["name"] + "." + n] = (t["name"], n)
            own = lambda keys: [owner[k][1] for k in ([keys] if isinstance(keys, str) else keys or [])]

            def constraint(k):
                if k["@type"] == "Check":
                    return ["Check", k["name"], k["expression"]]
                return [k["@type"], k["name"]] + own(k["columns"]) + [".".join(owner[r]) for r in k.get("referencedColumns", [])]

            def columns(t):
                out = [column(c) for c in t.get("columns", [])]
                for tables in t.get("columnRefs", {}).values():
                    for source, names in tables.items():
                        known = {c["name"]: c for s in imported["tables"] if s["name"] == source for c in s["columns"]}
                        for name, override in names.items():
                            out.append(column({**known[name], **(override or {})}))
                return out

            version = d.get("version")
            return dict(name=d["name"], version=version["current"] if isinstance(version, dict) else version,
                description=text(d.get("description")),
                tables=[dict(name=t["name"], description=text(t.get("description", t.get("deescription"))),
                    tableIndex=t.get("tap:table_index"), primaryKey=own(t.get("primaryKey")),
                    indexes=[[i["name"]] + own(i.get("columns")) + i.get("expressions", []) for i in t.get("indexes", [])],
                    constraints=[constraint(k) for k in t.get("constraints", [])], columns=columns(t)) for t in d["tables"]])

        print(json.dumps([document(load(path)) for path in sys.argv[2:]]))
        """

    static func readByPyYAML(_ paths: [String]) throws -> [FelisPlainDocument] {
        try FelisTestDocuments.json([Self].self, script: script, arguments: [FelisTestDocuments.newest] + paths)
    }
}
