import Columns

/// Rows of a query by name and place. Columns are those of the query's own text: one that is missing or of another type is a programmer's
/// error.
struct ResultRows {
    private let table: Table

    init(_ table: Table) { self.table = table }

    var count: Int { table.rowCount }

    func text(_ name: String, _ row: Int) -> String { table[name]!.isNull(row) ? "" : table[name]!.strings![row] }

    func optionalText(_ name: String, _ row: Int) -> String? { table[name]!.isNull(row) ? nil : table[name]!.strings![row] }

    /// 0 for null.
    func integer(_ name: String, _ row: Int) -> Int64 { table[name]!.isNull(row) ? 0 : table[name]!.int64s![row] }

    func real(_ name: String, _ row: Int) -> Double { optionalReal(name, row) ?? 0 }

    func optionalReal(_ name: String, _ row: Int) -> Double? { table[name]!.isNull(row) ? nil : table[name]!.doubles![row] }

    func flag(_ name: String, _ row: Int) -> Bool { table[name]!.bools![row] }
}
