/// The steps from one schema document to another.
///
/// A plan keeps every value that the newer document has a column for, under whatever name (`RenameMap`). Renames are resolved through all
/// generations at once, so that going document by document and going at one stroke give the same rows.
public struct MigrationPlan: Sendable, Equatable {
    public var steps: [MigrationStep]

    public init(steps: [MigrationStep]) { self.steps = steps }

    /// Plans the way from `from` to `to`. Indexes and constraints other than primary keys are left to the schema's difference.
    public init(from: SchemaDocument, to: SchemaDocument, options: MigrationOptions = .init()) {
        var before: [MigrationStep] = []
        var after: [MigrationStep] = []
        var drops: [MigrationStep] = []
        for new in to.tables {
            guard let old = from[table: new.name] else {
                before.append(.createTable(new))
                continue
            }
            let changes = TableChanges(from: old, to: new, document: (from, to), options: options)
            before += changes.conversions
            after += changes.lookups + changes.completions
            drops += changes.drops
        }
        drops += from.tables.filter { to[table: $0.name] == nil }.map { .dropTable($0.name) }
        steps = before + after + drops
    }

    /// Columns whose values are lost, as "table.column", and lost tables as "table".
    public var losses: [String] {
        steps.compactMap {
            switch $0 {
            case .dropTable(let table): table
            case .dropColumn(let table, let column, true): "\(table).\(column)"
            default: nil
            }
        }
    }
}

/// The steps within one table.
private struct TableChanges {
    /// Renames, new types and values from columns of the same row.
    var conversions: [MigrationStep] = []
    /// Values from other tables, when all tables have their new columns.
    var lookups: [MigrationStep] = []
    /// Values for the nulls that are left, and the constraints.
    var completions: [MigrationStep] = []
    var drops: [MigrationStep] = []

    private let old: TableDefinition
    private let new: TableDefinition
    private let options: MigrationOptions
    private var used: Set<String> = []

    init(from old: TableDefinition, to new: TableDefinition, document: (SchemaDocument, SchemaDocument), options: MigrationOptions) {
        self.old = old
        self.new = new
        self.options = options
        for column in new.columns {
            if let source = old[column: column.name] {
                keep(source, column, factor: nil)
            } else if let (source, factor) = ancestor(of: column) {
                keep(source, column, factor: factor)
            } else {
                add(column, lookupsFrom: document)
            }
            if split[column.name] != nil, let id = old[column: "ccdVisitId"], new[column: id.name] == nil { fillFromCcdVisitId(column) }
        }
        let sameKey = old.primaryKey == new.primaryKey || renamedKey() == new.primaryKey
        if !sameKey {
            if !old.primaryKey.isEmpty { conversions.insert(.dropPrimaryKey(table: new.name), at: 0) }
            if !new.primaryKey.isEmpty { completions.append(.addPrimaryKey(table: new.name, columns: new.primaryKey)) }
        }
        // A renamed column is gone already; a converted one is dropped, its values being elsewhere.
        let names = Set(new.columns.map(\.name))
        for column in old.columns where !names.contains(column.name) && !renamed.contains(column.name) {
            drops.append(.dropColumn(table: new.name, column: column.name, isLoss: !used.contains(column.name)))
        }
    }

    private var renamed: Set<String> = []
    private var newNames: [String: String] = [:]
    private let split = ["visit": true, "detector": false]

    private func renamedKey() -> [String] { old.primaryKey.map { newNames[$0] ?? $0 } }

    private func ancestor(of column: ColumnDefinition) -> (ColumnDefinition, Double?)? {
        for candidate in options.renames.ancestors(of: column.name, table: new.name) {
            // A column that the newer document still has is not the older name of another.
            if let found = old[column: candidate.name], new[column: candidate.name] == nil { return (found, candidate.factor) }
        }
        return nil
    }

    private mutating func keep(_ source: ColumnDefinition, _ column: ColumnDefinition, factor: Double?) {
        used.insert(source.name)
        if source.datatype == .timestamp && column.datatype == .double {
            var nullable = column
            nullable.isNullable = true
            conversions.append(.addColumn(table: new.name, nullable))
            conversions.append(
                .compute(table: new.name, column: column.name, .mjdTai(from: source.name, scale: options.timeScale)))
            complete(column, wasNullable: source.isNullable, isNew: true)
            return
        }
        if source.name != column.name {
            conversions.append(.renameColumn(table: new.name, from: source.name, to: column.name))
            renamed.insert(source.name)
            newNames[source.name] = column.name
        }
        let sameText = !source.datatype.hasLength || source.length == column.length
        if source.datatype != column.datatype || !sameText {
            var named = source
            named.name = column.name
            conversions.append(.changeType(table: new.name, from: named, to: column))
        }
        if let scale = factor ?? unitFactor(source, column), scale != 1 {
            conversions.append(.compute(table: new.name, column: column.name, .scaled(scale)))
        }
        if !source.isNullable && column.isNullable { conversions.append(.dropNotNull(table: new.name, column: column.name)) }
        if source.isNullable && !column.isNullable { complete(column, wasNullable: true, isNew: false) }
        if source.defaultValue != column.defaultValue { completions.append(.setDefault(table: new.name, column: column)) }
    }

    private func unitFactor(_ source: ColumnDefinition, _ column: ColumnDefinition) -> Double? {
        guard let from = source.unit, let to = column.unit, from != to, column.datatype.columnType.isFloatingPoint else { return nil }
        guard !RenameMap.misstatedUnits.contains(column.name) else { return nil }
        return UnitConversion.factor(from: from, to: to)
    }

    private mutating func add(_ column: ColumnDefinition, lookupsFrom document: (SchemaDocument, SchemaDocument)) {
        var nullable = column
        nullable.isNullable = true
        conversions.append(.addColumn(table: new.name, nullable))
        if new.name == "DiaSource", let bit = options.flagBits[column.name], old[column: "flags"] != nil, new[column: "flags"] == nil {
            used.insert("flags")
            conversions.append(.compute(table: new.name, column: column.name, .bit(word: "flags", bit: bit)))
        }
        if !column.isNullable, let table = Self.lookups["\(new.name).\(column.name)"],
            document.0[table: table] != nil, document.1[table: table]?[column: column.name] != nil
        {
            lookups.append(
                .compute(
                    table: new.name, column: column.name, .greatest(table: table, key: "diaObjectId", column: column.name)))
        }
        complete(column, wasNullable: true, isNew: true)
    }

    /// New columns that may not be null and that another table has for the same object.
    private static let lookups = [
        "DiaForcedSource.ra": "DiaObjectLast", "DiaForcedSource.dec": "DiaObjectLast", "DiaObjectLast.nDiaSources": "DiaObject",
        "DiaObjectLast.validityStartMjdTai": "DiaObject",
    ]

    private mutating func fillFromCcdVisitId(_ column: ColumnDefinition) {
        used.insert("ccdVisitId")
        let computation: MigrationStep.Computation =
            split[column.name]!
            ? .quotient(of: "ccdVisitId", by: options.ccdVisitIdFactor) : .remainder(of: "ccdVisitId", by: options.ccdVisitIdFactor)
        conversions.append(.compute(table: new.name, column: column.name, computation))
    }

    private mutating func complete(_ column: ColumnDefinition, wasNullable: Bool, isNew: Bool) {
        if !column.isNullable {
            if wasNullable {
                completions.append(.fillNulls(table: new.name, column: column, value: unknown(column)))
            }
            completions.append(.setNotNull(table: new.name, column: column.name))
        }
        if isNew && column.defaultValue != nil { completions.append(.setDefault(table: new.name, column: column)) }
    }

    /// What stands for an unknown value where null may not: the document's default, 0 for counts, NaN, an empty text.
    private func unknown(_ column: ColumnDefinition) -> DefaultValue {
        if column.datatype == .timestamp { return .integer(options.unknownTimeMicroseconds) }
        if column.name == "timeProcessedMjdTai" {
            return .real(ModifiedJulianDate.tai(microseconds: options.unknownTimeMicroseconds, scale: options.timeScale))
        }
        if let value = column.defaultValue { return value }
        return switch column.datatype.columnType {
        case .bool: .boolean(false)
        case .float, .double: .real(.nan)
        case .string, .binary: .text("")
        case .int16, .int32, .int64, .timestamp: .integer(0)
        }
    }
}

extension FelisType {
    /// Whether a length is part of the type in PostgreSQL; `text` and `binary` have none there.
    var hasLength: Bool { self == .char || self == .string || self == .unicode }
}
