import Columns
import Schema

/// Rows of a table from one generation's schema document to another's, forward or back. Pure.
struct RowConversion {
    private let table: String
    private let renames: [(from: String, to: String)]
    private let plan: MigrationPlan
    private let columns: [String]

    /// - Parameter table: one that both documents have.
    init(_ table: String, from old: SchemaDocument, to new: SchemaDocument) {
        func only(_ document: SchemaDocument) -> SchemaDocument {
            var document = document
            document.tables.removeAll { $0.name != table }
            return document
        }
        self.table = table
        var (from, to) = (only(old), only(new))
        // Plans go forward; what the way forward renames gets its older name on the way back.
        renames = MigrationPlan(from: to, to: from).steps.compactMap {
            if case .renameColumn(_, let older, let newer) = $0 { (newer, older) } else { nil }
        }
        for (newer, older) in renames {
            guard let i = from.tables[0].columns.firstIndex(where: { $0.name == newer }) else { continue }
            from.tables[0].columns[i].name = older
        }
        // SkyLedger's own columns travel under their names.
        for own in GenerationLayout.ownColumns(of: table)
        where to.tables[0][column: own.name] == nil && from.tables[0][column: own.name] == nil {
            from.tables[0].columns.append(own)
            to.tables[0].columns.append(own)
        }
        plan = MigrationPlan(from: from, to: to)
        columns = to.tables[0].columns.map(\.name)
    }

    /// - Parameter rows: with all columns of the older document's table.
    /// - Throws: `MigrationError` where a value does not fit.
    func apply(_ rows: Table) throws -> Table {
        var rows = rows
        for (newer, older) in renames {
            guard let column = rows[newer] else { continue }
            rows.remove(newer)
            rows.set(column.renamed(older))
        }
        let converted = try plan.apply(to: [table: rows])[table] ?? Table()
        return Table(columns.compactMap { converted[$0] })
    }
}
