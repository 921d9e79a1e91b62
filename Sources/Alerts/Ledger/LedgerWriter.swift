import Columns
import Postgres

/// Adds what a visit-detector issues to the ledger, inside the transaction that stores the visit-detector: both exist or neither.
///
///     try connection.retryingTransaction {
///         ... store the visit-detector ...
///         let outcome = try writer.append(key, issuedMjdTai: now, alerts)    // the transaction's last work
///     }
///
/// The rows are written first. Only then is the end of the chain taken, for as long as one row is inserted and the transaction commits:
/// loaders compress and write at the same time and commit their batches one after the other (docs/decisions/022). Work after `append` in
/// the same transaction keeps all other loaders waiting. The transaction must be READ COMMITTED, PostgreSQL's default.
///
/// A writer has one connection and serves one thread.
public final class LedgerWriter {
    /// Compressed packets are sent in pieces of about this size.
    static let pieceSizeBytes = 32 << 20
    /// Alerts of one batch.
    public static let batchCountMax = 1_000_000

    let connection: Connection
    let secondConnection: () throws -> Connection
    private let compressor: PacketCompressor
    private let digest = LedgerDigest()
    private var knownSchemas: Set<Int32> = []

    /// - Parameters:
    ///   - connection: the caller's, as the role `ingest`; `append` runs in its open transaction.
    ///   - dictionary: one that the ledger has (`LedgerRegistry`), or nil for none.
    ///   - secondConnection: opened to record a refusal, which must outlive the transaction that fails for it.
    public init(
        connection: Connection, dictionary: PacketDictionary? = nil, level: Int = PacketCompressor.usualLevel,
        secondConnection: @escaping () throws -> Connection
    ) {
        self.connection = connection
        self.secondConnection = secondConnection
        compressor = PacketCompressor(dictionary: dictionary, level: level)
    }

    /// What `append` did.
    public struct Outcome: Sendable, Equatable {
        /// The batch that was added; nil where every alert was in the ledger already, or none was given.
        public var batch: LedgerBatch?
        /// Alerts that were in the ledger with the same bytes.
        public var alreadyIssued = 0
    }

    /// Makes the month's partition before it is needed, so that no transaction that holds locks has to. Outside a transaction.
    public func prepare(issuedMjdTai: Double) throws { try makePartition(issuedMjdTai) }

    /// Adds a batch, in the order given. Alerts that are in the ledger with the same bytes are left out.
    ///
    /// - Throws: `LedgerError`, nothing may be committed then; `PostgresError`, retryable where another loader issued the same at this
    ///   moment.
    public func append(_ key: LedgerBatchKey, issuedMjdTai: Double, _ alerts: [IssuedAlert]) throws -> Outcome {
        precondition(!connection.isOutsideTransaction, "alerts are issued in the transaction that stores their visit-detector")
        precondition(alerts.count <= Self.batchCountMax)
        try check(alerts, key)
        let hashes = alerts.map { $0.packet.withUnsafeBytes(digest.of) }
        let end = try connection.int64("SELECT max(\"number\") FROM ledger.\"Batch\"") ?? 0
        let known = try issued(alerts)
        try refuseOtherBytes(known, alerts, hashes, key)
        let new = alerts.indices.filter { known[alerts[$0].alert.alertId] == nil }
        var outcome = Outcome(batch: nil, alreadyIssued: alerts.count - new.count)
        guard !new.isEmpty else { return outcome }
        try refuseOtherBatch(key, new: new.count)

        try makePartition(issuedMjdTai)
        guard let batchId = try connection.int64("SELECT nextval('ledger.\"BatchId\"')") else {
            throw PostgresError(.encoding, "the ledger's sequence of batches gave no number")
        }
        var manifest = BatchManifest()
        for piece in pieces(new, alerts) {
            let rows = LedgerRows(alerts, piece, hashes, by: compressor)
            try connection.copyIn(
                rows.table(key, issuedMjdTai: issuedMjdTai, batchId: batchId, firstPlace: manifest.leaves.count), to: "ledger.\"Alert\"")
            for row in piece {
                let alert = alerts[row]
                manifest.alertIds.append(alert.alert.alertId)
                manifest.leaves.append(alert.alert.leaf(sizeBytes: Int32(alert.packet.count), sha256: hashes[row], by: digest))
            }
        }
        let manifestBytes = manifest.bytes
        let root = manifest.root(by: digest)
        try takeEndOfChain(seen: end, key, new.map { alerts[$0].alert.alertId })
        let row = try connection.query(
            """
            INSERT INTO ledger."Batch" ("batchId", "generation", "visit", "detector", "kind", "issuedMjdTai", "count", "manifest", "root")
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING \(LedgerBatch.selection)
            """,
            [
                .int64(batchId), .int32(key.generation), .int64(key.visit), .int32(key.detector), .text(key.kind), .double(issuedMjdTai),
                .int32(Int32(new.count)), .bytes(manifestBytes), .bytes(root),
            ])
        outcome.batch = LedgerBatch.rows(row).first
        return outcome
    }

    private func check(_ alerts: [IssuedAlert], _ key: LedgerBatchKey) throws {
        var seen: Set<Int64> = []
        for alert in alerts {
            let id = alert.alert.alertId
            guard seen.insert(id).inserted else { throw LedgerError.repeated(alertId: id, visit: key.visit, detector: key.detector) }
            guard (1...PacketDecompressor.packetSizeBytesMax).contains(alert.packet.count) else {
                throw LedgerError.unacceptable(alertId: id, reason: "its packet has \(alert.packet.count) bytes")
            }
            guard alert.alert.ra.isFinite, alert.alert.dec.isFinite, alert.alert.queriedMjdTai?.isFinite != false else {
                throw LedgerError.unacceptable(alertId: id, reason: "its position or time is no number")
            }
            if knownSchemas.contains(alert.alert.schemaId) { continue }
            knownSchemas.formUnion(try LedgerRegistry(connection).schemaIds())
            guard knownSchemas.contains(alert.alert.schemaId) else { throw LedgerError.unknown(what: "schema", id: alert.alert.schemaId) }
        }
    }

    private func makePartition(_ issuedMjdTai: Double) throws {
        try connection.query("SELECT ledger.make_partition($1)", [.double(issuedMjdTai)], name: "ledger_make_partition")
    }

    /// Rows whose packets together have about the size of a piece.
    private func pieces(_ rows: [Int], _ alerts: [IssuedAlert]) -> [ArraySlice<Int>] {
        var out: [ArraySlice<Int>] = []
        var (start, size) = (0, 0)
        for (i, row) in rows.enumerated() {
            if size > 0, size + alerts[row].packet.count > Self.pieceSizeBytes {
                out.append(rows[start..<i])
                (start, size) = (i, 0)
            }
            size += alerts[row].packet.count
        }
        return out + [rows[start...]]
    }
}
