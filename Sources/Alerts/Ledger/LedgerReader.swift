import Columns
import Postgres

/// Reads alerts as they were issued.
///
///     let reader = LedgerReader(try instance.connect(as: .reader))
///     let found = try reader.alert(170032933619892227)
///
/// A reader has one connection and serves one thread.
public final class LedgerReader {
    let connection: Connection
    private let decompressor = PacketDecompressor()
    private let digest = LedgerDigest()

    public init(_ connection: Connection) { self.connection = connection }

    /// The alert and its packet, nil where none was issued under the number.
    ///
    /// - Throws: `LedgerError.unreadable` where the packet is not what was issued; `PostgresError`
    public func alert(_ alertId: Int64) throws -> (entry: LedgerEntry, packet: [UInt8])? {
        let rows = try connection.query(
            "SELECT \(LedgerEntry.selection("a")), a.\"packet\" FROM ledger.\"Alert\" AS a WHERE a.\"alertId\" = $1 LIMIT 1",
            [.int64(alertId)], name: "ledger_alert")
        guard let entry = LedgerEntry.rows(rows).first, let frames = rows["packet"]?.binaries else { return nil }
        return (entry, try packet(entry, frames.bytes(at: 0)))
    }

    /// The packet of a row, held against its SHA-256.
    func packet(_ entry: LedgerEntry, _ frame: ArraySlice<UInt8>) throws -> [UInt8] {
        if let id = entry.dictionaryId, !decompressor.knows(id) { decompressor.add(try LedgerRegistry(connection).dictionary(id)) }
        let packet = try decompressor.decompress(frame, dictionaryId: entry.dictionaryId, alertId: entry.alert.alertId)
        guard packet.withUnsafeBytes(digest.of) == entry.sha256 else {
            throw LedgerError.unreadable(alertId: entry.alert.alertId, reason: "its bytes are not those that were issued")
        }
        return packet
    }

    /// What shows that an alert is in its batch, and the batch in the chain.
    public struct Proof: Sendable, Equatable {
        public var entry: LedgerEntry
        public var batch: LedgerBatch
        public var leaf: [UInt8]
        /// Siblings from the leaf to the root: `MerkleTree.holds`.
        public var siblings: [[UInt8]]
    }

    /// The proof of an alert, from its row and its batch's manifest; nil where none was issued under the number.
    public func proof(_ alertId: Int64) throws -> Proof? {
        let rows = try connection.query(
            "SELECT \(LedgerEntry.selection("a")) FROM ledger.\"Alert\" AS a WHERE a.\"alertId\" = $1 LIMIT 1", [.int64(alertId)])
        guard let entry = LedgerEntry.rows(rows).first else { return nil }
        let row = try connection.query(
            "SELECT \(LedgerBatch.selection), \"manifest\" FROM ledger.\"Batch\" WHERE \"batchId\" = $1", [.int64(entry.batchId)])
        guard let batch = LedgerBatch.rows(row).first, let bytes = row["manifest"]?.binaries?.bytes(at: 0),
            let manifest = BatchManifest(bytes), manifest.leaves.indices.contains(Int(entry.place))
        else { throw LedgerError.unreadable(alertId: alertId, reason: "its batch is not in the ledger") }
        let leaf = entry.alert.leaf(sizeBytes: entry.sizeBytes, sha256: entry.sha256, by: digest)
        return Proof(
            entry: entry, batch: batch, leaf: leaf, siblings: MerkleTree.proof(of: Int(entry.place), in: manifest.leaves, by: digest))
    }

    /// The newest batch; nil in an empty ledger.
    public func newestBatch() throws -> LedgerBatch? {
        LedgerBatch.rows(try connection.query("SELECT \(LedgerBatch.selection) FROM ledger.\"Batch\" ORDER BY \"number\" DESC LIMIT 1"))
            .first
    }

    /// The root of a batch of the chain; nil where there is none of the number.
    public func root(of number: Int64?) throws -> [UInt8]? {
        guard let number else { return nil }
        return try LedgerVerificationWork.batch(number, on: connection)?.root
    }
}
