import Columns
import Ingest

/// Columns of identifiers, from a file or from the command line.
enum Identifiers {
    /// - Parameters:
    ///   - arguments: values of the columns, row after row: `7=8` for two columns.
    ///   - file: Parquet, FITS or CSV with these columns.
    static func read(_ arguments: [String], file: String?, columns: [String]) throws -> [[Int64]] {
        guard (file == nil) != arguments.isEmpty else {
            throw RequestError("name \(columns.joined(separator: "=")) on the command line or a file with --file, one of the two")
        }
        guard let file else {
            return try arguments.map { argument in
                let parts = argument.split(separator: "=", omittingEmptySubsequences: false).map { Int64($0) }
                guard parts.count == columns.count, !parts.contains(nil) else {
                    throw RequestError("\(argument) is not \(columns.joined(separator: "=")) with whole numbers")
                }
                return parts.map { $0! }
            }
        }
        let isText = [".csv", ".txt"].contains { file.lowercased().hasSuffix($0) }
        let table = try isText ? CSV.readIntegers(path: file, columns: columns) : CatalogFile.read(file)
        let values = try columns.map { name -> [Int64] in
            guard let column = table[name] else { throw ColumnsError.missingColumn(path: file, column: name) }
            guard column.nullCount == 0 else { throw RequestError("\(file): column \(name) has empty values: every row must name one") }
            switch column.values {
            case .int64(let v): return v
            case .int32(let v): return v.map(Int64.init)
            case .int16(let v): return v.map(Int64.init)
            default: throw RequestError("\(file): column \(name) must hold whole numbers")
            }
        }
        return (0..<table.rowCount).map { row in values.map { $0[row] } }
    }
}
