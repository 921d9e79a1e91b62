import Columns

/// Felis's data types.
public enum FelisType: String, Sendable, Hashable, CaseIterable {
    case boolean, byte, short, int, long, float, double, char, string, unicode, text, binary, timestamp

    /// How values of the type are kept in memory. Felis's `byte` is kept as int16.
    public var columnType: ColumnType {
        switch self {
        case .boolean: .bool
        case .byte, .short: .int16
        case .int: .int32
        case .long: .int64
        case .float: .float
        case .double: .double
        case .char, .string, .unicode, .text: .string
        case .binary: .binary
        case .timestamp: .timestamp
        }
    }
}
