/// A value of any Avro type, with what its bytes tell and no more: which branch of a union it takes, which bits a NaN has.
public enum AvroValue: Sendable {
    case null
    case boolean(Bool)
    case int(Int32)
    case long(Int64)
    case float(Float)
    case double(Double)
    case bytes([UInt8])
    case string(String)
    case fixed([UInt8])
    case array([AvroValue])
    /// In the order in which the entries are stored.
    case map([AvroEntry])
    case record(AvroFields)
    indirect case enumeration(index: Int, symbol: String)
    /// `branch` counts from 0 in the union's list.
    indirect case union(branch: Int, AvroValue)

    /// The value inside a union, and inside that one's union; others are themselves.
    public var unwrapped: AvroValue { if case .union(_, let value) = self { value.unwrapped } else { self } }

    /// The value of a record's field, unions taken off; nil where there is none.
    public subscript(field: String) -> AvroValue? {
        guard case .record(let fields) = unwrapped else { return nil }
        return fields[field]?.unwrapped
    }

    public var isNull: Bool { if case .null = unwrapped { true } else { false } }
    /// A long or an int.
    public var integer: Int64? {
        switch unwrapped {
        case .int(let value): Int64(value)
        case .long(let value): value
        default: nil
        }
    }
    /// A double or a float; integers are no reals here.
    public var real: Double? {
        switch unwrapped {
        case .float(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }
    public var text: String? {
        switch unwrapped {
        case .string(let value): value
        case .enumeration(_, let symbol): symbol
        default: nil
        }
    }
    public var data: [UInt8]? {
        switch unwrapped {
        case .bytes(let value), .fixed(let value): value
        default: nil
        }
    }
    public var items: [AvroValue]? { if case .array(let values) = unwrapped { values } else { nil } }
}

/// The fields of a record, in the schema's order.
public struct AvroFields: Sendable, Equatable {
    public let names: [String]
    public var values: [AvroValue]

    /// As many values as names.
    public init(names: [String], values: [AvroValue]) {
        precondition(names.count == values.count, "\(names.count) names for \(values.count) values")
        self.names = names
        self.values = values
    }

    /// - Complexity: O(number of fields)
    public subscript(name: String) -> AvroValue? { names.firstIndex(of: name).map { values[$0] } }
}

public struct AvroEntry: Sendable, Equatable {
    public var key: String
    public var value: AvroValue

    public init(_ key: String, _ value: AvroValue) {
        self.key = key
        self.value = value
    }
}

extension AvroValue: Equatable {
    /// Equal where the bytes would be: by the bits of floating-point numbers, so that a NaN equals itself and -0 is not 0, and by the
    /// bytes of texts, so that composed and decomposed letters differ.
    public static func == (a: AvroValue, b: AvroValue) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.boolean(let a), .boolean(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.long(let a), .long(let b)): a == b
        case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
        case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
        case (.bytes(let a), .bytes(let b)), (.fixed(let a), .fixed(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.array(let a), .array(let b)): a == b
        case (.map(let a), .map(let b)): a == b
        case (.record(let a), .record(let b)): a == b
        case (.enumeration(let a, let x), .enumeration(let b, let y)): a == b && x == y
        case (.union(let a, let x), .union(let b, let y)): a == b && x == y
        default: false
        }
    }
}
