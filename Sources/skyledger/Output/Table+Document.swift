import Catalog
import Columns
import Schema

extension Table {
    /// The same rows with units and comments from the schema document's table, and those of SkyLedger's own columns in it.
    func described(by generation: Generation, _ table: String) -> Table {
        guard let definition = generation.document[table: table] else { return self }
        let own = GenerationLayout.ownColumns(of: table)
        return Table(
            columns.map { column in
                var column = column
                let known = definition[column: column.name] ?? own.first { $0.name == column.name }
                column.unit = known?.unit
                column.comment = known?.description
                return column
            })
    }

    /// Without columns that have no value in any row; for eyes.
    var withoutEmptyColumns: Table { rowCount == 0 ? self : Table(columns.filter { $0.nullCount < $0.count }) }
}
