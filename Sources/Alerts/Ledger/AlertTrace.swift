import Catalog
import Columns
import Postgres

/// What an alert was when it was issued, and what has become of its source and object since.
///
///     let trace = try AlertTrace(entry, packet: value, on: connection, generation: generation)
///     print(trace.state)
public struct AlertTrace: Sendable {
    /// What has become of the source.
    public enum State: String, Sendable, Codable {
        /// It belongs to the object of the alert.
        case asIssued
        /// It belongs to another object, or to none, or to one where it had none.
        case reassigned
        /// It counts as never having been.
        case withdrawn
        /// It is not in the present generation: retention took it out, or what a release made of it is not known.
        case gone
        /// A release's processing saw its visit-detector again and found no such source.
        case vanished
        /// Alerts of others and those without detection have no source here.
        case noSource
    }

    /// What the alert's source and object are called in the generation that is asked, where that is not the alert's own.
    public struct Identity: Sendable, Equatable {
        /// Nil where the source has no counterpart, or none that is known.
        public var diaSourceId: Int64?
        /// Whether it is known that it has none.
        public var hasVanished: Bool
        /// All parts of the object, the principal one first.
        public var diaObjectIds: [Int64]

        public init(diaSourceId: Int64?, hasVanished: Bool, diaObjectIds: [Int64]) {
            self.diaSourceId = diaSourceId
            self.hasVanished = hasVanished
            self.diaObjectIds = diaObjectIds
        }
    }

    public let entry: LedgerEntry
    /// The present names; nil where they are the alert's.
    public let identity: Identity?
    /// Middle of the exposure as the packet tells it, MJD TAI.
    public let midpointMjdTai: Double?
    public let generation: Int
    public let state: State
    /// The row of DiaSource, one row or none.
    public let source: Table
    /// The newest version of the source's present object, one row or none.
    public let object: Table
    /// The newest version of the object that the alert told, or of what became of it, one row or none.
    public let issuedObject: Table

    /// - Parameters:
    ///   - connection: as the role `reader`, outside a transaction.
    ///   - generation: the present one.
    ///   - identity: what the source and the object are called there; nil where the alert was issued in that generation.
    /// - Throws: `PostgresError`
    public init(
        _ entry: LedgerEntry, packet: AvroValue, on connection: Connection, generation: Generation, identity: Identity? = nil
    ) throws {
        self.entry = entry
        self.identity = identity
        self.generation = generation.id
        midpointMjdTai = PacketFacts(packet).midpointMjdTai
        let issuedId = ForeignImport.isForeign(entry.key) ? nil : entry.alert.diaSourceId
        let id = identity.map { issuedId == nil ? nil : $0.diaSourceId } ?? issuedId
        let issuedObjectId = identity.map(\.diaObjectIds.first) ?? entry.alert.diaObjectId
        (source, object, issuedObject) = try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let lookup = Lookup(connection: connection, generation: generation)
            let source = try id.map(lookup.source) ?? Table()
            let present = Self.number("diaObjectId", source)
            return try (
                source, present.map(lookup.object) ?? Table(),
                issuedId == nil ? Table() : issuedObjectId.map(lookup.object) ?? Table()
            )
        }
        if issuedId == nil {
            state = .noSource
        } else if identity?.hasVanished == true {
            state = .vanished
        } else if source.rowCount == 0 {
            state = .gone
        } else if let withdrawn = source["timeWithdrawnMjdTai"], !withdrawn.isNull(0) {
            state = .withdrawn
        } else {
            let present = Self.number("diaObjectId", source)
            let isSameObject =
                identity.map { known in
                    present.map(known.diaObjectIds.contains) ?? (entry.alert.diaObjectId == nil)
                } ?? (present == entry.alert.diaObjectId)
            let isSame = isSameObject && Self.number("ssObjectId", source) == entry.alert.ssObjectId
            state = isSame ? .asIssued : .reassigned
        }
    }

    /// The source's present number; nil where it has none.
    public var diaSourceId: Int64? { Self.number("diaSourceId", source) }
    public var diaObjectId: Int64? { Self.number("diaObjectId", source) }
    public var ssObjectId: Int64? { Self.number("ssObjectId", source) }
    /// MJD TAI.
    public var withdrawnMjdTai: Double? {
        guard let column = source["timeWithdrawnMjdTai"], source.rowCount > 0, !column.isNull(0) else { return nil }
        return column.doubles?[0]
    }

    /// What has become of the source, one sentence.
    public var sentence: String {
        func name(_ dia: Int64?, _ ss: Int64?) -> String {
            let parts = [dia.map { "DiaObject \($0)" }, ss.map { "SSObject \($0)" }].compactMap { $0 }
            return parts.isEmpty ? "no object" : parts.joined(separator: " and ")
        }
        let was = name(entry.alert.diaObjectId, entry.alert.ssObjectId)
        if let identity, let now = identity.diaSourceId, source.rowCount > 0 {
            let what = now == entry.alert.diaSourceId ? "the source" : "the source is DiaSource \(now) of generation \(generation) now, it"
            switch state {
            case .asIssued: return "\(what) belongs to \(name(diaObjectId, ssObjectId)), which is what \(was) became"
            case .reassigned: return "\(what) belonged to \(was) and belongs to \(name(diaObjectId, ssObjectId)) now"
            default: break
            }
        }
        switch state {
        case .asIssued: return "the source belongs to \(was), as it was issued"
        case .reassigned: return "the source belonged to \(was) and belongs to \(name(diaObjectId, ssObjectId)) now"
        case .withdrawn: return "the source was withdrawn at MJD TAI \(withdrawnMjdTai ?? 0)"
        case .vanished: return "the source has no counterpart in generation \(generation): processed anew, its image shows none"
        case .gone: return "the source is not in generation \(generation) any more: retention or a release took it out"
        case .noSource:
            return ForeignImport.isForeign(entry.key) ? "the alert was issued by others" : "the alert was issued without a detection"
        }
    }

    private static func number(_ column: String, _ rows: Table) -> Int64? {
        guard rows.rowCount > 0, let column = rows[column], !column.isNull(0) else { return nil }
        return column.int64s?[0]
    }

    private struct Lookup {
        let connection: Connection
        let generation: Generation

        func source(_ id: Int64) throws -> Table {
            try connection.query("SELECT * FROM \(generation.table("DiaSource")) WHERE \"diaSourceId\" = $1", [.int64(id)])
        }

        func object(_ id: Int64) throws -> Table {
            let start = generation.layout.roles.validityStart.replacing("\"", with: "\"\"")
            return try connection.query(
                "SELECT * FROM \(generation.table("DiaObject")) WHERE \"diaObjectId\" = $1 ORDER BY \"\(start)\" DESC LIMIT 1",
                [.int64(id)])
        }
    }
}
