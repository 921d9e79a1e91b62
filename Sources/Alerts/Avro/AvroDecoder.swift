/// What a decoder takes at most, so that a few bytes from a stranger cannot ask for all memory.
public struct AvroLimits: Sendable, Equatable {
    /// Values within values.
    public var depthMax = 64
    /// Items of all arrays and entries of all maps in one value.
    public var itemCountMax = 4_000_000

    public init() {}
}

/// Turns bytes of the binary form (specification, "Binary Encoding") into values.
///
///     let value = try AvroDecoder(schema).decode(bytes)
///     let id = value["diaSourceId"]?.integer
///
/// Any bytes give a value or an error that names the byte and the field; none makes it read past the end.
public struct AvroDecoder: Sendable {
    public let schema: AvroSchema
    public let limits: AvroLimits
    let plan: AvroPlan

    public init(_ schema: AvroSchema, limits: AvroLimits = AvroLimits()) {
        self.schema = schema
        self.limits = limits
        plan = AvroPlan(schema)
    }

    /// The one value that `bytes` hold from `start` to their end.
    /// - Throws: `AvroError.data`, also where bytes are left.
    public func decode(_ bytes: [UInt8], from start: Int = 0) throws -> AvroValue {
        var at = start
        let value = try decode(bytes, at: &at)
        if at != bytes.count {
            throw AvroError.data(offset: at, path: "", reason: "\(bytes.count - at) bytes are left after the value")
        }
        return value
    }

    /// The value that begins at `at`, which is moved to the byte after it.
    /// - Throws: `AvroError.data`
    public func decode(_ bytes: [UInt8], at: inout Int) throws -> AvroValue {
        precondition(at >= 0 && at <= bytes.count)
        let start = at
        let (value, end) = try bytes.withUnsafeBytes { buffer in
            var walk = AvroDecoding(plan: plan, limits: limits, reader: AvroReader(buffer, at: start))
            do throws(AvroFault) {
                let value = try walk.value(plan.root, depth: 0)
                return (value, walk.reader.at)
            } catch {
                throw AvroError.data(offset: error.offset, path: error.pathText, reason: error.reason)
            }
        }
        at = end
        return value
    }
}

/// A fault in data; the path grows on the way out, so that sound data pay nothing for it.
struct AvroFault: Error {
    var offset: Int
    var reason: String
    /// From the inside to the outside.
    var path: [String] = []

    var pathText: String {
        path.reversed().reduce(into: "") { text, part in text += part.hasPrefix("[") || text.isEmpty ? part : "." + part }
    }

    func inside(_ part: String) -> AvroFault {
        var out = self
        out.path.append(part)
        return out
    }
}

/// One walk through bytes along a plan.
struct AvroDecoding {
    let plan: AvroPlan
    let limits: AvroLimits
    var reader: AvroReader
    var itemCount = 0

    init(plan: AvroPlan, limits: AvroLimits, reader: AvroReader) {
        self.plan = plan
        self.limits = limits
        self.reader = reader
    }

    mutating func value(_ node: Int, depth: Int) throws(AvroFault) -> AvroValue {
        switch plan.nodes[node] {
        case .null: return .null
        case .boolean: return .boolean(try reader.boolean())
        case .int: return .int(try reader.int())
        case .long: return .long(try reader.long())
        case .float: return .float(try reader.float())
        case .double: return .double(try reader.double())
        case .bytes: return .bytes(try reader.bytes(reader.length()))
        case .string: return .string(try reader.string())
        case .fixed(let size): return .fixed(try reader.bytes(size))
        case .enumeration(let symbols):
            let start = reader.at
            let index = try reader.int()
            guard symbols.indices.contains(Int(index)) else {
                throw AvroFault(offset: start, reason: "the symbol \(index) is none of the enum's \(symbols.count)")
            }
            return .enumeration(index: Int(index), symbol: symbols[Int(index)])
        case .union(let branches, let ready):
            let start = reader.at
            let branch = try reader.long()
            guard branch >= 0, branch < branches.count else {
                throw AvroFault(offset: start, reason: "the branch \(branch) is none of the union's \(branches.count)")
            }
            if let ready = ready[Int(branch)] { return ready }
            return .union(branch: Int(branch), try value(branches[Int(branch)], depth: try deeper(depth)))
        case .record(let names, let fields): return try record(names, fields, depth: depth)
        case .array(let items):
            let inner = try deeper(depth)
            var values: [AvroValue] = []
            try blocks { (walk, index) throws(AvroFault) in
                do throws(AvroFault) { values.append(try walk.value(items, depth: inner)) } catch { throw error.inside("[\(index)]") }
            }
            return .array(values)
        case .map(let items):
            let inner = try deeper(depth)
            var entries: [AvroEntry] = []
            try blocks { (walk, _) throws(AvroFault) in
                let key = try walk.reader.string()
                do throws(AvroFault) {
                    entries.append(AvroEntry(key, try walk.value(items, depth: inner)))
                } catch { throw error.inside("[\(key)]") }
            }
            return .map(entries)
        }
    }

    private func deeper(_ depth: Int) throws(AvroFault) -> Int {
        if depth >= limits.depthMax { throw AvroFault(offset: reader.at, reason: "values nest deeper than \(limits.depthMax)") }
        return depth + 1
    }

    private mutating func record(_ names: [String], _ fields: [Int], depth: Int) throws(AvroFault) -> AvroValue {
        let inner = try deeper(depth)
        var values: [AvroValue] = []
        values.reserveCapacity(fields.count)
        for (index, field) in fields.enumerated() {
            do throws(AvroFault) { values.append(try value(field, depth: inner)) } catch { throw error.inside(names[index]) }
        }
        return .record(AvroFields(names: names, values: values))
    }

    /// Blocks of an array or map: a count and as many items, until a count of 0. A negative count is followed by the block's size.
    private mutating func blocks(_ item: (inout AvroDecoding, Int) throws(AvroFault) -> Void) throws(AvroFault) {
        var index = 0
        while true {
            let start = reader.at
            var count = try reader.long()
            if count == 0 { return }
            var end: Int?
            if count < 0 {
                let (positive, overflow) = Int64(0).subtractingReportingOverflow(count)
                count = overflow ? Int64.max : positive
                end = try reader.length() + reader.at
            }
            guard count <= limits.itemCountMax - itemCount else {
                throw AvroFault(offset: start, reason: "a block of \(count) items passes the limit of \(limits.itemCountMax)")
            }
            itemCount += Int(count)
            for _ in 0..<Int(count) {
                try item(&self, index)
                index += 1
            }
            if let end, end != reader.at { throw AvroFault(offset: reader.at, reason: "a block's items do not end where its size says") }
        }
    }
}
