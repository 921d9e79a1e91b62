/// A value bound to a statement's parameter; it travels in binary with its type.
public enum Parameter: Sendable, Equatable {
    case null
    case bool(Bool)
    case int32(Int32)
    case int64(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    case int32Array([Int32])
    case int64Array([Int64])
    case floatArray([Float?])
    case doubleArray([Double?])
    case textArray([String?])

    /// Type OIDs of PostgreSQL's catalog (pg_type.dat).
    var oid: UInt32 {
        switch self {
        case .null: 0
        case .bool: 16
        case .int32: 23
        case .int64: 20
        case .double: 701
        case .text: 25
        case .bytes: 17
        case .int32Array: 1007
        case .int64Array: 1016
        case .floatArray: 1021
        case .doubleArray: 1022
        case .textArray: 1009
        }
    }

    /// The value in PostgreSQL's binary format, nil for null.
    var encoded: [UInt8]? {
        switch self {
        case .null: return nil
        case .bool(let v): return [v ? 1 : 0]
        case .int32(let v): return bigEndian(v)
        case .int64(let v): return bigEndian(v)
        case .double(let v): return bigEndian(v.bitPattern)
        case .text(let v): return Array(v.utf8)
        case .bytes(let v): return v
        case .int32Array(let v): return array(v, element: 23) { bigEndian($0) }
        case .int64Array(let v): return array(v, element: 20) { bigEndian($0) }
        case .floatArray(let v): return array(v, element: 700) { $0.map { bigEndian($0.bitPattern) } }
        case .doubleArray(let v): return array(v, element: 701) { $0.map { bigEndian($0.bitPattern) } }
        case .textArray(let v): return array(v, element: 25) { $0.map { Array($0.utf8) } }
        }
    }

    /// One-dimensional array: dimensions, has-nulls flag, element type, length, lower bound 1, then each element with its length.
    private func array<T>(_ values: [T], element: Int32, _ encode: (T) -> [UInt8]?) -> [UInt8] {
        if values.isEmpty { return bigEndian(Int32(0)) + bigEndian(Int32(0)) + bigEndian(element) }
        var out = bigEndian(Int32(1)) + bigEndian(Int32(1)) + bigEndian(element) + bigEndian(Int32(values.count)) + bigEndian(Int32(1))
        out.reserveCapacity(out.count + values.count * 12)
        for value in values {
            if let bytes = encode(value) {
                out += bigEndian(Int32(bytes.count))
                out += bytes
            } else {
                out += bigEndian(Int32(-1))
            }
        }
        return out
    }

    private func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }
}
