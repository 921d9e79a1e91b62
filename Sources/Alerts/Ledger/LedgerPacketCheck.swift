import Columns
import Postgres

/// Reads the packets of batches and holds them against their manifests. Serves one thread.
final class LedgerPacketCheck {
    /// Rows that are in memory at a time.
    static let rowsAtOnce = 100

    private let connection: Connection
    private let decompressor = PacketDecompressor()
    private let digest = LedgerDigest()

    init(_ connection: Connection, dictionaries: [PacketDictionary]) {
        self.connection = connection
        for dictionary in dictionaries { decompressor.add(dictionary) }
    }

    /// - Parameter progress: told how many packets were read since it was told last; what it throws ends the check.
    /// - Returns: packets read, and what was found.
    func check(_ unit: LedgerVerificationUnit, progress: (Int) throws -> Void) throws -> (Int, [LedgerFault]) {
        let manifests = try manifests(unit.batches)
        var checks: [Int64: BatchCheck] = [:]
        for batch in unit.batches {
            checks[batch.batchId] = BatchCheck(
                batch, manifest: manifests[batch.batchId], sampled: unit.places.map { $0[batch.batchId] ?? [] }, by: digest)
        }
        if unit.places?.values.allSatisfy(\.isEmpty) != true {
            try connection.copyOut(statement(unit), rowsPerTable: Self.rowsAtOnce) { rows in
                guard let frames = rows["packet"]?.binaries else { return }
                let entries = LedgerEntry.rows(rows)
                frames.bytes.withUnsafeBytes { bytes in
                    for (row, entry) in entries.enumerated() {
                        let frame = UnsafeRawBufferPointer(rebasing: bytes[Int(frames.offsets[row])..<Int(frames.offsets[row + 1])])
                        checks[entry.batchId]?.add(entry, read(frame, entry.dictionaryId))
                    }
                }
                try progress(entries.count)
            }
        }
        var (checked, faults) = (0, [LedgerFault]())
        for batch in unit.batches {
            faults += checks[batch.batchId]?.finish() ?? []
            checked += checks[batch.batchId]?.checked ?? 0
        }
        return (checked, faults)
    }

    private func read(_ frame: UnsafeRawBufferPointer, _ dictionaryId: Int32?) -> BatchCheck.Packet {
        do {
            return try decompressor.withPacket(frame, dictionaryId: dictionaryId) {
                .read(sizeBytes: Int32($0.count), sha256: digest.of($0))
            }
        } catch {
            let reason = (error as? PacketDecompressor.Fault)?.reason ?? "\(error)"
            return .unreadable("its packet's bytes are not those that were issued: \(reason)")
        }
    }

    private func manifests(_ batches: [LedgerBatch]) throws -> [Int64: BatchManifest] {
        let rows = try connection.query(
            "SELECT \"batchId\", \"manifest\" FROM ledger.\"Batch\" WHERE \"batchId\" = ANY ($1)", [.int64Array(batches.map(\.batchId))],
            name: "ledger_manifests")
        guard let id = rows["batchId"]?.int64s, let bytes = rows["manifest"]?.binaries else { return [:] }
        return Dictionary(
            id.indices.compactMap { row in BatchManifest(bytes.bytes(at: row)).map { (id[row], $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Batches of a unit follow each other in time, so that few partitions are read. What lies elsewhere under their numbers is a stray.
    private func statement(_ unit: LedgerVerificationUnit) -> String {
        let times = unit.batches.map(\.issuedMjdTai)
        let span = "a.\"issuedMjdTai\" BETWEEN \(LedgerSelection.number(times.min() ?? 0)) AND \(LedgerSelection.number(times.max() ?? 0))"
        let selected = "SELECT \(LedgerEntry.selection("a")), a.\"packet\" FROM ledger.\"Alert\" AS a"
        guard let places = unit.places else {
            let ids = unit.batches.map { String($0.batchId) }.joined(separator: ",")
            return "\(selected) WHERE a.\"batchId\" = ANY ('{\(ids)}'::bigint[]) AND \(span)"
        }
        let wanted = places.flatMap { batch, places in places.map { (batch, $0) } }
        let batches = wanted.map { String($0.0) }.joined(separator: ",")
        let numbers = wanted.map { String($0.1) }.joined(separator: ",")
        return """
            \(selected) JOIN unnest('{\(batches)}'::bigint[], '{\(numbers)}'::integer[]) AS w(batch, place)
                ON a."batchId" = w.batch AND a."place" = w.place
            WHERE \(span)
            """
    }
}
