/// The schema that packets are written by, and its number in frames and ledger.
///
/// Packets follow LSST's newest schema (lsst-alert-packet) in every field, and carry behind its last field what that one has no place for:
/// upper limits, the time of the database query, whether the alert is late. Who decodes with LSST's own schema reads its fields and stops
/// before ours. Since the bytes differ, so does the number: 1,000,000 above LSST's `major * 100 + minor`. A plain schema is LSST's alone,
/// under LSST's number.
public struct PacketSchema: Sendable {
    public let schemaId: Int32
    public let avro: AvroSchema
    /// The record of a whole packet.
    let alert: AvroRecord

    /// What is added to LSST's numbers for schemas with our fields.
    public static let extensionOffset: Int32 = 1_000_000

    /// The schema of one of LSST's versions.
    ///
    /// - Parameter isPlain: whether our fields are left out.
    /// - Throws: `AvroError`
    public init(_ version: AlertSchemaFolder.Version, of folder: AlertSchemaFolder, isPlain: Bool = false) throws {
        let lsst = try folder.schema(of: version)
        let number = Int32(version.schemaId)
        if isPlain {
            try self.init(schemaId: number, text: lsst.selfContainedText)
        } else {
            try self.init(schemaId: number + Self.extensionOffset, text: try Self.extended(lsst.selfContainedText))
        }
    }

    /// A schema from the ledger.
    /// - Throws: `AvroError.schema`
    public init(schemaId: Int32, text: String) throws {
        self.schemaId = schemaId
        avro = try AvroSchema(text)
        guard case .record(let record) = avro.root else { throw AvroError.schema(place: "", reason: "it is no record") }
        alert = record
    }

    /// Whether our fields are in it.
    public var isExtended: Bool { alert.field(PacketField.issueKind.rawValue) != nil }

    /// The text with our fields behind the alert's own.
    private static func extended(_ text: String) throws -> String {
        guard case .object(var members) = try OrderedJSON(reading: text), let at = members.firstIndex(where: { $0.name == "fields" }),
            case .array(let fields) = members[at].value, case .array(let own) = try OrderedJSON(reading: ownFields)
        else { throw AvroError.schema(place: "", reason: "it is no record with fields") }
        members[at].value = .array(fields + own)
        return OrderedJSON.object(members).compact
    }

    /// `prvDiaNondetectionLimits` had this form in LSST's schemas up to version 7.
    private static let ownFields = """
        [{"name": "prvDiaNondetectionLimits", "default": null, "doc": "Visits of the last months that covered the position of the object and recorded nothing of it.",
          "type": ["null", {"type": "array", "items": {"type": "record", "name": "diaNondetectionLimit", "namespace": "skyledger.v1", "fields": [
            {"name": "visit", "type": "long", "doc": "Id of the visit."},
            {"name": "detector", "type": "int", "doc": "Id of the detector."},
            {"name": "midpointMjdTai", "type": "double", "doc": "Middle of the exposure, MJD TAI [d]."},
            {"name": "band", "type": ["null", "string"], "default": null, "doc": "Filter band."},
            {"name": "diaNoise", "type": ["null", "float"], "default": null, "doc": "Noise of the difference image for point sources [nJy]."}]}}]},
         {"name": "issueKind", "type": "string", "default": "visit", "doc": "visit: a detection that belongs to an object; belowThreshold: one that belongs to none; target: a position of a list, no detection."},
         {"name": "generation", "type": ["null", "int"], "default": null, "doc": "Lineage of Level-1 data that the alert was made from."},
         {"name": "queriedMjdTai", "type": ["null", "double"], "default": null, "doc": "When the histories were read from the database, MJD TAI [d]."},
         {"name": "isLate", "type": "boolean", "default": false, "doc": "Whether the alert was issued later after the exposure than the survey promises."}]
        """
}

/// The fields of a packet that are filled; LSST's first, then ours.
enum PacketField: String, CaseIterable {
    case diaSourceId
    case observationReason = "observation_reason"
    case targetName = "target_name"
    case diaSource, prvDiaSources, prvDiaForcedSources, diaObject, ssSource
    case orbit = "mpc_orbits"
    case cutoutDifference, cutoutScience, cutoutTemplate
    case upperLimits = "prvDiaNondetectionLimits"
    case issueKind, generation, queriedMjdTai, isLate
}
