/// An object container file (specification, "Object Container Files"): a schema and blocks of values.
///
///     let container = try AvroContainer(reading: bytes)
///     for value in try container.values() { ... }
///
/// Its blocks stay as they are stored until they are asked for, so a container that is written again has the bytes that were read.
public struct AvroContainer: Sendable {
    public static let magic: [UInt8] = [0x4F, 0x62, 0x6A, 0x01]
    static let syncSizeBytes = 16

    /// How blocks are compressed. Snappy, zstandard, bzip2 and xz are not supported.
    public enum Codec: String, Sendable, CaseIterable {
        case null, deflate
    }

    public struct Block: Sendable, Equatable {
        public var valueCount: Int
        /// Compressed as the codec says.
        public var stored: [UInt8]
    }

    /// In the file's order: "avro.schema", "avro.codec" and what the writer added.
    public private(set) var metadata: [(key: String, value: [UInt8])]
    public let schema: AvroSchema
    public let codec: Codec
    /// 16 bytes after each block.
    public let sync: [UInt8]
    public internal(set) var blocks: [Block] = []

    /// An empty container.
    /// - Parameters:
    ///   - sync: 16 bytes that do not occur in the data; the file is the same for the same ones.
    ///   - metadata: further entries, whose names do not begin with "avro.".
    public init(schema: AvroSchema, codec: Codec = .null, sync: [UInt8], metadata: [(key: String, value: [UInt8])] = []) {
        precondition(sync.count == Self.syncSizeBytes, "a sync marker has 16 bytes, not \(sync.count)")
        self.schema = schema
        self.codec = codec
        self.sync = sync
        self.metadata =
            metadata + [
                (key: "avro.codec", value: Array(codec.rawValue.utf8)),
                (key: "avro.schema", value: Array(schema.selfContainedText.utf8)),
            ]
    }

    /// Reads a whole file. The blocks are checked to stand where they say, but not decoded.
    /// - Throws: `AvroError.container`; `AvroError.schema`
    public init(reading bytes: [UInt8]) throws {
        guard bytes.starts(with: Self.magic) else {
            throw AvroError.container(offset: 0, reason: "the file does not begin with 'Obj' and 1, so it is no object container")
        }
        var metadata: [(key: String, value: [UInt8])] = []
        var blocks: [Block] = []
        let sync = try bytes.withUnsafeBytes { buffer in
            var reader = AvroReader(buffer, at: Self.magic.count)
            do throws(AvroFault) {
                while case let count = try reader.long(), count != 0 {
                    if count < 0 { _ = try reader.length() }
                    for _ in 0..<count.magnitude { metadata.append((try reader.string(), try reader.bytes(reader.length()))) }
                }
                let sync = try reader.bytes(Self.syncSizeBytes)
                while reader.at < buffer.count {
                    let start = reader.at
                    let count = try reader.long()
                    if count < 0 || count > Int64(Int32.max) {
                        throw AvroFault(offset: start, reason: "a block says that it holds \(count) values")
                    }
                    blocks.append(Block(valueCount: Int(count), stored: try reader.bytes(reader.length())))
                    let end = reader.at
                    if try reader.bytes(Self.syncSizeBytes) != sync {
                        throw AvroFault(offset: end, reason: "the sync marker after block \(blocks.count) is not that of the header")
                    }
                }
                return sync
            } catch { throw AvroError.container(offset: error.offset, reason: error.reason) }
        }
        func entry(_ key: String) -> String? { metadata.first { $0.key == key }.map { String(decoding: $0.value, as: UTF8.self) } }
        guard let text = entry("avro.schema") else { throw AvroError.container(offset: 4, reason: "the header has no 'avro.schema'") }
        let name = entry("avro.codec") ?? Codec.null.rawValue
        guard let codec = Codec(rawValue: name) else {
            let known = Codec.allCases.map(\.rawValue).joined(separator: ", ")
            throw AvroError.container(offset: 4, reason: "the codec '\(name)' is not supported (\(known) are)")
        }
        self.metadata = metadata
        self.sync = sync
        self.codec = codec
        self.blocks = blocks
        schema = try AvroSchema(text)
    }

    /// The file. Equal to what was read, if its header was one block without its size, as all known writers make it.
    public var bytes: [UInt8] {
        var out = Self.magic
        AvroBytes.append(Int64(metadata.count), to: &out)
        for (key, value) in metadata {
            AvroBytes.append(key, to: &out)
            AvroBytes.append(value, to: &out)
        }
        out.append(0)
        out += sync
        for block in blocks { out += bytes(of: block) }
        return out
    }

    /// A block as it stands in the file, with the sync marker behind it.
    func bytes(of block: Block) -> [UInt8] {
        var out: [UInt8] = []
        AvroBytes.append(Int64(block.valueCount), to: &out)
        AvroBytes.append(block.stored, to: &out)
        return out + sync
    }
}
