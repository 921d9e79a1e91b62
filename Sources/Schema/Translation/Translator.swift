import Columns
import Foundation

/// What a translation did with the columns, by target name unless it says otherwise.
public struct TranslationReport: Sendable, Equatable {
    /// The file's columns that gave each target column.
    public var used: [String: [String]] = [:]
    /// The file's columns that the target does not have.
    public var dropped: [String] = []
    /// Target columns made of defaults, constants or nulls.
    public var filled: [String] = []
    /// Target columns whose type or values changed.
    public var converted: [String] = []
}

/// Makes rows of a table of a schema document from a file's columns; the one way for data of every door.
public struct Translator: Sendable {
    public let map: TranslationMap?
    public let target: TableDefinition
    /// The bands allowed in column `band`; nil leaves them unchecked.
    public let bands: Set<String>?
    /// The clock of timestamps that become MJD TAI without a rule.
    public let timeScale: TimeScale
    /// Older names that stand for target columns.
    public let renames: RenameMap

    /// Rules of the map for columns that the target does not have are left aside, so that one map serves several documents.
    /// - Throws: `TranslationError.wrongTable`.
    public init(
        map: TranslationMap?, target: TableDefinition, bands: Set<String>? = nil, timeScale: TimeScale = .utc,
        renames: RenameMap = .builtIn
    ) throws {
        if let map, let table = map.table, table != target.name {
            throw TranslationError.wrongTable(map: map.file, table: table, target: target.name)
        }
        self.map = map
        self.target = target
        self.bands = bands
        self.timeScale = timeScale
        self.renames = renames
    }

    /// The target's columns that the table gives, in the target's order and types. Nullable columns that the file lacks are left out.
    public func translate(_ table: Table, source: String) throws -> Table { try translateReporting(table, source: source).table }

    /// As `translate`, with the account of what became of each column.
    public func translateReporting(_ table: Table, source: String) throws -> (table: Table, report: TranslationReport) {
        let conversion = ColumnConversion(file: source, timeScale: timeScale)
        var report = TranslationReport()
        var out: [Column] = []
        var taken: Set<String> = []
        for definition in target.columns {
            guard let (column, names) = try make(definition, table, source) else {
                guard definition.isNullable || definition.isAutoincrement else {
                    throw TranslationError.missingColumn(file: source, column: definition.name, source: nil)
                }
                continue
            }
            let made = try conversion.convert(column, to: definition)
            if names.isEmpty { report.filled.append(definition.name) } else { report.used[definition.name] = names }
            if let first = names.first, made.type != table[first]?.type || changes(definition, table, first) {
                report.converted.append(definition.name)
            }
            taken.formUnion(names)
            out.append(made)
        }
        report.dropped = table.columnNames.filter { !taken.contains($0) }
        let result = Table(out)
        if let bands { try Self.validateBands(result, allowed: bands, source: source) }
        return (result, report)
    }

    /// Throws `TranslationError.band` at the first row of column `band` outside of those allowed; nulls pass.
    public static func validateBands(_ table: Table, allowed: Set<String>, source: String) throws {
        guard let column = table["band"], let values = column.strings else { return }
        for row in 0..<column.count where !column.isNull(row) && !allowed.contains(values[row]) {
            throw TranslationError.band(file: source, row: row + 1, value: values[row], allowed: allowed.sorted())
        }
    }

    /// The column before its conversion to the target's type, and the file's columns that it was made of.
    private func make(
        _ definition: ColumnDefinition, _ table: Table, _ file: String
    ) throws -> (Column, [String])? {
        let name = definition.name
        guard let rule = map?.columns[name] else {
            if let flags = map?.flagMap, let bit = flags.bits[name], table[name] == nil, let word = table[flags.word] {
                return (try RuleSteps(file: file, target: name).bit(word, bit), [flags.word])
            }
            guard map?.matchesByName ?? true else { return nil }
            return byName(definition, table)
        }
        let steps = RuleSteps(file: file, target: name)
        var made: (Column, [String])?
        switch rule.source {
        case .constant(let value): made = (steps.constant(value, count: table.rowCount), [])
        case .column(let column): made = table[column].map { ($0, [column]) }
        case nil: made = byName(definition, table)
        case .bit(let word, let bit): made = try table[word].map { (try steps.bit($0, bit), [word]) }
        case .flux(let magnitude, let sign):
            if let values = table[magnitude] {
                let signs = try sign.map { sign in
                    guard let column = table[sign.column] else {
                        throw TranslationError.missingColumn(file: file, column: name, source: sign.column)
                    }
                    return (column, Set(sign.negative))
                }
                made = (try steps.flux(values, signs), [magnitude] + (sign.map { [$0.column] } ?? []))
            }
        case .fluxError(let magnitude, let error):
            if let values = table[magnitude], let errors = table[error] {
                made = (try steps.fluxError(values, errors), [magnitude, error])
            }
        }
        guard let (column, names) = made else {
            if let value = rule.defaultValue { return (steps.constant(value, count: table.rowCount), []) }
            guard definition.isNullable && !rule.isRequired else {
                throw TranslationError.missingColumn(file: file, column: name, source: rule.sourceName)
            }
            return nil
        }
        return (try steps.apply(rule, to: column), names)
    }

    /// The column of the target's own name, or else of its nearest older name, rescaled where both units are known and differ.
    private func byName(_ definition: ColumnDefinition, _ table: Table) -> (Column, [String])? {
        let ancestors = renames.ancestors(of: definition.name, table: target.name)
        let candidates = [RenameMap.Ancestor(name: definition.name, factor: nil)] + ancestors
        for candidate in candidates {
            guard let column = table[candidate.name] else { continue }
            let factor = self.factor(candidate, column, definition)
            return (factor == 1 ? column : column.scaled(by: factor), [candidate.name])
        }
        return nil
    }

    private func factor(_ ancestor: RenameMap.Ancestor, _ column: Column, _ definition: ColumnDefinition) -> Double {
        if let factor = ancestor.factor { return factor }
        guard let from = column.unit, let to = definition.unit else { return 1 }
        return UnitConversion.factor(from: from, to: to) ?? 1
    }

    /// Whether the values of a column that keeps its type are other than the file's.
    private func changes(_ definition: ColumnDefinition, _ table: Table, _ name: String) -> Bool {
        if let rule = map?.columns[definition.name] { return rule != TranslationMap.Rule(.column(name)) && rule != TranslationMap.Rule() }
        guard let column = table[name] else { return false }
        let ancestor = renames.ancestors(of: definition.name, table: target.name).first { $0.name == name }
        return factor(ancestor ?? RenameMap.Ancestor(name: name, factor: nil), column, definition) != 1
    }
}

extension TranslationMap.Rule {
    var sourceName: String? {
        switch source {
        case .column(let name), .bit(let name, _), .flux(let name, _), .fluxError(let name, _): name
        case .constant, nil: nil
        }
    }
}
