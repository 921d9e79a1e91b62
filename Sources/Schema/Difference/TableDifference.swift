/// What changed in one table that both documents have.
struct TableDifference {
    private let old: TableDefinition
    private let new: TableDefinition
    /// Old name to new name of renamed columns.
    private let renames: [String: String]

    init(from old: TableDefinition, to new: TableDefinition, renames: [String: String]) {
        self.old = old
        self.new = new
        self.renames = renames.filter { old[column: $0.key] != nil && new[column: $0.value] != nil && $0.key != $0.value }
    }

    func changes() -> [SchemaChange] { columnChanges() + keyChanges() + indexChanges() + constraintChanges() }

    private func newName(_ name: String) -> String { renames[name] ?? name }

    private func columnChanges() -> [SchemaChange] {
        let before = Dictionary(old.columns.map { (newName($0.name), $0) }, uniquingKeysWith: { first, _ in first })
        let kept = Set(new.columns.map(\.name))
        var changes = old.columns.filter { !kept.contains(newName($0.name)) }.map {
            SchemaChange(.columnDropped, table: new.name, item: $0.name, old: summary($0))
        }
        for column in new.columns {
            if let was = before[column.name] {
                changes += propertyChanges(from: was, to: column)
            } else {
                changes.append(SchemaChange(.columnAdded, table: new.name, item: column.name, new: summary(column)))
            }
        }
        return changes
    }

    private func propertyChanges(from a: ColumnDefinition, to b: ColumnDefinition) -> [SchemaChange] {
        let properties: [(SchemaChange.Kind, String?, String?)] = [
            (.columnRenamed, a.name, b.name),
            (.datatypeChanged, a.datatype.rawValue, b.datatype.rawValue),
            (.lengthChanged, a.length.map(String.init), b.length.map(String.init)),
            (.precisionChanged, a.precision.map(String.init), b.precision.map(String.init)),
            (.nullableChanged, "\(a.isNullable)", "\(b.isNullable)"),
            (.defaultChanged, a.defaultValue.map(text), b.defaultValue.map(text)),
            (.autoincrementChanged, "\(a.isAutoincrement)", "\(b.isAutoincrement)"),
            (.unitChanged, a.unit, b.unit),
        ]
        return properties.filter { $0.1 != $0.2 }.map { SchemaChange($0.0, table: new.name, item: b.name, old: $0.1, new: $0.2) }
    }

    private func keyChanges() -> [SchemaChange] {
        guard old.primaryKey.map(newName) != new.primaryKey else { return [] }
        func text(_ key: [String]) -> String? { key.isEmpty ? nil : list(key) }
        return [SchemaChange(.primaryKeyChanged, table: new.name, old: text(old.primaryKey), new: text(new.primaryKey))]
    }

    private func indexChanges() -> [SchemaChange] {
        named(
            old.indexes.map { ($0.name, list($0.columns.map(newName) + $0.expressions)) },
            new.indexes.map { ($0.name, list($0.columns + $0.expressions)) },
            kinds: (.indexAdded, .indexDropped, .indexChanged))
    }

    private func constraintChanges() -> [SchemaChange] {
        named(
            old.constraints.map { describe($0, rename: newName) }, new.constraints.map { describe($0, rename: { $0 }) },
            kinds: (.constraintAdded, .constraintDropped, .constraintChanged))
    }

    private func named(
        _ before: [(String, String)], _ after: [(String, String)],
        kinds: (added: SchemaChange.Kind, dropped: SchemaChange.Kind, changed: SchemaChange.Kind)
    ) -> [SchemaChange] {
        var changes: [SchemaChange] = []
        for (name, text) in before where !after.contains(where: { $0.0 == name }) {
            changes.append(SchemaChange(kinds.dropped, table: new.name, item: name, old: text))
        }
        for (name, text) in after {
            guard let was = before.first(where: { $0.0 == name })?.1 else {
                changes.append(SchemaChange(kinds.added, table: new.name, item: name, new: text))
                continue
            }
            if was != text { changes.append(SchemaChange(kinds.changed, table: new.name, item: name, old: was, new: text)) }
        }
        return changes
    }

    private func describe(_ constraint: ConstraintDefinition, rename: (String) -> String) -> (String, String) {
        switch constraint {
        case .unique(let name, let columns): (name, "unique \(list(columns.map(rename)))")
        case .check(let name, let expression): (name, "check (\(expression))")
        case .foreignKey(let name, let columns, let table, let referenced):
            (name, "foreign key \(list(columns.map(rename))) to \(table) \(list(referenced))")
        }
    }

    private func summary(_ column: ColumnDefinition) -> String {
        let type = column.datatype.rawValue + (column.length.map { "(\($0))" } ?? "")
        return type + (column.isNullable ? "" : " not null") + (column.unit.map { ", \($0)" } ?? "")
    }

    private func list(_ names: [String]) -> String { "(\(names.joined(separator: ", ")))" }

    private func text(_ value: DefaultValue) -> String {
        switch value {
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .text(let text): text
        }
    }
}
