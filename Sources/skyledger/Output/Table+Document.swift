import Columns
import Schema

extension Table {
    /// The same rows with units and comments from the schema document.
    func described(by definition: TableDefinition?) -> Table {
        guard let definition else { return self }
        return Table(
            columns.map { column in
                var column = column
                column.unit = definition[column: column.name]?.unit
                column.comment = definition[column: column.name]?.description
                return column
            })
    }

    /// Without columns that have no value in any row; for eyes.
    var withoutEmptyColumns: Table { rowCount == 0 ? self : Table(columns.filter { $0.nullCount < $0.count }) }
}
