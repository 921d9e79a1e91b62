/// What can be wrong with a schema document. Each message says which file and line, which table and column, and what to do.
public enum SchemaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file is missing or may not be read.
    case unreadable(path: String, reason: String)
    /// The file is not YAML.
    case notYAML(path: String, line: Int, reason: String)
    /// A key that every document, table or column needs is not there.
    case missingKey(path: String, line: Int, place: String, key: String)
    /// A key has a value that it cannot have.
    case wrongValue(path: String, line: Int, place: String, key: String, reason: String)
    /// The column's `datatype` is none of Felis's.
    case unknownDatatype(path: String, line: Int, table: String, column: String, datatype: String)
    /// Two tables of one document have the same name.
    case duplicateTable(path: String, line: Int, table: String)
    /// Two columns of one table have the same name.
    case duplicateColumn(path: String, line: Int, table: String, column: String)
    /// A key, index, constraint or reference names a column that is not there.
    case unknownColumn(path: String, line: Int, table: String, usedBy: String, column: String)
    /// `columnRefs` names a document, or a table of it, that is not there.
    case unknownResource(path: String, line: Int, resource: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .notYAML(let path, let line, let reason): "\(path), line \(line): this is not YAML (\(reason)); correct the file"
        case .missingKey(let path, let line, let place, let key): "\(path), line \(line): \(place) has no \(key); add it"
        case .wrongValue(let path, let line, let place, let key, let reason): "\(path), line \(line): \(key) of \(place) \(reason)"
        case .unknownDatatype(let path, let line, let table, let column, let datatype):
            "\(path), line \(line): column \(column) of table \(table) has datatype \(datatype), which Felis does not have; use one of "
                + FelisType.allCases.map(\.rawValue).joined(separator: ", ")
        case .duplicateTable(let path, let line, let table): "\(path), line \(line): a second table is named \(table); rename one"
        case .duplicateColumn(let path, let line, let table, let column):
            "\(path), line \(line): a second column of table \(table) is named \(column); rename one"
        case .unknownColumn(let path, let line, let table, let usedBy, let column):
            "\(path), line \(line): \(usedBy) of table \(table) names \(column), which is no such column; correct the reference"
        case .unknownResource(let path, let line, let resource, let reason):
            "\(path), line \(line): the document \(resource) that columnRefs names cannot be used: \(reason)"
        }
    }
}
