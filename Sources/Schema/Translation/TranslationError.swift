/// What a catalog has that the schema document does not allow. Each message names the file, the column and the row (counted from 1).
public enum TranslationError: Error, Sendable, Equatable, CustomStringConvertible {
    case badMap(file: String, line: Int?, reason: String)
    case missingColumn(file: String, column: String, table: String)
    case wrongType(file: String, column: String, row: Int?, found: String, wanted: String)
    case outOfRange(file: String, column: String, row: Int, value: String, wanted: String)
    case nullValue(file: String, column: String, row: Int)
    case badValue(file: String, column: String, row: Int, value: String, reason: String)

    public var description: String {
        switch self {
        case .badMap(let file, let line, let reason): "\(file)\(line.map { ", line \($0)" } ?? ""): \(reason)"
        case .missingColumn(let file, let column, let table):
            "\(file): there is no column for \(table).\(column), which must have a value: add it, or name its source in a map (--map)"
        case .wrongType(let file, let column, let row, let found, let wanted):
            "\(file): column \(column)\(row.map { " row \($0)" } ?? "") holds \(found) where the schema wants \(wanted): convert the column, or translate it with a map (--map)"
        case .outOfRange(let file, let column, let row, let value, let wanted): "\(file): column \(column) row \(row) holds \(value), which does not fit \(wanted)"
        case .nullValue(let file, let column, let row): "\(file): column \(column) row \(row) has no value, and the schema demands one"
        case .badValue(let file, let column, let row, let value, let reason): "\(file): column \(column) row \(row) holds \(value): \(reason)"
        }
    }
}
