/// Reads data of one schema as another would have written them (specification, "Schema Resolution"): fields are found by name or alias,
/// numbers widen, fields that the data lack take their default, and fields that only the data have are left out.
///
///     let old = try AvroDecoder(schema7_1).decode(body)
///     let new = try AvroResolution(from: schema7_1, to: schema11_0).resolve(old)
///
/// Records match by their bare names, so that `lsst.v7_1.diaSource` is read as `lsst.v11_0.diaSource`.
public struct AvroResolution: Sendable {
    public let writer: AvroSchema
    public let reader: AvroSchema

    public init(from writer: AvroSchema, to reader: AvroSchema) {
        self.writer = writer
        self.reader = reader
    }

    /// - Parameter value: what a decoder of the writer's schema gives.
    /// - Throws: `AvroError.resolution`
    public func resolve(_ value: AvroValue) throws -> AvroValue { try resolve(value, writer.root, reader.root, path: []) }

    private func fault(_ path: [String], _ reason: String) -> AvroError {
        .resolution(path: path.joined(separator: "."), reason: reason)
    }

    private func resolve(_ value: AvroValue, _ from: AvroType, _ to: AvroType, path: [String]) throws -> AvroValue {
        let from = writer.resolved(from)
        let to = reader.resolved(to)
        if case .union(let branches) = from {
            guard case .union(let branch, let inner) = value, branches.indices.contains(branch) else {
                throw fault(path, "the value is not of the data's schema")
            }
            return try resolve(inner, branches[branch], to, path: path)
        }
        if case .union(let branches) = to {
            let resolved = branches.map(reader.resolved)
            let branch = resolved.firstIndex { Self.match(from, $0) == .same } ?? resolved.firstIndex { Self.match(from, $0) == .wider }
            guard let branch else { throw fault(path, "no branch of the union takes a value of type \(from.name)") }
            return .union(branch: branch, try resolve(value, from, branches[branch], path: path))
        }
        if Self.match(from, to) == .none { throw fault(path, "a value of type \(from.name) cannot be read as \(to.name)") }
        switch (value, from, to) {
        case (.record(let fields), .record(let source), .record(let target)):
            return try record(fields, source, target, path: path)
        case (.array(let items), .array(let source), .array(let target)):
            return .array(try items.map { try resolve($0, source, target, path: path) })
        case (.map(let entries), .map(let source), .map(let target)):
            return .map(try entries.map { AvroEntry($0.key, try resolve($0.value, source, target, path: path + [$0.key])) })
        case (.enumeration(_, let symbol), .enumeration, .enumeration(let target)):
            for known in [symbol, target.defaultSymbol] {
                if let known, let index = target.symbols.firstIndex(of: known) { return .enumeration(index: index, symbol: known) }
            }
            throw fault(path, "the symbol '\(symbol)' is unknown to the enum \(target.name), which has no default")
        default:
            guard let out = Self.widened(value, to) else { throw fault(path, "the value is not of the data's schema") }
            return out
        }
    }

    private func record(_ fields: AvroFields, _ source: AvroRecord, _ target: AvroRecord, path: [String]) throws -> AvroValue {
        guard fields.names.count == source.fields.count else { throw fault(path, "the value is not of the data's schema") }
        let positions = Dictionary(uniqueKeysWithValues: source.fields.enumerated().map { ($1.name, $0) })
        let values = try target.fields.map { field in
            let inner = path + [field.name]
            if let position = ([field.name] + field.aliases).lazy.compactMap({ positions[$0] }).first {
                return try resolve(fields.values[position], source.fields[position].type, field.type, path: inner)
            }
            guard let json = field.defaultValue else { throw fault(inner, "the data have no such field, and it has no default") }
            guard let value = reader.value(of: json, field.type) else {
                throw fault(inner, "the default \(json.compact) is no value of the field's type")
            }
            return value
        }
        return .record(AvroFields(names: target.fields.map(\.name), values: values))
    }

    private enum Match { case same, wider, none }

    /// How a type without unions and references fits another. What lies inside arrays, maps and records is compared when it is met.
    private static func match(_ from: AvroType, _ to: AvroType) -> Match {
        func bare(_ name: String) -> Substring { name.split(separator: ".").last ?? "" }
        func named(_ from: String, _ to: String, _ aliases: [String]) -> Match {
            bare(from) == bare(to) || aliases.contains(from) || aliases.contains { bare($0) == bare(from) } ? .same : .none
        }
        switch (from, to) {
        case (.record(let a), .record(let b)): return named(a.name, b.name, b.aliases)
        case (.enumeration(let a), .enumeration(let b)): return named(a.name, b.name, b.aliases)
        case (.fixed(let a), .fixed(let b)): return a.sizeBytes == b.sizeBytes ? named(a.name, b.name, b.aliases) : .none
        case (.array, .array), (.map, .map): return .same
        case (.int, .long), (.int, .float), (.int, .double), (.long, .float), (.long, .double), (.float, .double): return .wider
        case (.string, .bytes), (.bytes, .string): return .wider
        default: return AvroType.primitives[from.name] != nil && from.name == to.name ? .same : .none
        }
    }

    private static func widened(_ value: AvroValue, _ to: AvroType) -> AvroValue? {
        switch (value, to) {
        case (.null, .null), (.boolean, .boolean), (.int, .int), (.long, .long), (.float, .float), (.double, .double): value
        case (.bytes, .bytes), (.string, .string), (.fixed, .fixed): value
        case (.int(let number), .long): .long(Int64(number))
        case (.int(let number), .float): .float(Float(number))
        case (.int(let number), .double): .double(Double(number))
        case (.long(let number), .float): .float(Float(number))
        case (.long(let number), .double): .double(Double(number))
        case (.float(let number), .double): .double(Double(number))
        case (.string(let text), .bytes): .bytes(Array(text.utf8))
        case (.bytes(let bytes), .string): String(validating: bytes, as: UTF8.self).map { .string($0) }
        default: nil
        }
    }
}
