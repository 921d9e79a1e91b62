/// Turns JSON into types. Names follow the specification's section "Names": a name with a dot is full, others take the namespace given
/// beside them or that of the definition around them.
struct AvroSchemaParser {
    static let depthMax = 100

    let lookup: (String) throws -> String?
    private(set) var definitions: [String: AvroType] = [:]
    private(set) var hasLookedUp = false
    /// Names whose definition has begun but not ended: records may refer to themselves.
    private var open: Set<String> = []

    init(lookup: @escaping (String) throws -> String?) { self.lookup = lookup }

    private func fault(_ place: [String], _ reason: String) -> AvroError {
        .schema(place: place.joined(separator: "."), reason: reason)
    }

    mutating func type(_ json: OrderedJSON, namespace: String, place: [String], depth: Int) throws -> AvroType {
        if depth > Self.depthMax { throw fault(place, "it nests deeper than \(Self.depthMax)") }
        switch json {
        case .string(let name): return try named(name, namespace: namespace, place: place, depth: depth)
        case .array(let branches): return try union(branches, namespace: namespace, place: place, depth: depth)
        case .object:
            let type = try complex(json, namespace: namespace, place: place, depth: depth)
            guard let logical = json["logicalType"]?.text else { return type }
            let meaning = AvroLogicalType(logical, precision: json["precision"]?.integer, scale: json["scale"]?.integer)
            return .logical(meaning, type)
        default: throw fault(place, "\(json.compact) is no type")
        }
    }

    private mutating func named(_ name: String, namespace: String, place: [String], depth: Int) throws -> AvroType {
        if let primitive = AvroType.primitives[name] { return primitive }
        let full = name.contains(".") || namespace.isEmpty ? name : namespace + "." + name
        if definitions[full] != nil || open.contains(full) { return .reference(full) }
        if definitions[name] != nil || open.contains(name) { return .reference(name) }
        for candidate in Set([full, name]).sorted(by: { $0.count > $1.count }) {
            guard let text = try lookup(candidate) else { continue }
            hasLookedUp = true
            let type = try self.type(OrderedJSON(reading: text), namespace: "", place: place, depth: depth + 1)
            if type.name != candidate { throw fault(place, "the schema looked up as \(candidate) defines \(type.name)") }
            return type
        }
        throw fault(place, "the type \(full) is not defined")
    }

    private mutating func union(_ branches: [OrderedJSON], namespace: String, place: [String], depth: Int) throws -> AvroType {
        var types: [AvroType] = []
        var seen: Set<String> = []
        for branch in branches {
            let type = try self.type(branch, namespace: namespace, place: place, depth: depth + 1)
            if case .union = type.stored { throw fault(place, "a union stands directly in a union") }
            if !seen.insert(type.name).inserted { throw fault(place, "a union has the type \(type.name) twice") }
            types.append(type)
        }
        return .union(types)
    }

    private mutating func complex(_ json: OrderedJSON, namespace: String, place: [String], depth: Int) throws -> AvroType {
        guard let kind = json["type"] else { throw fault(place, "a type has no member 'type'") }
        guard let kind = kind.text else { return try type(kind, namespace: namespace, place: place, depth: depth + 1) }
        switch kind {
        case "array", "map":
            let member = kind == "array" ? "items" : "values"
            guard let inner = json[member] else { throw fault(place, "a type '\(kind)' has no member '\(member)'") }
            let type = try type(inner, namespace: namespace, place: place, depth: depth + 1)
            return kind == "array" ? .array(type) : .map(type)
        case "record", "error", "enum", "fixed":
            return try definition(kind, json, namespace: namespace, place: place, depth: depth)
        default: return try named(kind, namespace: namespace, place: place, depth: depth)
        }
    }

    private mutating func definition(
        _ kind: String, _ json: OrderedJSON, namespace: String, place: [String], depth: Int
    ) throws -> AvroType {
        guard let name = json["name"]?.text, !name.isEmpty else { throw fault(place, "a type '\(kind)' has no name") }
        let given = json["namespace"]?.text
        let full = name.contains(".") ? name : [given ?? namespace, name].filter { !$0.isEmpty }.joined(separator: ".")
        if AvroType.primitives[full] != nil { throw fault(place, "a type is named '\(full)', which is a primitive type") }
        if definitions[full] != nil || open.contains(full) { throw fault(place, "the type \(full) is defined twice") }
        let inner = full.lastIndex(of: ".").map { String(full[..<$0]) } ?? ""
        let aliases = (json["aliases"]?.items ?? []).compactMap(\.text).map { alias in
            alias.contains(".") || inner.isEmpty ? alias : inner + "." + alias
        }
        open.insert(full)
        defer { open.remove(full) }
        let type: AvroType
        switch kind {
        case "enum":
            guard let symbols = json["symbols"]?.items, symbols.allSatisfy({ $0.text != nil }) else {
                throw fault(place, "the enum \(full) has no list 'symbols'")
            }
            var enumeration = AvroEnumeration(name: full, symbols: symbols.compactMap(\.text))
            if Set(enumeration.symbols).count != symbols.count { throw fault(place, "the enum \(full) has a symbol twice") }
            enumeration.aliases = aliases
            enumeration.doc = json["doc"]?.text
            enumeration.defaultSymbol = json["default"]?.text
            type = .enumeration(enumeration)
        case "fixed":
            guard let size = json["size"]?.integer, size >= 0 else { throw fault(place, "the fixed type \(full) has no 'size'") }
            var fixed = AvroFixed(name: full, sizeBytes: size)
            fixed.aliases = aliases
            type = .fixed(fixed)
        default:
            guard let fields = json["fields"]?.items else { throw fault(place, "the record \(full) has no list 'fields'") }
            let outer = place.isEmpty ? [name] : place
            var record = AvroRecord(name: full, fields: [])
            record.aliases = aliases
            record.doc = json["doc"]?.text
            record.fields = try fields.map { try field($0, namespace: inner, place: outer, depth: depth) }
            if Set(record.fields.map(\.name)).count != fields.count { throw fault(outer, "the record \(full) has a field twice") }
            type = .record(record)
        }
        definitions[full] = type
        return type
    }

    private mutating func field(_ json: OrderedJSON, namespace: String, place: [String], depth: Int) throws -> AvroField {
        guard let name = json["name"]?.text, !name.isEmpty else { throw fault(place, "a field has no name") }
        let place = place + [name]
        guard let type = json["type"] else { throw fault(place, "the field has no type") }
        var field = AvroField(name: name, type: try self.type(type, namespace: namespace, place: place, depth: depth + 1))
        field.doc = json["doc"]?.text
        field.defaultValue = json["default"]
        field.aliases = (json["aliases"]?.items ?? []).compactMap(\.text)
        if let order = json["order"]?.text {
            guard let known = AvroField.Order(rawValue: order) else { throw fault(place, "the order '\(order)' is unknown") }
            field.order = known
        }
        return field
    }
}
