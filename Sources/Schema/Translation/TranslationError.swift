/// What can be wrong with a translation map or with the data given to it. Rows are counted from 1.
public enum TranslationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The map is not what the format asks for.
    case malformedMap(file: String, line: Int, reason: String)
    /// The map is for another table.
    case wrongTable(map: String, table: String, target: String)
    /// A column that the map or the target demands is not in the file.
    case missingColumn(file: String, column: String, source: String?)
    /// A null in a column that may hold none.
    case null(file: String, column: String, row: Int)
    /// A value that the column cannot hold.
    case value(file: String, column: String, row: Int, value: String, reason: String)
    /// A column whose type has no meaning in the target; the first row with a value is named.
    case type(file: String, column: String, row: Int, from: String, to: String)
    /// A band outside of the document's.
    case band(file: String, row: Int, value: String, allowed: [String])

    public var description: String {
        switch self {
        case .malformedMap(let file, let line, let reason): "\(file), line \(line): \(reason)"
        case .wrongTable(let map, let table, let target): "\(map) is a map for table \(table), not for \(target); name another map"
        case .missingColumn(let file, let column, let source):
            "\(file): there is no column \(source ?? column) to fill \(column), which may not be null; give the map a default for it"
        case .null(let file, let column, let row): "\(file), row \(row): \(column) is null, but must have a value"
        case .value(let file, let column, let row, let value, let reason): "\(file), row \(row): \(column) is \(value), \(reason)"
        case .type(let file, let column, let row, let from, let to):
            "\(file), row \(row): \(column) holds \(from), which cannot become \(to); convert it or drop the column"
        case .band(let file, let row, let value, let allowed):
            "\(file), row \(row): band \(value) is none of \(allowed.joined(separator: " ")); map it to one of them or allow it"
        }
    }
}
