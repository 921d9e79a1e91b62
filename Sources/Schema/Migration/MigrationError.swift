/// What can be wrong with a migration of tables in memory. Rows are counted from 1.
public enum MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A table or column of the older document is not there.
    case missing(table: String, column: String?)
    /// A value that the newer column cannot hold, in the words of the conversion.
    case value(table: String, reason: String)
    /// A column's type allows no such step.
    case type(table: String, column: String, reason: String)

    public var description: String {
        switch self {
        case .missing(let table, let column?): "table \(table) has no column \(column); migrate from the document that it was made from"
        case .missing(let table, nil): "there is no table \(table); migrate from the document that the database was made from"
        case .value(let table, let reason): "table \(table) cannot be migrated: \(reason)"
        case .type(let table, let column, let reason): "\(table).\(column): \(reason)"
        }
    }
}
