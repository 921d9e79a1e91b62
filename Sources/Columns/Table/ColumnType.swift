/// The types that a column's values can have: those of the schema document, no more.
///
/// Narrower and unsigned integers of files widen to the next of these when they are read.
public enum ColumnType: String, Sendable, Hashable, CaseIterable {
    case bool, int16, int32, int64, float, double
    /// UTF-8 text.
    case string
    /// Uninterpreted bytes.
    case binary
    /// Microseconds since 1970-01-01T00:00:00 on the clock that the column's definition names (UTC unless it says otherwise).
    case timestamp

    /// Bytes of one value, or nil where values differ in length.
    public var width: Int? {
        switch self {
        case .bool: 1
        case .int16: 2
        case .int32, .float: 4
        case .int64, .double, .timestamp: 8
        case .string, .binary: nil
        }
    }

    public var isInteger: Bool { self == .int16 || self == .int32 || self == .int64 }
    public var isFloatingPoint: Bool { self == .float || self == .double }
    public var isNumeric: Bool { isInteger || isFloatingPoint }
}
