import Columns

/// How values of a PostgreSQL type are read from their binary form.
enum ColumnDecoding: Equatable {
    case bool, int2, int4, int8, float4, float8, text, bytea, timestamp
    case oid, numeric, date, regclassText, jsonb

    /// Type OIDs of PostgreSQL's catalog (pg_type.dat).
    init?(oid: UInt32) {
        switch oid {
        case 16: self = .bool
        case 21: self = .int2
        case 23: self = .int4
        case 20: self = .int8
        case 700: self = .float4
        case 701: self = .float8
        case 25, 1043, 19, 1042, 114, 705, 18, 2278: self = .text  // 2278 is void, which comes empty
        case 17: self = .bytea
        case 1114, 1184: self = .timestamp
        case 1082: self = .date
        case 26, 24, 2205: self = .oid
        case 1700: self = .numeric
        case 3802: self = .jsonb
        default: return nil
        }
    }

    var columnType: ColumnType {
        switch self {
        case .bool: .bool
        case .int2: .int16
        case .int4: .int32
        case .int8, .oid: .int64
        case .float4: .float
        case .float8, .numeric: .double
        case .text, .regclassText, .jsonb: .string
        case .bytea: .binary
        case .timestamp, .date: .timestamp
        }
    }
}
