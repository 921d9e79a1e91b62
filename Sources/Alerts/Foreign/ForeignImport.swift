import Catalog
import Postgres
import Sphere

/// Takes foreign alerts into the ledger: a file is a batch, stored in one transaction.
///
///     let foreign = ForeignImport(connection: connection, pixelization: pixelization, source: "ztf", secondConnection: connect)
///     let outcome = try foreign.store(ForeignFile(bytes, path: path))
///
/// The batch's generation is 0, for the alerts are of none, its detector 0, and its visit the first 63 bits of the file's SHA-256: the same
/// file again is a batch that is there. Its time of issue is the time of the import.
public struct ForeignImport {
    /// What the kind of every batch of foreign alerts begins with.
    public static let kind = "foreign"
    public static let generation: Int32 = 0

    private let connection: Connection
    private let pixelization: any Pixelization
    private let writer: LedgerWriter
    private let kind: String

    /// - Parameters:
    ///   - connection: as the role `ingest`, outside a transaction.
    ///   - source: who issued them; part of the kind ("foreign:ztf").
    ///   - secondConnection: opened to record a refusal.
    /// - Throws: `ForeignError.source`, `PostgresError`
    public init(
        connection: Connection, pixelization: any Pixelization, source: String? = nil, secondConnection: @escaping () throws -> Connection
    ) throws {
        if let source {
            let isName = source.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
            }
            guard (1...20).contains(source.utf8.count), isName else { throw ForeignError.source(name: source) }
        }
        self.connection = connection
        self.pixelization = pixelization
        kind = source.map { "\(Self.kind):\($0)" } ?? Self.kind
        writer = LedgerWriter(
            connection: connection, dictionary: try LedgerRegistry(connection).newestDictionary(), secondConnection: secondConnection)
    }

    /// Whether a batch holds alerts of others.
    public static func isForeign(_ key: LedgerBatchKey) -> Bool { key.kind == kind || key.kind.hasPrefix(kind + ":") }

    /// Stores a file's alerts. Those that are in the ledger with the same bytes are left out.
    ///
    /// - Throws: `ForeignError` where an alert is in the ledger with other bytes, or twice in the file: nothing of the file is stored;
    ///   `LedgerError`, `PostgresError`
    @discardableResult
    public func store(_ file: ForeignFile, issuedMjdTai: Double = ProcessingClock.machineMjdTai()) throws -> LedgerWriter.Outcome {
        let pixels = pixelization.index(ra: file.packets.map(\.alert.ra), dec: file.packets.map(\.alert.dec))
        let alerts = zip(file.packets, pixels).map { packet, pixel in
            IssuedAlert(
                LedgerAlert(
                    alertId: packet.alert.alertId, diaSourceId: packet.alert.diaSourceId, diaObjectId: packet.alert.diaObjectId,
                    ssObjectId: packet.alert.ssObjectId, ra: packet.alert.ra, dec: packet.alert.dec, pixelId: pixel,
                    schemaId: file.schema.schemaId),
                packet: packet.bytes)
        }
        let visit = Int64(file.sha256.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } >> 1)
        do {
            return try connection.retryingTransaction {
                try LedgerRegistry(connection).add(schemaId: file.schema.schemaId, text: file.schema.text)
                return try writer.append(
                    LedgerBatchKey(generation: Self.generation, visit: visit, detector: 0, kind: kind), issuedMjdTai: issuedMjdTai, alerts)
            }
        } catch LedgerError.otherBytes(let id, _, _, let isRecorded) {
            throw ForeignError.otherBytes(path: file.path, alertId: id, isRecorded: isRecorded)
        } catch LedgerError.repeated(let id, _, _) {
            throw ForeignError.file(path: file.path, reason: "alert \(id) stands in it twice")
        }
    }
}
