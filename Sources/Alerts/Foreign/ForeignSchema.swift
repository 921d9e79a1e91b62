/// A schema that others issue by, with the number that the ledger keeps it under.
public struct ForeignSchema: Sendable, Equatable {
    /// Negative, so that it never is a number of LSST's (`major * 100 + minor`): the upper bit, and the lower 31 bits of the CRC-64-AVRO
    /// of the schema's text. Of two texts with the same number, which one pair in two thousand million has, the ledger refuses the second.
    public let schemaId: Int32
    /// Self-contained.
    public let text: String

    public init(_ schema: AvroSchema) {
        text = schema.selfContainedText
        schemaId = Int32(bitPattern: UInt32(truncatingIfNeeded: AvroSchema.crc64(Array(text.utf8))) | 0x8000_0000)
    }
}
