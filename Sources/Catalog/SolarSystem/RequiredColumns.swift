import Schema

/// Columns of a table that must have a value, for rows of which only the key is known yet.
struct RequiredColumns {
    /// Lists to continue others with: names, and zeros of their types.
    let names: String
    let zeros: String

    init(of definition: TableDefinition, except known: Set<String>) {
        let needed = definition.columns.filter { !$0.isNullable && $0.defaultValue == nil && !known.contains($0.name) }
        names = needed.map { ", " + quoted($0.name) }.joined()
        zeros = needed.map { column in
            switch column.datatype.columnType {
            case .bool: ", false"
            case .string: ", ''"
            default: ", 0"
            }
        }.joined()
    }
}
