import Columns

/// What changed between two schema documents. Descriptions, UCDs and TAP's indices are not compared: they do not touch the data.
///
///     print(SchemaDifference(from: old, to: new).text)
public struct SchemaDifference: Sendable, Equatable {
    /// Dropped tables first, then table by table in the new document's order.
    public var changes: [SchemaChange]

    /// - Parameter renames: table to old column name to new column name: these columns count as one column with two names. An entry
    ///   whose old name is not in the old table, or new name not in the new one, is ignored.
    public init(from old: SchemaDocument, to new: SchemaDocument, renames: [String: [String: String]] = [:]) {
        changes = old.tables.filter { new[table: $0.name] == nil }.map {
            SchemaChange(.tableDropped, table: $0.name, old: "\($0.columns.count) columns")
        }
        for table in new.tables {
            if let before = old[table: table.name] {
                changes += TableDifference(from: before, to: table, renames: renames[table.name] ?? [:]).changes()
            } else {
                changes.append(SchemaChange(.tableAdded, table: table.name, new: "\(table.columns.count) columns"))
            }
        }
    }

    public var isEmpty: Bool { changes.isEmpty }

    /// A line for each change; empty where there is none.
    public var text: String { changes.map { $0.text + "\n" }.joined() }

    /// A row for each change: change (the kind's name), table, column (or index, constraint; null for the table itself), old and new
    /// (null where there is nothing), all text.
    public var rows: Table {
        func column(_ name: String, _ values: [String?]) -> Column {
            let missing = values.contains { $0 == nil }
            return Column(name, .string(ByteStrings(values.map { $0 ?? "" })), validity: missing ? Validity(values.map { $0 != nil }) : nil)
        }
        return Table([
            column("change", changes.map(\.kind.rawValue)), column("table", changes.map(\.table)), column("column", changes.map(\.item)),
            column("old", changes.map(\.old)), column("new", changes.map(\.new)),
        ])
    }
}
