import Columns

/// A field of a record and the column that fills it, ready to be written.
struct AvroColumnField: Sendable {
    /// What stands in every row: the encoded default of a field without column.
    enum Source: Sendable {
        case constant([UInt8])
        case booleans([Bool])
        case shorts([Int16])
        case ints([Int32])
        case longs([Int64])
        case floats([Float])
        case doubles([Double])
        case byteStrings(ByteStrings)
    }

    let source: Source
    let validity: Validity?
    /// The bytes that name the union's branches; nil for a field that is no union.
    let nullBranch: UInt8?
    let valueBranch: UInt8?

    init(_ field: AvroField, record: String, schema: AvroSchema, column: Column?) throws {
        func fault(_ reason: String) -> AvroError { .table(record: record, field: field.name, reason: reason) }
        var type = field.type
        let branches = Self.branches(of: field.type, schema)
        if let branches, case .union(let types) = schema.resolved(field.type) { type = types[Int(branches.value) / 2] }
        guard let column else {
            guard let json = field.defaultValue, let value = schema.value(of: json, field.type) else {
                throw fault("has neither a column nor a default")
            }
            self.init(source: .constant(try AvroEncoder(schema, type: field.type).encode(value)))
            return
        }
        // A column of nulls has no type of its own.
        if let branches, column.nullCount == column.count {
            self.init(source: .constant([branches.null]))
            return
        }
        guard let source = Self.source(column, type, schema) else {
            throw fault("is \(type.name), which a column of type \(column.type.rawValue) does not fill")
        }
        let hasNulls = column.nullCount > 0
        if hasNulls, branches == nil { throw fault("takes no null, but its column has \(column.nullCount)") }
        self.init(
            source: source, validity: hasNulls ? column.validity : nil, nullBranch: branches?.null, valueBranch: branches?.value)
    }

    /// The bytes that name the branches of a union of null and one other type; nil for other types.
    static func branches(of type: AvroType, _ schema: AvroSchema) -> (null: UInt8, value: UInt8)? {
        guard case .union(let types) = schema.resolved(type), types.count == 2 else { return nil }
        let nulls = types.indices.filter { schema.resolved(types[$0]) == .null }
        guard let null = nulls.first, nulls.count == 1 else { return nil }
        // Zigzag of the branch's number.
        return (UInt8(2 * null), UInt8(2 - 2 * null))
    }

    private init(source: Source, validity: Validity? = nil, nullBranch: UInt8? = nil, valueBranch: UInt8? = nil) {
        self.source = source
        self.validity = validity
        self.nullBranch = nullBranch
        self.valueBranch = valueBranch
    }

    /// The column's values in the field's type; nil where they do not fit it.
    private static func source(_ column: Column, _ type: AvroType, _ schema: AvroSchema) -> Source? {
        switch (schema.resolved(type), column.values) {
        case (.boolean, .bool(let values)): .booleans(values)
        case (.int, .int16(let values)), (.long, .int16(let values)): .shorts(values)
        case (.int, .int32(let values)), (.long, .int32(let values)): .ints(values)
        case (.long, .int64(let values)): .longs(values)
        case (.long, .timestamp(let values)): holdsMicroseconds(type) ? .longs(values) : nil
        case (.float, .float(let values)): .floats(values)
        case (.float, .int16(let values)): .floats(values.map(Float.init))
        case (.float, .int32(let values)): .floats(values.map(Float.init))
        case (.float, .int64(let values)): .floats(values.map(Float.init))
        case (.double, .double(let values)): .doubles(values)
        case (.double, .float(let values)): .doubles(values.map(Double.init))
        case (.double, .int16(let values)): .doubles(values.map(Double.init))
        case (.double, .int32(let values)): .doubles(values.map(Double.init))
        case (.double, .int64(let values)): .doubles(values.map(Double.init))
        case (.string, .string(let values)), (.bytes, .string(let values)), (.bytes, .binary(let values)): .byteStrings(values)
        default: nil
        }
    }

    private static func holdsMicroseconds(_ type: AvroType) -> Bool {
        guard case .logical(let logical, _) = type else { return true }
        return logical.name == "timestamp-micros" || logical.name == "local-timestamp-micros"
    }

    /// The most that the field takes in a row, with its branch, apart from the bytes of texts and binary values.
    var sizeBytesMax: Int {
        let value =
            switch source {
            case .constant(let bytes): bytes.count
            case .booleans: 1
            case .shorts, .ints: 5
            case .longs, .byteStrings: AvroSlots.numberSizeBytesMax
            case .floats: 4
            case .doubles: 8
            }
        return value + 1
    }

    /// The longest text or binary value of the rows.
    func variableSizeBytesMax(_ rows: Range<Int>) -> Int {
        guard case .byteStrings(let strings) = source else { return 0 }
        return rows.reduce(0) { max($0, Int(strings.offsets[$1 + 1] - strings.offsets[$1])) }
    }
}
