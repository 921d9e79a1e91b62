extension MigrationPlan {
    /// The plan for people, one step a line; what is lost is said last.
    public var text: String {
        guard !steps.isEmpty else { return "nothing to do\n" }
        let lost = losses
        let lines = steps.map(\.text) + (lost.isEmpty ? ["nothing is lost"] : ["lost: " + lost.joined(separator: ", ")])
        return lines.joined(separator: "\n") + "\n"
    }
}

extension MigrationStep {
    /// The step in one line.
    public var text: String {
        switch self {
        case .createTable(let table): "create table \(table.name) (\(table.columns.count) columns)"
        case .dropTable(let table): "drop table \(table) with its rows"
        case .renameTable(let from, let to): "rename table \(from) to \(to)"
        case .addColumn(let table, let column): "add \(table).\(column.name) \(MigrationText.type(column))"
        case .renameColumn(let table, let from, let to): "rename \(table).\(from) to \(to)"
        case .compute(let table, let column, let computation): "set \(table).\(column) to \(computation.text)"
        case .changeType(let table, let from, let to):
            "change \(table).\(to.name) from \(MigrationText.type(from)) to \(MigrationText.type(to))"
        case .fillNulls(let table, let column, let value):
            "fill nulls of \(table).\(column.name) with \(MigrationText.literal(value, column.datatype))"
        case .setNotNull(let table, let column): "forbid nulls in \(table).\(column)"
        case .dropNotNull(let table, let column): "allow nulls in \(table).\(column)"
        case .setDefault(let table, let column):
            "set the default of \(table).\(column.name) to \(column.defaultValue.map { MigrationText.literal($0, column.datatype) } ?? "none")"
        case .dropColumn(let table, let column, let isLoss):
            "drop \(table).\(column)" + (isLoss ? " with its values" : ", whose values are elsewhere now")
        case .dropPrimaryKey(let table): "drop the primary key of \(table)"
        case .addPrimaryKey(let table, let columns): "make (\(columns.joined(separator: ", "))) the primary key of \(table)"
        }
    }
}

extension MigrationStep.Computation {
    var text: String {
        switch self {
        case .mjdTai(let from, let scale): "the MJD TAI of \(from) (read as \(scale.rawValue.uppercased()))"
        case .bit(let word, let bit): "bit \(bit) of \(word)"
        case .quotient(let of, let by): "\(of) / \(by) where it is null"
        case .remainder(let of, let by): "\(of) modulo \(by) where it is null"
        case .scaled(let factor): "itself times \(factor)"
        case .greatest(let table, let key, let column): "the greatest \(table).\(column) of the same \(key) where it is null"
        }
    }
}
