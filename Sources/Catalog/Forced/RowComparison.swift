import Columns

/// Whether rows of two tables say the same, value by value. Pure.
enum RowComparison {
    /// The first of the columns in which two rows differ. A column that a table lacks is null; NaN equals NaN.
    static func difference(_ a: Table, _ row: Int, _ b: Table, _ other: Int, in columns: [String]) -> String? {
        columns.first { cell(a[$0], row) != cell(b[$0], other) }
    }

    private enum Cell: Equatable {
        case null
        case nan
        case integer(Int64)
        case real(Double)
        case bytes([UInt8])
    }

    private static func cell(_ column: Column?, _ row: Int) -> Cell {
        guard let column, !column.isNull(row) else { return .null }
        func real(_ value: Double) -> Cell { value.isNaN ? .nan : .real(value) }
        switch column.values {
        case .bool(let v): return .integer(v[row] ? 1 : 0)
        case .int16(let v): return .integer(Int64(v[row]))
        case .int32(let v): return .integer(Int64(v[row]))
        case .int64(let v), .timestamp(let v): return .integer(v[row])
        case .float(let v): return real(Double(v[row]))
        case .double(let v): return real(v[row])
        case .string(let v), .binary(let v): return .bytes(Array(v.bytes(at: row)))
        }
    }
}
