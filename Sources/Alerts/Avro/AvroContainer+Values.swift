import Compression

extension AvroContainer {
    /// The bytes of a block's values, decompressed.
    /// - Throws: `AvroError.container`
    public func body(ofBlock index: Int) throws -> [UInt8] {
        switch codec {
        case .null: return blocks[index].stored
        case .deflate:
            do { return try RawDeflate.inflate(blocks[index].stored) } catch let fault as Inflation.Fault {
                throw AvroError.container(offset: 0, reason: "block \(index + 1) cannot be decompressed: \(fault.reason)")
            }
        }
    }

    /// - Throws: `AvroError.data` with offsets in the decompressed block; `AvroError.container`
    public func values(ofBlock index: Int, decoder: AvroDecoder? = nil) throws -> [AvroValue] {
        let decoder = decoder ?? AvroDecoder(schema)
        let body = try body(ofBlock: index)
        var at = 0
        var values: [AvroValue] = []
        guard blocks[index].valueCount <= decoder.limits.itemCountMax else {
            throw AvroError.container(offset: 0, reason: "block \(index + 1) says that it holds \(blocks[index].valueCount) values")
        }
        for _ in 0..<blocks[index].valueCount { values.append(try decoder.decode(body, at: &at)) }
        if at != body.count {
            throw AvroError.data(offset: at, path: "", reason: "\(body.count - at) bytes are left after the values of block \(index + 1)")
        }
        return values
    }

    /// The values of all blocks in their order.
    /// - Throws: `AvroError.data`, `AvroError.container`
    public func values() throws -> [AvroValue] {
        let decoder = AvroDecoder(schema)
        return try blocks.indices.flatMap { try values(ofBlock: $0, decoder: decoder) }
    }

    /// Adds a block with these values.
    /// - Throws: `AvroError.value`
    public mutating func append(_ values: [AvroValue]) throws {
        let encoder = AvroEncoder(schema)
        var body: [UInt8] = []
        for value in values { try encoder.encode(value, to: &body) }
        append(body: body, valueCount: values.count)
    }

    /// Adds a block of values that are encoded already.
    public mutating func append(body: [UInt8], valueCount: Int) {
        blocks.append(Block(valueCount: valueCount, stored: codec == .null ? body : RawDeflate.deflate(body)))
    }

    /// The same container with every value decoded and encoded again, block by block. Compressed blocks whose values come back byte for
    /// byte keep their stored form: a compressor's bytes depend on its version, so they tell nothing about the values.
    /// - Throws: `AvroError.data`, `AvroError.container`
    public func recoded() throws -> AvroContainer {
        var out = self
        out.blocks = []
        let decoder = AvroDecoder(schema)
        let encoder = AvroEncoder(schema)
        for index in blocks.indices {
            var body: [UInt8] = []
            for value in try values(ofBlock: index, decoder: decoder) { try encoder.encode(value, to: &body) }
            if try codec != .null && body == self.body(ofBlock: index) {
                out.blocks.append(blocks[index])
            } else {
                out.append(body: body, valueCount: blocks[index].valueCount)
            }
        }
        return out
    }
}
