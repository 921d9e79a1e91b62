/// A type of the Avro specification (1.11, "Schema Declaration"). Named types stand whole where they first occur and are referred to by
/// their full name after that.
public indirect enum AvroType: Sendable, Equatable {
    case null, boolean, int, long, float, double, bytes, string
    case array(AvroType)
    case map(AvroType)
    case union([AvroType])
    case record(AvroRecord)
    case enumeration(AvroEnumeration)
    case fixed(AvroFixed)
    /// The full name of a type that is defined before, or around, this place.
    case reference(String)
    /// A type with a meaning ("timestamp-micros" of a long); it is stored as the type below it.
    case logical(AvroLogicalType, AvroType)

    /// The type without its logical meaning.
    public var stored: AvroType { if case .logical(_, let type) = self { type.stored } else { self } }

    /// "long", "array", or the full name of a named type.
    public var name: String {
        switch self {
        case .null: "null"
        case .boolean: "boolean"
        case .int: "int"
        case .long: "long"
        case .float: "float"
        case .double: "double"
        case .bytes: "bytes"
        case .string: "string"
        case .array: "array"
        case .map: "map"
        case .union: "union"
        case .record(let record): record.name
        case .enumeration(let enumeration): enumeration.name
        case .fixed(let fixed): fixed.name
        case .reference(let name): name
        case .logical(_, let type): type.name
        }
    }

    static let primitives: [String: AvroType] = [
        "null": .null, "boolean": .boolean, "int": .int, "long": .long, "float": .float, "double": .double, "bytes": .bytes,
        "string": .string,
    ]
}

/// A record: named fields in the order in which they are stored.
public struct AvroRecord: Sendable, Equatable {
    /// With its namespace: "lsst.v11_0.alert".
    public var name: String
    /// Full names under which data of other schemas may know it.
    public var aliases: [String] = []
    public var doc: String?
    public var fields: [AvroField]

    public init(name: String, fields: [AvroField]) {
        self.name = name
        self.fields = fields
    }

    public func field(_ name: String) -> AvroField? { fields.first { $0.name == name } }
}

public struct AvroField: Sendable, Equatable {
    /// How a field takes part in the order of records.
    public enum Order: String, Sendable { case ascending, descending, ignore }

    public var name: String
    public var type: AvroType
    public var doc: String?
    /// The value for data without the field, in the JSON form of the specification.
    public var defaultValue: OrderedJSON?
    public var order = Order.ascending
    public var aliases: [String] = []

    public init(name: String, type: AvroType, defaultValue: OrderedJSON? = nil) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
    }
}

public struct AvroEnumeration: Sendable, Equatable {
    public var name: String
    public var aliases: [String] = []
    public var doc: String?
    public var symbols: [String]
    /// The symbol that stands for one that the reader does not know.
    public var defaultSymbol: String?

    public init(name: String, symbols: [String]) {
        self.name = name
        self.symbols = symbols
    }
}

public struct AvroFixed: Sendable, Equatable {
    public var name: String
    public var aliases: [String] = []
    public var sizeBytes: Int

    public init(name: String, sizeBytes: Int) {
        self.name = name
        self.sizeBytes = sizeBytes
    }
}

/// What a stored value means: the attribute `logicalType` and those that go with it.
public struct AvroLogicalType: Sendable, Equatable {
    public var name: String
    /// Of "decimal": digits in all, and behind the point.
    public var precision: Int?
    public var scale: Int?

    public init(_ name: String, precision: Int? = nil, scale: Int? = nil) {
        self.name = name
        self.precision = precision
        self.scale = scale
    }
}
