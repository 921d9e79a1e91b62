/// Turns values into bytes of the binary form. The bytes are those of fastavro: arrays and maps are one block without its size.
///
/// A union's branch is the one that the value names, and values have exactly the types of their schema.
public struct AvroEncoder: Sendable {
    public let schema: AvroSchema
    let plan: AvroPlan

    public init(_ schema: AvroSchema) {
        self.schema = schema
        plan = AvroPlan(schema)
    }

    /// An encoder of values of one type of the schema, not of its root.
    public init(_ schema: AvroSchema, type: AvroType) {
        self.schema = schema
        plan = AvroPlan(type, of: schema)
    }

    /// - Throws: `AvroError.value` with the way to the value that does not fit.
    public func encode(_ value: AvroValue) throws -> [UInt8] {
        var out: [UInt8] = []
        try encode(value, to: &out)
        return out
    }

    /// Appends; after an error `out` holds what was written before it.
    /// - Throws: `AvroError.value`
    public func encode(_ value: AvroValue, to out: inout [UInt8]) throws {
        do throws(AvroFault) { try write(value, plan.root, &out) } catch {
            throw AvroError.value(path: error.pathText, reason: error.reason)
        }
    }

    private func write(_ value: AvroValue, _ node: Int, _ out: inout [UInt8]) throws(AvroFault) {
        switch (plan.nodes[node], value) {
        case (.null, .null): break
        case (.boolean, .boolean(let flag)): out.append(flag ? 1 : 0)
        case (.int, .int(let number)): AvroBytes.append(Int64(number), to: &out)
        case (.long, .long(let number)): AvroBytes.append(number, to: &out)
        case (.float, .float(let number)): AvroBytes.append(number, to: &out)
        case (.double, .double(let number)): AvroBytes.append(number, to: &out)
        case (.bytes, .bytes(let bytes)): AvroBytes.append(bytes, to: &out)
        case (.string, .string(let text)): AvroBytes.append(text, to: &out)
        case (.fixed(let size), .fixed(let bytes)):
            if bytes.count != size { throw fault("\(bytes.count) bytes are given for a fixed type of \(size)") }
            out.append(contentsOf: bytes)
        case (.enumeration(let symbols), .enumeration(let index, let symbol)):
            guard symbols.indices.contains(index), symbols[index] == symbol else {
                throw fault("'\(symbol)' is not the enum's symbol number \(index)")
            }
            AvroBytes.append(Int64(index), to: &out)
        case (.union(let branches, _), .union(let branch, let inner)):
            guard branches.indices.contains(branch) else { throw fault("the branch \(branch) is none of the union's \(branches.count)") }
            AvroBytes.append(Int64(branch), to: &out)
            try write(inner, branches[branch], &out)
        case (.array(let items), .array(let values)):
            if !values.isEmpty { AvroBytes.append(Int64(values.count), to: &out) }
            for (index, item) in values.enumerated() {
                do throws(AvroFault) { try write(item, items, &out) } catch { throw error.inside("[\(index)]") }
            }
            out.append(0)
        case (.map(let items), .map(let entries)):
            if !entries.isEmpty { AvroBytes.append(Int64(entries.count), to: &out) }
            for entry in entries {
                AvroBytes.append(entry.key, to: &out)
                do throws(AvroFault) { try write(entry.value, items, &out) } catch { throw error.inside("[\(entry.key)]") }
            }
            out.append(0)
        case (.record(let names, let nodes), .record(let fields)):
            if fields.names != names { throw fault("the record's fields are not those of the schema") }
            for (index, node) in nodes.enumerated() {
                do throws(AvroFault) { try write(fields.values[index], node, &out) } catch { throw error.inside(names[index]) }
            }
        default: throw fault("\(value.kind) stands where the schema has \(plan.nodes[node].kind)")
        }
    }

    private func fault(_ reason: String) -> AvroFault { AvroFault(offset: 0, reason: reason) }
}

extension AvroPlan.Node {
    var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .int: "an int"
        case .long: "a long"
        case .float: "a float"
        case .double: "a double"
        case .bytes: "bytes"
        case .string: "a string"
        case .array: "an array"
        case .map: "a map"
        case .union: "a union"
        case .record: "a record"
        case .enumeration: "an enum"
        case .fixed: "a fixed type"
        }
    }
}

extension AvroValue {
    var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .int: "an int"
        case .long: "a long"
        case .float: "a float"
        case .double: "a double"
        case .bytes: "bytes"
        case .string: "a string"
        case .array: "an array"
        case .map: "a map"
        case .union: "a union"
        case .record: "a record"
        case .enumeration: "an enum"
        case .fixed: "a fixed type"
        }
    }
}
