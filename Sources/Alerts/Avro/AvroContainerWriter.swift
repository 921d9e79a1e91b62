/// Writes an object container piece by piece, so that only a block is in memory.
///
///     var writer = AvroContainerWriter(schema: schema, sync: sync) { try handle.write(contentsOf: $0) }
///     try writer.append(body)
///     try writer.finish()
public struct AvroContainerWriter {
    /// A block is written when its bodies have this size.
    public static let blockSizeBytes = 1 << 20

    private var container: AvroContainer
    private let sink: ([UInt8]) throws -> Void
    private var pending: [UInt8] = []
    private var pendingCount = 0
    private var hasHeader = false

    /// - Parameters:
    ///   - sync: 16 bytes that do not occur in the data.
    ///   - metadata: further entries, whose names do not begin with "avro.".
    ///   - sink: takes the file's bytes in their order.
    public init(
        schema: AvroSchema, codec: AvroContainer.Codec = .deflate, sync: [UInt8], metadata: [(key: String, value: [UInt8])] = [],
        sink: @escaping ([UInt8]) throws -> Void
    ) {
        container = AvroContainer(schema: schema, codec: codec, sync: sync, metadata: metadata)
        self.sink = sink
    }

    /// Adds a record that is encoded already.
    /// - Throws: what the sink throws
    public mutating func append(_ body: [UInt8]) throws {
        pending += body
        pendingCount += 1
        if pending.count >= Self.blockSizeBytes { try writeBlock() }
    }

    /// Writes what is pending, and the header of a container without records.
    /// - Throws: what the sink throws
    public mutating func finish() throws {
        if pendingCount > 0 { try writeBlock() } else { try writeHeader() }
    }

    private mutating func writeHeader() throws {
        if !hasHeader { try sink(container.bytes) }
        hasHeader = true
    }

    private mutating func writeBlock() throws {
        try writeHeader()
        container.append(body: pending, valueCount: pendingCount)
        if let block = container.blocks.popLast() { try sink(container.bytes(of: block)) }
        pending.removeAll(keepingCapacity: true)
        pendingCount = 0
    }
}
