import Columns

/// Turns a pipeline's catalog into rows of a table: names, types, units. One translator for every door.
public struct Translator: Sendable {
    public let target: TableDefinition
    public let map: TranslationMap?
    /// Columns that are filled later and may be absent although the schema demands them.
    public var filledLater: Set<String>

    public init(target: TableDefinition, map: TranslationMap? = nil, filledLater: Set<String> = []) throws {
        self.target = target
        self.map = map
        self.filledLater = filledLater
        if let map {
            guard map.table == target.name else {
                throw TranslationError.badMap(file: map.source, line: nil, reason: "it is for the table \(map.table), not for \(target.name)")
            }
            if let unknown = map.rules.keys.sorted().first(where: { target[column: $0] == nil }) {
                throw TranslationError.badMap(file: map.source, line: nil, reason: "\(target.name) has no column \(unknown)")
            }
        }
    }

    /// What became of a file's columns.
    public struct Report: Sendable, Equatable {
        /// Target column and where it came from.
        public var used: [String: String] = [:]
        /// Columns of the file that the table has no place for.
        public var dropped: [String] = []
        /// Columns of the table that the file does not fill.
        public var missing: [String] = []
    }

    /// Rows with the target's columns and types, as many as the file can fill. Columns without a source are left out.
    ///
    /// - Parameter file: the file's name, for messages.
    /// - Throws: `TranslationError`
    public func translate(_ table: Table, file: String) throws -> (rows: Table, report: Report) {
        var report = Report()
        var columns: [Column] = []
        var used: Set<String> = []
        let renamed = Dictionary(
            table.columnNames.compactMap { old in RenameMap.newName(of: old, in: target.name).map { ($0, old) } }, uniquingKeysWith: { first, _ in first })
        for definition in target.columns {
            let rule = map?.rules[definition.name]
            let source = rule?.from ?? (rule == nil ? (table[definition.name] != nil ? definition.name : renamed[definition.name]) : nil)
            var column: Column?
            if let rule {
                column = try RuleApplication(rule: rule, definition: definition, table: table, file: file).column()
                used.formUnion([rule.from, rule.magnitude?.magnitude, rule.magnitude?.error, rule.magnitude?.positive].compactMap { $0 })
            } else if let source, let found = table[source] {
                column = found
                used.insert(source)
            }
            guard let taken = column else {
                report.missing.append(definition.name)
                if !definition.isNullable, definition.defaultValue == nil, !filledLater.contains(definition.name) {
                    throw TranslationError.missingColumn(file: file, column: definition.name, table: target.name)
                }
                continue
            }
            report.used[definition.name] = source ?? "map"
            var converted = try ColumnConversion(definition: definition, file: file, column: source ?? definition.name).convert(taken)
            converted.unit = definition.unit ?? taken.unit
            columns.append(converted)
        }
        report.dropped = table.columnNames.filter { !used.contains($0) }
        return (columns.isEmpty ? Table() : Table(columns), report)
    }
}
