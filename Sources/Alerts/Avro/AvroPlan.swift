/// A schema laid out for decoding and encoding: nodes by number, so that references and records within themselves cost nothing.
struct AvroPlan: Sendable {
    enum Node: Sendable {
        case null, boolean, int, long, float, double, bytes, string
        case array(Int)
        case map(Int)
        /// `ready[branch]` is the value of a branch without bytes, made once: most fields of real packets are null.
        case union([Int], ready: [AvroValue?])
        case record(names: [String], fields: [Int])
        case enumeration([String])
        case fixed(Int)
    }

    private(set) var nodes: [Node] = []
    private var known: [String: Int] = [:]
    let root: Int

    init(_ schema: AvroSchema) { self.init(schema.root, of: schema) }

    /// A plan of one type of the schema.
    init(_ type: AvroType, of schema: AvroSchema) {
        var nodes: [Node] = []
        var known: [String: Int] = [:]
        root = Self.add(type, schema, &nodes, &known)
        self.nodes = nodes
        self.known = known
    }

    private static func add(_ type: AvroType, _ schema: AvroSchema, _ nodes: inout [Node], _ known: inout [String: Int]) -> Int {
        func new(_ node: Node) -> Int {
            nodes.append(node)
            return nodes.count - 1
        }
        switch type {
        case .null: return new(.null)
        case .boolean: return new(.boolean)
        case .int: return new(.int)
        case .long: return new(.long)
        case .float: return new(.float)
        case .double: return new(.double)
        case .bytes: return new(.bytes)
        case .string: return new(.string)
        case .logical(_, let type): return add(type, schema, &nodes, &known)
        case .reference(let name): return known[name] ?? add(schema.definitions[name]!, schema, &nodes, &known)
        case .array(let items): return new(.array(add(items, schema, &nodes, &known)))
        case .map(let values): return new(.map(add(values, schema, &nodes, &known)))
        case .union(let branches):
            let ready = branches.enumerated().map { $1.stored == .null ? AvroValue.union(branch: $0, .null) : nil }
            return new(.union(branches.map { add($0, schema, &nodes, &known) }, ready: ready))
        case .enumeration(let enumeration):
            if let node = known[enumeration.name] { return node }
            known[enumeration.name] = new(.enumeration(enumeration.symbols))
            return nodes.count - 1
        case .fixed(let fixed):
            if let node = known[fixed.name] { return node }
            known[fixed.name] = new(.fixed(fixed.sizeBytes))
            return nodes.count - 1
        case .record(let record):
            if let node = known[record.name] { return node }
            let place = new(.null)
            known[record.name] = place
            let fields = record.fields.map { add($0.type, schema, &nodes, &known) }
            nodes[place] = .record(names: record.fields.map(\.name), fields: fields)
            return place
        }
    }
}
