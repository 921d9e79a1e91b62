/// A message as Kafka carries it with Confluent's schema registry: a zero byte, the schema's number (four bytes, the highest first), and
/// the Avro body. LSST numbers its alert schemas `major * 100 + minor`.
public struct ConfluentFrame: Sendable, Equatable {
    public static let headerSizeBytes = 5

    public var schemaId: UInt32
    public var body: [UInt8]

    public init(schemaId: UInt32, body: [UInt8]) {
        self.schemaId = schemaId
        self.body = body
    }

    /// - Throws: `AvroError.frame` where there are fewer than five bytes or the first is not zero.
    public init(reading bytes: [UInt8]) throws {
        guard bytes.count >= Self.headerSizeBytes else {
            throw AvroError.frame(reason: "it has \(bytes.count) bytes where the header alone needs \(Self.headerSizeBytes)")
        }
        guard bytes[0] == 0 else { throw AvroError.frame(reason: "its first byte is \(bytes[0]), not 0") }
        schemaId = bytes[1..<5].reduce(0) { $0 << 8 | UInt32($1) }
        body = Array(bytes[5...])
    }

    public var bytes: [UInt8] { Self.header(schemaId: schemaId) + body }

    /// The five bytes before the body.
    public static func header(schemaId: UInt32) -> [UInt8] {
        [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: schemaId >> $0) }
    }

    /// LSST's number of a version: 7.1 is 701, 11.0 is 1100.
    /// - Precondition: `minor` is below 100.
    public static func schemaId(major: Int, minor: Int) -> UInt32 {
        precondition(major >= 0 && (0..<100).contains(minor), "\(major).\(minor) has no number")
        return UInt32(major * 100 + minor)
    }

    /// The version that the number tells, if it is LSST's.
    public var lsstVersion: AlertSchemaFolder.Version { .init(schemaId: schemaId) }
}

/// What the bytes of a file are, as far as they tell it themselves.
public enum AvroFileKind: Sendable, Equatable {
    /// An object container file: it carries its schema.
    case container
    /// Zero byte and number. A bare body may begin with such bytes too, so this is a guess.
    case confluent(schemaId: UInt32)
    /// Anything else: a bare body, if it is Avro at all.
    case body

    public init(_ bytes: [UInt8]) {
        if bytes.starts(with: AvroContainer.magic) {
            self = .container
        } else if let frame = try? ConfluentFrame(reading: bytes), !frame.body.isEmpty {
            self = .confluent(schemaId: frame.schemaId)
        } else {
            self = .body
        }
    }
}
