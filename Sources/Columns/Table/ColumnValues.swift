/// The values of one column, one array of the column's own type. Where a row is null the array holds zero or an empty string.
public enum ColumnValues: Sendable, Equatable {
    case bool([Bool])
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case float([Float])
    case double([Double])
    case string(ByteStrings)
    case binary(ByteStrings)
    case timestamp([Int64])

    /// Zeros, false or empty strings.
    public init(zeros type: ColumnType, count: Int) {
        switch type {
        case .bool: self = .bool(.init(repeating: false, count: count))
        case .int16: self = .int16(.init(repeating: 0, count: count))
        case .int32: self = .int32(.init(repeating: 0, count: count))
        case .int64: self = .int64(.init(repeating: 0, count: count))
        case .float: self = .float(.init(repeating: 0, count: count))
        case .double: self = .double(.init(repeating: 0, count: count))
        case .string: self = .string(.init(bytes: [], offsets: .init(repeating: 0, count: count + 1)))
        case .binary: self = .binary(.init(bytes: [], offsets: .init(repeating: 0, count: count + 1)))
        case .timestamp: self = .timestamp(.init(repeating: 0, count: count))
        }
    }

    public var type: ColumnType {
        switch self {
        case .bool: .bool
        case .int16: .int16
        case .int32: .int32
        case .int64: .int64
        case .float: .float
        case .double: .double
        case .string: .string
        case .binary: .binary
        case .timestamp: .timestamp
        }
    }

    public var count: Int {
        switch self {
        case .bool(let v): v.count
        case .int16(let v): v.count
        case .int32(let v): v.count
        case .int64(let v), .timestamp(let v): v.count
        case .float(let v): v.count
        case .double(let v): v.count
        case .string(let v), .binary(let v): v.count
        }
    }

    /// The rows named, in that order.
    public func gather(_ rows: [Int]) -> ColumnValues {
        switch self {
        case .bool(let v): .bool(rows.map { v[$0] })
        case .int16(let v): .int16(rows.map { v[$0] })
        case .int32(let v): .int32(rows.map { v[$0] })
        case .int64(let v): .int64(rows.map { v[$0] })
        case .float(let v): .float(rows.map { v[$0] })
        case .double(let v): .double(rows.map { v[$0] })
        case .string(let v): .string(v.gather(rows))
        case .binary(let v): .binary(v.gather(rows))
        case .timestamp(let v): .timestamp(rows.map { v[$0] })
        }
    }

    /// These values and then those of `other`, which must be of the same type.
    mutating func append(_ other: ColumnValues) {
        switch (self, other) {
        case (.bool(let a), .bool(let b)): self = .bool(a + b)
        case (.int16(let a), .int16(let b)): self = .int16(a + b)
        case (.int32(let a), .int32(let b)): self = .int32(a + b)
        case (.int64(let a), .int64(let b)): self = .int64(a + b)
        case (.float(let a), .float(let b)): self = .float(a + b)
        case (.double(let a), .double(let b)): self = .double(a + b)
        case (.timestamp(let a), .timestamp(let b)): self = .timestamp(a + b)
        case (.string(let a), .string(let b)): self = .string(a.appending(b))
        case (.binary(let a), .binary(let b)): self = .binary(a.appending(b))
        default: preconditionFailure("columns of types \(type) and \(other.type) cannot be joined")
        }
    }
}

extension ByteStrings {
    func appending(_ other: ByteStrings) -> ByteStrings {
        let base = Int32(bytes.count)
        return ByteStrings(bytes: bytes + other.bytes, offsets: offsets + other.offsets.dropFirst().map { $0 + base })
    }
}
