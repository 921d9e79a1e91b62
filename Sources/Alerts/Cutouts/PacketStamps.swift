/// The stamps of an alert as its packet carries them: FITS files, gzipped or not.
///
///     let stamps = PacketStamps(try decoder.decode(body))
///
/// LSST's packets have the bytes in `cutoutDifference`, `cutoutScience` and `cutoutTemplate`; ZTF's have records of that name with the bytes
/// in `stampData`.
public struct PacketStamps: Sendable, Equatable {
    public var difference: [UInt8]?
    public var science: [UInt8]?
    public var template: [UInt8]?

    /// Whether the packet's schema has a place for stamps at all.
    public var isKnown: Bool

    public init(_ alert: AvroValue) {
        func stamp(_ name: String) -> [UInt8]? {
            let bytes = alert[name]?.data ?? alert[name]?["stampData"]?.data
            return bytes?.isEmpty == true ? nil : bytes
        }
        difference = stamp("cutoutDifference")
        science = stamp("cutoutScience")
        template = stamp("cutoutTemplate")
        isKnown = ["cutoutDifference", "cutoutScience", "cutoutTemplate"].contains { alert[$0] != nil }
    }

    /// From a packet as it is stored or sent: a Confluent frame, a bare body, or a container file, whose first alert is taken.
    ///
    /// - Parameters:
    ///   - schema: of a frame or body; containers carry theirs.
    /// - Throws: `AvroError`
    public init(packet: [UInt8], schema: AvroSchema?) throws {
        switch AvroFileKind(packet) {
        case .container:
            let container = try AvroContainer(reading: packet)
            guard let first = try container.values().first else { throw AvroError.container(offset: 0, reason: "it holds no alert") }
            self.init(first)
        case .confluent:
            guard let schema else { throw AvroError.frame(reason: "no schema is given for it") }
            self.init(try AvroDecoder(schema).decode(packet, from: ConfluentFrame.headerSizeBytes))
        case .body:
            guard let schema else { throw AvroError.frame(reason: "no schema is given for a body without frame") }
            self.init(try AvroDecoder(schema).decode(packet, from: 0))
        }
    }

    /// Difference, science, template, with the names that packets give them.
    public var named: [(name: String, bytes: [UInt8]?)] {
        [("cutoutDifference", difference), ("cutoutScience", science), ("cutoutTemplate", template)]
    }
}
