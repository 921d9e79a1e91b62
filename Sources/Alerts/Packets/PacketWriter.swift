import Columns

/// The cutouts of an alert, FITS files; nil where there is no image.
public struct AlertStamps: Sendable, Equatable {
    public var difference: [UInt8]?
    public var science: [UInt8]?
    public var template: [UInt8]?

    public init(difference: [UInt8]? = nil, science: [UInt8]? = nil, template: [UInt8]? = nil) {
        (self.difference, self.science, self.template) = (difference, science, template)
    }
}

/// Writes packets of one visit-detector, one by one, from whatever thread.
struct PacketWriter: Sendable {
    /// What one packet is made of: rows of the parts.
    struct Item: Sendable {
        var source: Int
        /// Row of `objects`, whose light curves come along.
        var object: Int?
        var ssSource: Int?
        var orbit: Int?
        var observationReason: String?
        var targetName: String?
        /// Owner in `forced`, where the packet has forced sources without an object.
        var forced: Int?
    }

    /// What all packets of the visit-detector say.
    struct Header: Sendable {
        var kind: AlertKind
        var generation: Int32
        var queriedMjdTai: Double
        var isLate: Bool
    }

    /// The records, each nil where the schema or the visit-detector has none.
    struct Records: Sendable {
        var sources: AvroRowWriter
        var objects: AvroRowWriter?
        var earlier: GroupedRecords?
        var forced: GroupedRecords?
        var ssSources: AvroRowWriter?
        var orbits: AvroRowWriter?
        var upperLimits: GroupedRecords?
    }

    /// One field of the packet and how it is marked as present or null; fields that are nobody's carry their encoded default.
    private enum Step: Sendable {
        case field(PacketField, null: UInt8?, value: UInt8?)
        case constant([UInt8])
    }

    private let frame: [UInt8]
    private let steps: [Step]
    private let ids: [Int64]
    private let records: Records
    private let header: Header
    private let stamps: (@Sendable (_ source: Int) throws -> AlertStamps)?

    /// - Parameters:
    ///   - ids: diaSourceId of each row of `records.sources`.
    ///   - stamps: makes the cutouts of a source.
    /// - Throws: `AvroError.schema` where the schema demands a field that nobody fills.
    init(
        _ schema: PacketSchema, _ header: Header, ids: [Int64], _ records: Records,
        stamps: (@Sendable (_ source: Int) throws -> AlertStamps)?
    ) throws {
        frame = ConfluentFrame.header(schemaId: UInt32(schema.schemaId))
        (self.ids, self.records, self.header, self.stamps) = (ids, records, header, stamps)
        steps = try schema.alert.fields.map { field in
            if let known = PacketField(rawValue: field.name) {
                let branches = AvroColumnField.branches(of: field.type, schema.avro)
                return .field(known, null: branches?.null, value: branches?.value)
            }
            guard let json = field.defaultValue, let value = schema.avro.value(of: json, field.type) else {
                throw AvroError.schema(
                    place: field.name, reason: "the packet demands a field that SkyLedger does not know; use another version of the schema")
            }
            return .constant(try AvroEncoder(schema.avro, type: field.type).encode(value))
        }
    }

    /// The packet in wire form.
    func packet(_ item: Item) throws -> [UInt8] {
        var out = frame
        out.reserveCapacity(1 << 15)
        let cutouts = try stamps?(item.source) ?? AlertStamps()
        for step in steps {
            switch step {
            case .constant(let bytes): out += bytes
            case .field(let field, let null, let value):
                func put(_ isPresent: Bool, _ body: (inout [UInt8]) -> Void) {
                    if isPresent {
                        if let value { out.append(value) }
                        body(&out)
                    } else if let null {
                        out.append(null)
                    }
                }
                write(field, item, cutouts, put)
            }
        }
        return out
    }

    private func write(_ field: PacketField, _ item: Item, _ cutouts: AlertStamps, _ put: (Bool, (inout [UInt8]) -> Void) -> Void) {
        func text(_ value: String?) { put(value != nil) { AvroBytes.append(value!, to: &$0) } }
        func bytes(_ value: [UInt8]?) { put(value != nil) { AvroBytes.append(value!, to: &$0) } }
        switch field {
        case .diaSourceId: put(true) { AvroBytes.append(ids[item.source], to: &$0) }
        case .observationReason: text(item.observationReason)
        case .targetName: text(item.targetName)
        case .diaSource: put(true) { records.sources.append(row: item.source, to: &$0) }
        case .prvDiaSources:
            let earlier = item.object.flatMap { object in records.earlier.flatMap { $0.count(of: object) > 0 ? $0 : nil } }
            put(earlier != nil) { earlier!.append(item.object!, to: &$0) }
        case .prvDiaForcedSources:
            // As the reference: an empty array for an object without any, null where there is no object.
            let owner = item.object ?? item.forced
            put(owner != nil) { out in
                if let forced = records.forced { forced.append(owner!, to: &out) } else { out.append(0) }
            }
        case .diaObject: put(item.object != nil && records.objects != nil) { records.objects!.append(row: item.object!, to: &$0) }
        case .ssSource: put(item.ssSource != nil && records.ssSources != nil) { records.ssSources!.append(row: item.ssSource!, to: &$0) }
        case .orbit: put(item.orbit != nil && records.orbits != nil) { records.orbits!.append(row: item.orbit!, to: &$0) }
        case .cutoutDifference: bytes(cutouts.difference)
        case .cutoutScience: bytes(cutouts.science)
        case .cutoutTemplate: bytes(cutouts.template)
        case .upperLimits:
            put(item.object != nil && records.upperLimits != nil) { records.upperLimits!.append(item.object!, to: &$0) }
        case .issueKind: text(header.kind.rawValue)
        case .generation: put(true) { AvroBytes.append(Int64(header.generation), to: &$0) }
        case .queriedMjdTai: put(true) { AvroBytes.append(header.queriedMjdTai, to: &$0) }
        case .isLate: put(true) { $0.append(header.isLate ? 1 : 0) }
        }
    }
}
