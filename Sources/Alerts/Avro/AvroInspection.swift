/// What a file from anywhere holds: its values, and whether they come back byte for byte when they are encoded again.
///
///     let found = try AvroInspection(bytes) { id in try schemas.schema(id) }
///     print(found.values.count, found.isRecodedEqual)
public struct AvroInspection: Sendable {
    public let kind: AvroFileKind
    public let schema: AvroSchema
    public let values: [AvroValue]
    /// The file made anew from the values.
    public let recoded: [UInt8]
    /// The first byte that differs in `recoded`; nil where all are equal.
    public let firstDifference: Int?
    /// True where blocks were compressed: they are compared decompressed, and kept as they are where that is equal.
    public let isCompressed: Bool

    public var isRecodedEqual: Bool { firstDifference == nil }

    /// - Parameters:
    ///   - bytes: an object container, a Confluent frame or a bare body.
    ///   - bodySchema: for a bare body. A file that looks like a frame whose number `schemaOfId` does not know is taken as a body too.
    ///   - schemaOfId: the schema of a frame's number, or nil.
    /// - Throws: `AvroError` of the first thing that is wrong; `.frame` where no schema is known.
    public init(_ bytes: [UInt8], bodySchema: AvroSchema? = nil, schemaOfId: (UInt32) throws -> AvroSchema? = { _ in nil }) throws {
        kind = AvroFileKind(bytes)
        if kind == .container {
            let container = try AvroContainer(reading: bytes)
            schema = container.schema
            values = try container.values()
            recoded = try container.recoded().bytes
            isCompressed = container.codec != .null
        } else {
            var start = 0
            var found = bodySchema
            if case .confluent(let id) = kind, let known = try schemaOfId(id) {
                (start, found) = (ConfluentFrame.headerSizeBytes, known)
            }
            guard let found else {
                if case .confluent(let id) = kind {
                    throw AvroError.frame(reason: "its schema number \(id) is not known, and no schema is given for a body without frame")
                }
                throw AvroError.frame(reason: "it is no container either, and no schema is given for a body without frame")
            }
            let value = try AvroDecoder(found).decode(bytes, from: start)
            schema = found
            values = [value]
            recoded = Array(bytes[..<start]) + (try AvroEncoder(found).encode(value))
            isCompressed = false
        }
        firstDifference = Self.firstDifference(bytes, recoded)
    }

    private static func firstDifference(_ a: [UInt8], _ b: [UInt8]) -> Int? {
        if a == b { return nil }
        return zip(a, b).enumerated().first { $1.0 != $1.1 }?.offset ?? min(a.count, b.count)
    }
}
