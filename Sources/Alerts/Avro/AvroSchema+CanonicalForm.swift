extension AvroSchema {
    /// The Parsing Canonical Form (specification, "Transforming into Parsing Canonical Form"): equal for schemas that read the same bytes
    /// in the same way. Documentation, defaults, aliases, orders and logical types are gone.
    public var canonicalForm: String { root.canonicalForm }

    /// CRC-64-AVRO of the canonical form (specification, "Schema Fingerprints").
    public var fingerprint: UInt64 { Self.crc64(Array(canonicalForm.utf8)) }

    /// The Rabin fingerprint with the specification's polynomial; an empty text gives `0xc15d213aa4d7a795`.
    public static func crc64(_ bytes: [UInt8]) -> UInt64 {
        var crc = crcEmpty
        for byte in bytes { crc = (crc >> 8) ^ crcTable[Int((crc ^ UInt64(byte)) & 0xFF)] }
        return crc
    }

    private static let crcEmpty: UInt64 = 0xc15d_213a_a4d7_a795
    private static let crcTable: [UInt64] = (0..<256).map { index in
        var entry = UInt64(index)
        for _ in 0..<8 { entry = (entry >> 1) ^ (crcEmpty & (0 &- (entry & 1))) }
        return entry
    }
}

extension AvroType {
    var canonicalForm: String {
        func quoted(_ text: String) -> String { OrderedJSON.quoted(text) }
        switch self {
        case .array(let items): return "{\"type\":\"array\",\"items\":\(items.canonicalForm)}"
        case .map(let values): return "{\"type\":\"map\",\"values\":\(values.canonicalForm)}"
        case .union(let branches): return "[" + branches.map(\.canonicalForm).joined(separator: ",") + "]"
        case .record(let record):
            let fields = record.fields.map { "{\"name\":\(quoted($0.name)),\"type\":\($0.type.canonicalForm)}" }
            return "{\"name\":\(quoted(record.name)),\"type\":\"record\",\"fields\":[\(fields.joined(separator: ","))]}"
        case .enumeration(let enumeration):
            let symbols = enumeration.symbols.map(quoted).joined(separator: ",")
            return "{\"name\":\(quoted(enumeration.name)),\"type\":\"enum\",\"symbols\":[\(symbols)]}"
        case .fixed(let fixed): return "{\"name\":\(quoted(fixed.name)),\"type\":\"fixed\",\"size\":\(fixed.sizeBytes)}"
        case .logical(_, let type): return type.canonicalForm
        default: return quoted(name)
        }
    }

    /// The type as a schema's JSON, with documentation, defaults, aliases and logical types.
    var json: OrderedJSON {
        func strings(_ texts: [String]) -> OrderedJSON { .array(texts.map { .string($0) }) }
        var members: [OrderedJSON.Member] = []
        func name(_ kind: String, _ name: String, _ doc: String?, _ aliases: [String]) {
            members += [.init("type", .string(kind)), .init("name", .string(name))]
            // A full name without a dot would take the namespace around it.
            if !name.contains(".") { members.append(.init("namespace", .string(""))) }
            if let doc { members.append(.init("doc", .string(doc))) }
            if !aliases.isEmpty { members.append(.init("aliases", strings(aliases))) }
        }
        switch self {
        case .array(let items): members = [.init("type", .string("array")), .init("items", items.json)]
        case .map(let values): members = [.init("type", .string("map")), .init("values", values.json)]
        case .union(let branches): return .array(branches.map(\.json))
        case .record(let record):
            name("record", record.name, record.doc, record.aliases)
            members.append(.init("fields", .array(record.fields.map(\.json))))
        case .enumeration(let enumeration):
            name("enum", enumeration.name, enumeration.doc, enumeration.aliases)
            members.append(.init("symbols", strings(enumeration.symbols)))
            if let symbol = enumeration.defaultSymbol { members.append(.init("default", .string(symbol))) }
        case .fixed(let fixed):
            name("fixed", fixed.name, nil, fixed.aliases)
            members.append(.init("size", .number("\(fixed.sizeBytes)")))
        case .logical(let logical, let type):
            if case .object(let own) = type.json { members = own } else { members = [.init("type", type.json)] }
            members.append(.init("logicalType", .string(logical.name)))
            if let precision = logical.precision { members.append(.init("precision", .number("\(precision)"))) }
            if let scale = logical.scale { members.append(.init("scale", .number("\(scale)"))) }
        default: return .string(self.name)
        }
        return .object(members)
    }
}

extension AvroField {
    var json: OrderedJSON {
        var members: [OrderedJSON.Member] = [.init("name", .string(name)), .init("type", type.json)]
        if let doc { members.append(.init("doc", .string(doc))) }
        if let defaultValue { members.append(.init("default", defaultValue)) }
        if order != .ascending { members.append(.init("order", .string(order.rawValue))) }
        if !aliases.isEmpty { members.append(.init("aliases", .array(aliases.map { .string($0) }))) }
        return .object(members)
    }
}
