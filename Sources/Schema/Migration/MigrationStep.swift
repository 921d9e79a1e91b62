/// One change of a database on its way from one document to another. Steps hold in their order.
public enum MigrationStep: Sendable, Equatable {
    case createTable(TableDefinition)
    /// The table's rows are lost.
    case dropTable(String)
    case renameTable(from: String, to: String)
    /// Adds a column that may be null, with nulls in the old rows; `compute`, `fillNulls` and `setNotNull` follow where they must.
    case addColumn(table: String, ColumnDefinition)
    case renameColumn(table: String, from: String, to: String)
    /// Gives values to a column from others.
    case compute(table: String, column: String, Computation)
    /// Another type or length. Values that do not fit are an error, they are never cut.
    case changeType(table: String, from: ColumnDefinition, to: ColumnDefinition)
    case fillNulls(table: String, column: ColumnDefinition, value: DefaultValue)
    case setNotNull(table: String, column: String)
    case dropNotNull(table: String, column: String)
    /// Nil: no default.
    case setDefault(table: String, column: ColumnDefinition)
    /// `isLoss` where the values are in no other column.
    case dropColumn(table: String, column: String, isLoss: Bool)
    case dropPrimaryKey(table: String)
    case addPrimaryKey(table: String, columns: [String])

    /// How a column's values come from others of the same row.
    public enum Computation: Sendable, Equatable {
        /// MJD TAI of the timestamps of another column.
        case mjdTai(from: String, scale: TimeScale)
        /// Whether a bit (0 is the least significant) of an integer column is 1.
        case bit(word: String, bit: Int)
        /// `of / by`, only where this column is null; rounds towards minus infinity.
        case quotient(of: String, by: Int64)
        /// `of - by * (of / by)`, only where this column is null.
        case remainder(of: String, by: Int64)
        /// This column's values times a factor.
        case scaled(Double)
        /// Where this column is null: the greatest `column` of the rows of another table that have this row's `key`.
        case greatest(table: String, key: String, column: String)
    }
}
