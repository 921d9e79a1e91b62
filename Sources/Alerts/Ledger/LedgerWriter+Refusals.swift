import Columns
import Postgres

/// What is in the ledger already: the same alert is left out, others under its number are refused.
extension LedgerWriter {
    struct Known {
        var sha256: [UInt8]
        var batchId: Int64
    }

    /// Those of the alerts that were issued. Numbers of one visit-detector lie close together, so that mostly their span is empty, which is
    /// one look into each partition.
    func issued(_ alerts: [LedgerAlert]) throws -> [Int64: Known] {
        let ids = alerts.map(\.alertId)
        guard let low = ids.min(), let high = ids.max() else { return [:] }
        let span = try connection.query(
            "SELECT \"alertId\" FROM ledger.\"Alert\" WHERE \"alertId\" BETWEEN $1 AND $2 LIMIT 1", [.int64(low), .int64(high)],
            name: "ledger_span")
        guard span.rowCount > 0 else { return [:] }
        let rows = try connection.query(
            "SELECT \"alertId\", \"sha256\", \"batchId\" FROM ledger.\"Alert\" WHERE \"alertId\" = ANY ($1)", [.int64Array(ids)],
            name: "ledger_issued")
        guard let id = rows["alertId"]?.int64s, let hash = rows["sha256"]?.binaries, let batch = rows["batchId"]?.int64s else { return [:] }
        return Dictionary(
            id.indices.map { (id[$0], Known(sha256: Array(hash.bytes(at: $0)), batchId: batch[$0])) },
            uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: `LedgerError.otherBytes` after the refusals were recorded, all of the batch, by a transaction of their own.
    func refuseOtherBytes(_ known: [Int64: Known], _ batch: AlertBatch, _ digest: LedgerDigest) throws {
        guard !known.isEmpty else { return }
        let (alerts, key) = (batch.alerts, batch.key)
        var hashes: [Int: [UInt8]] = [:]
        for row in alerts.indices where known[alerts[row].alertId] != nil { hashes[row] = digest.of(try batch.packet(row)) }
        let refused = alerts.indices.filter { hashes[$0] != nil && known[alerts[$0].alertId]!.sha256 != hashes[$0]! }
        guard let first = refused.first else { return }
        func column(_ name: String, _ value: (Int) -> [UInt8]) -> Column {
            var strings = ByteStrings()
            for row in refused { strings.append(value(row)) }
            return Column(name, .binary(strings))
        }
        let rows = Table([
            Column("alertId", .int64(refused.map { alerts[$0].alertId })),
            column("sha256") { known[alerts[$0].alertId]!.sha256 }, column("offeredSha256") { hashes[$0]! },
            Column("offeredSchemaId", .int32(refused.map { alerts[$0].schemaId })),
        ])
        var isRecorded = true
        do { try record(rows, key) } catch is PostgresError { isRecorded = false }
        throw LedgerError.otherBytes(
            alertId: alerts[first].alertId, visit: key.visit, detector: key.detector, isRecorded: isRecorded)
    }

    private func record(_ rows: Table, _ key: LedgerBatchKey) throws {
        let connection = try secondConnection()
        try connection.transaction {
            for row in 0..<rows.rowCount {
                try connection.query(
                    """
                    INSERT INTO ledger."Refused"
                        ("alertId", "generation", "visit", "detector", "kind", "sha256", "offeredSha256", "offeredSchemaId")
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
                    """,
                    [
                        .int64(rows["alertId"]!.int64s![row]), .int32(key.generation), .int64(key.visit), .int32(key.detector),
                        .text(key.kind),
                        .bytes(Array(rows["sha256"]!.binaries!.bytes(at: row))),
                        .bytes(Array(rows["offeredSha256"]!.binaries!.bytes(at: row))), .int32(rows["offeredSchemaId"]!.int32s![row]),
                    ], name: "ledger_refuse")
            }
        }
    }

    /// A visit-detector issues one batch of a kind.
    func refuseOtherBatch(_ key: LedgerBatchKey, new: Int) throws {
        let stored = try connection.int64(
            "SELECT \"count\" FROM ledger.\"Batch\" WHERE \"generation\" = $1 AND \"visit\" = $2 AND \"detector\" = $3 AND \"kind\" = $4",
            [.int32(key.generation), .int64(key.visit), .int32(key.detector), .text(key.kind)])
        if let stored {
            throw LedgerError.otherBatch(
                generation: key.generation, visit: key.visit, detector: key.detector, kind: key.kind, stored: Int(stored), new: new)
        }
    }

    /// Takes the end of the chain until the transaction's end. Whatever was added since `seen` is held against these batches: from now on
    /// nothing else can be added.
    ///
    /// - Throws: `PostgresError` that is retryable, where another loader issued the same batch or alerts in between.
    func takeEndOfChain(seen: Int64, _ batches: [WrittenBatch]) throws {
        guard let newest = try connection.int64("SELECT ledger.lock_chain()"), newest != seen else { return }
        for batch in batches { try refuseRaced(since: seen, batch.key, batch.manifest.alertIds) }
    }

    private func refuseRaced(since seen: Int64, _ key: LedgerBatchKey, _ ids: [Int64]) throws {
        let raced = try connection.query(
            """
            SELECT 1 FROM ledger."Batch" AS b
            WHERE b."number" > $1
              AND (b."generation" = $2 AND b."visit" = $3 AND b."detector" = $4 AND b."kind" = $5
                   OR EXISTS (SELECT FROM ledger."Alert" AS a
                              WHERE a."batchId" = b."batchId" AND a."issuedMjdTai" = b."issuedMjdTai" AND a."alertId" = ANY ($6)))
            LIMIT 1
            """,
            [.int64(seen), .int32(key.generation), .int64(key.visit), .int32(key.detector), .text(key.kind), .int64Array(ids)])
        guard raced.rowCount > 0 else { return }
        var error = PostgresError(.server, "another loader issued alerts of visit \(key.visit) detector \(key.detector) at this moment")
        error.sqlState = "40001"
        throw error
    }
}
