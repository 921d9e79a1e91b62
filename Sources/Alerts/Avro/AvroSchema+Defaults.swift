extension AvroSchema {
    /// A value from the JSON form that defaults have (specification, "Complex Types", table of field default values); nil where it is no
    /// value of the type. Bytes are texts whose characters are the bytes; of a union, the first branch that takes the value counts.
    public func value(of json: OrderedJSON, _ type: AvroType) -> AvroValue? {
        switch (resolved(type), json) {
        case (.null, .null): return .null
        case (.boolean, .boolean(let flag)): return .boolean(flag)
        case (.int, .number(let digits)): return Int32(digits).map { .int($0) }
        case (.long, .number(let digits)): return Int64(digits).map { .long($0) }
        case (.float, .number(let digits)): return Float(digits).map { .float($0) }
        case (.double, .number(let digits)): return Double(digits).map { .double($0) }
        case (.string, .string(let text)): return .string(text)
        case (.bytes, .string(let text)): return Self.bytes(text).map { .bytes($0) }
        case (.fixed(let fixed), .string(let text)):
            guard let bytes = Self.bytes(text), bytes.count == fixed.sizeBytes else { return nil }
            return .fixed(bytes)
        case (.enumeration(let enumeration), .string(let symbol)):
            return enumeration.symbols.firstIndex(of: symbol).map { .enumeration(index: $0, symbol: symbol) }
        case (.union(let branches), _):
            for (branch, type) in branches.enumerated() {
                if let value = value(of: json, type) { return .union(branch: branch, value) }
            }
            return nil
        case (.array(let items), .array(let values)):
            let read = values.compactMap { value(of: $0, items) }
            return read.count == values.count ? .array(read) : nil
        case (.map(let items), .object(let members)):
            let read = members.compactMap { member in value(of: member.value, items).map { AvroEntry(member.name, $0) } }
            return read.count == members.count ? .map(read) : nil
        case (.record(let record), .object):
            let read = record.fields.compactMap { field in
                (json[field.name] ?? field.defaultValue).flatMap { value(of: $0, field.type) }
            }
            return read.count == record.fields.count ? .record(AvroFields(names: record.fields.map(\.name), values: read)) : nil
        default: return nil
        }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        return bytes.count == text.unicodeScalars.count ? bytes : nil
    }
}
