import Catalog
import Dispatch
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
    /// Alerts of one batch.
    public static let batchCountMax = 1_000_000

    let connection: Connection
    let secondConnection: () throws -> Connection
    private let dictionary: PacketDictionary?
    private let level: Int
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
        (self.dictionary, self.level) = (dictionary, level)
    }

    /// Where the time went, summed over batches. Packets are made, hashed and compressed on another thread than the one that copies and
    /// waits for it, so that these overlap.
    public struct Stages: Sendable, Equatable {
        public var packSeconds = 0.0
        public var hashSeconds = 0.0
        public var compressSeconds = 0.0
        /// Rows on their way to the database.
        public var copySeconds = 0.0
        /// Waiting for the other thread.
        public var waitSeconds = 0.0
        /// Bytes of packets before and after compression.
        public var sizeBytes = 0
        public var frameBytes = 0

        public init() {}

        static func seconds(since begun: UInt64) -> Double { Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9 }

        mutating func add(_ other: Stages) {
            packSeconds += other.packSeconds
            hashSeconds += other.hashSeconds
            compressSeconds += other.compressSeconds
        }
    }

    public private(set) var stages = Stages()

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
        try append([AlertBatch(key, alerts)], issuedMjdTai: issuedMjdTai)[0]
    }

    /// Adds batches one after the other. Packets are made, hashed and compressed on another thread while rows go to the database.
    ///
    /// - Parameter record: what is to be written after the batches' roots are known and before the end of the chain is taken: for each
    ///   batch the number of alerts that it adds and its root, nil where it adds none.
    public func append(
        _ batches: [AlertBatch], issuedMjdTai: Double, record: ([(count: Int, root: [UInt8])?]) throws -> Void = { _ in }
    ) throws -> [Outcome] {
        precondition(!connection.isOutsideTransaction, "alerts are issued in the transaction that stores their visit-detector")
        let end = try connection.int64("SELECT max(\"number\") FROM ledger.\"Batch\"") ?? 0
        var outcomes = batches.map { _ in Outcome() }
        var written: [WrittenBatch?] = []
        for (i, batch) in batches.enumerated() {
            precondition(batch.alerts.count <= Self.batchCountMax)
            try check(batch)
            let known = try issued(batch.alerts)
            try refuseOtherBytes(known, batch, digest)
            let new = batch.alerts.indices.filter { known[batch.alerts[$0].alertId] == nil }
            outcomes[i].alreadyIssued = batch.alerts.count - new.count
            written.append(new.isEmpty ? nil : try write(batch, new, issuedMjdTai: issuedMjdTai))
        }
        let manifests = written.map { $0.map { (count: $0.manifest.leaves.count, root: $0.root) } }
        try record(manifests)
        let open = written.compactMap { $0 }
        guard !open.isEmpty else { return outcomes }
        try takeEndOfChain(seen: end, open)
        for (i, batch) in written.enumerated() {
            if let batch { outcomes[i].batch = try insert(batch, issuedMjdTai: issuedMjdTai) }
        }
        return outcomes
    }

    /// A batch whose rows stand in the database, and which is not in the chain yet.
    struct WrittenBatch {
        var key: LedgerBatchKey
        var batchId: Int64
        var manifest = BatchManifest()
        var root: [UInt8] = []
    }

    private func write(_ batch: AlertBatch, _ new: [Int], issuedMjdTai: Double) throws -> WrittenBatch {
        try refuseOtherBatch(batch.key, new: new.count)
        try makePartition(issuedMjdTai)
        guard let batchId = try connection.int64("SELECT nextval('ledger.\"BatchId\"')") else {
            throw PostgresError(.encoding, "the ledger's sequence of batches gave no number")
        }
        var written = WrittenBatch(key: batch.key, batchId: batchId)
        let maker = BatchPieces(batch, new, dictionary: dictionary, level: level)
        var next: Background<LedgerRows>? = Background { try maker.piece(from: 0) }
        while true {
            let waiting = DispatchTime.now().uptimeNanoseconds
            guard let rows = try next?.value() else { break }
            let copying = DispatchTime.now().uptimeNanoseconds
            stages.waitSeconds += Double(copying - waiting) / 1e9
            next = rows.end < new.count ? Background { try maker.piece(from: rows.end) } : nil
            let first = written.manifest.leaves.count
            do {
                try connection.copyIn(
                    rows.table(batch.key, issuedMjdTai: issuedMjdTai, batchId: batchId, firstPlace: first), to: "ledger.\"Alert\"")
            } catch {
                _ = try? next?.value()
                throw error
            }
            stages.copySeconds += Stages.seconds(since: copying)
            stages.sizeBytes += rows.packetBytes
            stages.frameBytes += rows.sizeBytes
            for (alert, leaf) in zip(rows.alerts, rows.leaves) {
                written.manifest.alertIds.append(alert.alertId)
                written.manifest.leaves.append(leaf)
            }
        }
        stages.add(maker.stages)
        written.root = written.manifest.root(by: digest)
        return written
    }

    private func insert(_ batch: WrittenBatch, issuedMjdTai: Double) throws -> LedgerBatch? {
        let row = try connection.query(
            """
            INSERT INTO ledger."Batch" ("batchId", "generation", "visit", "detector", "kind", "issuedMjdTai", "count", "manifest", "root")
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING \(LedgerBatch.selection)
            """,
            [
                .int64(batch.batchId), .int32(batch.key.generation), .int64(batch.key.visit), .int32(batch.key.detector),
                .text(batch.key.kind), .double(issuedMjdTai), .int32(Int32(batch.manifest.leaves.count)), .bytes(batch.manifest.bytes),
                .bytes(batch.root),
            ])
        return LedgerBatch.rows(row).first
    }

    private func check(_ batch: AlertBatch) throws {
        var seen: Set<Int64> = []
        for alert in batch.alerts {
            let id = alert.alertId
            guard seen.insert(id).inserted else {
                throw LedgerError.repeated(alertId: id, visit: batch.key.visit, detector: batch.key.detector)
            }
            guard alert.ra.isFinite, alert.dec.isFinite, alert.queriedMjdTai?.isFinite != false else {
                throw LedgerError.unacceptable(alertId: id, reason: "its position or time is no number")
            }
            if knownSchemas.contains(alert.schemaId) { continue }
            knownSchemas.formUnion(try LedgerRegistry(connection).schemaIds())
            guard knownSchemas.contains(alert.schemaId) else { throw LedgerError.unknown(what: "schema", id: alert.schemaId) }
        }
    }

    private func makePartition(_ issuedMjdTai: Double) throws {
        try connection.query("SELECT ledger.make_partition($1)", [.double(issuedMjdTai)], name: "ledger_make_partition")
    }
}
