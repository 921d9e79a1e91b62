import Alerts
import Columns
import Foundation

/// What the ledger says, as rows and as JSON.
enum AlertReports {
    /// One row an alert.
    static func table(_ entries: [LedgerEntry]) -> Table {
        func optional(_ name: String, _ values: [Int64?]) -> Column {
            Column(name, .int64(values.map { $0 ?? 0 }), validity: Validity(values.map { $0 != nil }))
        }
        let queried = entries.map(\.alert.queriedMjdTai)
        return Table([
            Column("alertId", .int64(entries.map(\.alert.alertId))), optional("diaSourceId", entries.map(\.alert.diaSourceId)),
            optional("diaObjectId", entries.map(\.alert.diaObjectId)), optional("ssObjectId", entries.map(\.alert.ssObjectId)),
            Column("ra", .double(entries.map(\.alert.ra)), unit: "deg"), Column("dec", .double(entries.map(\.alert.dec)), unit: "deg"),
            Column("issuedMjdTai", .double(entries.map(\.issuedMjdTai)), unit: "d"),
            Column("queriedMjdTai", .double(queried.map { $0 ?? 0 }), validity: Validity(queried.map { $0 != nil }), unit: "d"),
            Column("isLate", .bool(entries.map(\.alert.isLate))), Column("visit", .int64(entries.map(\.key.visit))),
            Column("detector", .int32(entries.map(\.key.detector))), Column("generation", .int32(entries.map(\.key.generation))),
            Column("kind", .string(ByteStrings(entries.map(\.key.kind)))), Column("schemaId", .int32(entries.map(\.alert.schemaId))),
            Column("sizeBytes", .int32(entries.map(\.sizeBytes))), Column("batchId", .int64(entries.map(\.batchId))),
            Column("place", .int32(entries.map(\.place))),
        ])
    }

    private struct Proof: Encodable {
        var alertId: Int64
        var leaf: String
        var place: Int32
        var siblings: [String]
        var batch: Batch

        struct Batch: Encodable {
            var number, batchId: Int64
            var count: Int32
            var root, previousLink, link, header: String
        }
    }

    /// Hashes in hexadecimal; `header` is the text of the batch's canonical header, so that the link can be computed.
    static func json(of proof: LedgerReader.Proof) throws -> String {
        let hex = LedgerReceipt.hexadecimal
        let batch = proof.batch
        return try json(
            Proof(
                alertId: proof.entry.alert.alertId, leaf: hex(proof.leaf), place: proof.entry.place, siblings: proof.siblings.map(hex),
                batch: .init(
                    number: batch.number, batchId: batch.batchId, count: batch.count, root: hex(batch.root),
                    previousLink: hex(batch.previousLink), link: hex(batch.link), header: hex(batch.header))))
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
