/// Decodes packets of the ledger by the schemas that it keeps beside them.
///
///     let packets = LedgerPackets(LedgerRegistry(connection))
///     let value = try packets.value(entry, packet)
///
/// A packet is a Confluent frame, whose body is of the schema that the ledger recorded with the alert, or an object container with one
/// record, which carries its own. Schemas are read once. Serves one thread.
public final class LedgerPackets {
    private let registry: LedgerRegistry
    private var decoders: [Int32: AvroDecoder] = [:]

    public init(_ registry: LedgerRegistry) { self.registry = registry }

    /// The record that a packet holds.
    /// - Throws: `LedgerError.unreadable` where it is not of its schema; `LedgerError.unknown`, `PostgresError`
    public func value(_ entry: LedgerEntry, _ packet: [UInt8]) throws -> AvroValue {
        let decoder = try decoder(entry.alert.schemaId)
        let body = try body(entry, packet)
        return try readable(entry) { try decoder.decode(body) }
    }

    /// The record's bytes in Avro's binary form, without frame or container.
    /// - Throws: `LedgerError.unreadable`
    public func body(_ entry: LedgerEntry, _ packet: [UInt8]) throws -> [UInt8] {
        try readable(entry) {
            guard AvroFileKind(packet) == .container else { return try ConfluentFrame(reading: packet).body }
            let container = try AvroContainer(reading: packet)
            guard let block = container.singleBlock else {
                throw AvroError.container(offset: 0, reason: "it does not hold one record")
            }
            return try container.body(ofBlock: block)
        }
    }

    /// The schema that the ledger recorded with alerts of this number.
    /// - Throws: `LedgerError.unknown`, `AvroError.schema`, `PostgresError`
    public func schema(_ schemaId: Int32) throws -> AvroSchema { try decoder(schemaId).schema }

    private func decoder(_ schemaId: Int32) throws -> AvroDecoder {
        if let known = decoders[schemaId] { return known }
        let decoder = AvroDecoder(try AvroSchema(registry.schema(schemaId)))
        decoders[schemaId] = decoder
        return decoder
    }

    private func readable<Result>(_ entry: LedgerEntry, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as AvroError {
            throw LedgerError.unreadable(alertId: entry.alert.alertId, reason: error.reason)
        }
    }
}

extension AvroContainer {
    /// The block with the one record of the container; nil where it holds none or several.
    var singleBlock: Int? {
        blocks.reduce(0) { $0 + $1.valueCount } == 1 ? blocks.firstIndex { $0.valueCount == 1 } : nil
    }
}
