/// The alerts of a file from elsewhere: an object container with any number of records, or one message in Confluent's wire form.
///
/// What is kept of it, and what comes back byte for byte:
/// - of a container with one record, and of a wire form, the whole file;
/// - of a container with several records, for each record its encoded bytes as they stand in the (decompressed) block, in a Confluent
///   frame with the ledger's number of the schema. The record comes back byte for byte behind the five bytes of that frame, the file does
///   not: its blocks, its codec and its sync marker belong to no record.
public struct ForeignFile: Sendable {
    public let path: String
    public let schema: ForeignSchema
    public let packets: [(alert: ForeignAlert, bytes: [UInt8])]
    /// SHA-256 of the file.
    public let sha256: [UInt8]

    /// - Parameter schemaOfId: the schema of a wire form's number, or nil.
    /// - Throws: `ForeignError`
    public init(_ bytes: [UInt8], path: String, schemaOfId: (UInt32) throws -> AvroSchema? = { _ in nil }) throws {
        self.path = path
        sha256 = LedgerDigest().of(bytes)
        do {
            switch AvroFileKind(bytes) {
            case .container:
                let container = try AvroContainer(reading: bytes)
                schema = ForeignSchema(container.schema)
                packets = try Self.packets(container, bytes, schema, path)
            case .confluent(let id):
                guard let found = try schemaOfId(id) else {
                    throw ForeignError.file(path: path, reason: "it is a wire form of schema \(id), which is not known")
                }
                schema = ForeignSchema(found)
                let value = try AvroDecoder(found).decode(bytes, from: ConfluentFrame.headerSizeBytes)
                packets = [(try Self.alert(value, 1, path), bytes)]
            case .body:
                throw ForeignError.file(path: path, reason: "it is neither an Avro container nor a wire form with a schema number")
            }
        } catch let error as AvroError { throw ForeignError.file(path: path, reason: error.reason) }
        if packets.isEmpty { throw ForeignError.file(path: path, reason: "the container has no records") }
    }

    private static func packets(
        _ container: AvroContainer, _ bytes: [UInt8], _ schema: ForeignSchema, _ path: String
    ) throws -> [(alert: ForeignAlert, bytes: [UInt8])] {
        let decoder = AvroDecoder(container.schema)
        let isSingle = container.singleBlock != nil
        var out: [(alert: ForeignAlert, bytes: [UInt8])] = []
        for index in container.blocks.indices {
            let body = try container.body(ofBlock: index)
            var at = 0
            for _ in 0..<container.blocks[index].valueCount {
                let start = at
                let value = try decoder.decode(body, at: &at)
                let frame = ConfluentFrame.header(schemaId: UInt32(bitPattern: schema.schemaId))
                out.append((try alert(value, out.count + 1, path), isSingle ? bytes : frame + body[start..<at]))
            }
            if at != body.count {
                throw ForeignError.file(path: path, reason: "\(body.count - at) bytes are left after the records of block \(index + 1)")
            }
        }
        return out
    }

    private static func alert(_ value: AvroValue, _ record: Int, _ path: String) throws -> ForeignAlert {
        do { return try ForeignAlert(value) } catch let fault as ForeignAlert.Fault {
            throw ForeignError.record(path: path, record: record, reason: fault.reason)
        }
    }
}
