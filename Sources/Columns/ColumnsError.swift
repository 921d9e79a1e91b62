/// What can be wrong with a file of columns. Each message says what, where and what to do.
public enum ColumnsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file is missing or may not be read.
    case unreadable(path: String, reason: String)
    /// The file is damaged, truncated, or of another format than its name says.
    case malformed(path: String, reason: String)
    /// The file's column has a type that no column here has.
    case unsupportedType(path: String, column: String, type: String)
    /// The file has no column of that name.
    case missingColumn(path: String, column: String)
    /// The file could not be written; nothing was left behind.
    case unwritable(path: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .malformed(let path, let reason): "\(path) is damaged or not of its format: \(reason)"
        case .unsupportedType(let path, let column, let type):
            "\(path): column \(column) has type \(type), which has no counterpart here; drop or convert the column"
        case .missingColumn(let path, let column): "\(path): there is no column \(column)"
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason); nothing was left of it"
        }
    }
}
