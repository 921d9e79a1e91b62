import Columns
import Postgres

/// Reads what waits on a channel from the ledger, piece by piece in the order of the chain, with memory for one piece.
final class LedgerPieces {
    /// Alerts of one batch that are sent together.
    struct Piece {
        var waiting: LedgerPublication.Waiting
        var places: Range<Int>
        /// It is the first of the batch in this run.
        var isFirst: Bool
        /// Nothing of the batch comes after.
        var isLast: Bool
        var entries: [LedgerEntry]
        /// In wire form.
        var packets: [[UInt8]]
    }

    /// What was wrong with which batch.
    struct Failed: Error {
        var waiting: LedgerPublication.Waiting
        /// Alerts before this place are sent all the same.
        var place: Int
        var isFirst: Bool
        var underlying: any Error
    }

    private let publication: LedgerPublication
    private let reader: LedgerReader
    private let settings: PublicationSettings
    private let until: Int64
    /// Nothing waits up to this number.
    private var after: Int64 = 0
    private var batches: ArraySlice<LedgerPublication.Waiting> = []
    private var current: LedgerPublication.Waiting?
    private var plan: ArraySlice<Range<Int>> = []

    init(_ publication: LedgerPublication, settings: PublicationSettings, until: Int64) {
        self.publication = publication
        self.settings = settings
        self.until = until
        reader = LedgerReader(publication.connection)
    }

    /// The next piece; nil where nothing waits now. A batch of which everything was sent and nobody said so gives an empty piece.
    ///
    /// - Throws: `Failed`, `PostgresError`
    func next() throws -> Piece? {
        if let waiting = current, let places = plan.popFirst() { return try read(waiting, places, isFirst: false) }
        if batches.isEmpty { batches = try publication.waiting(kinds: settings.kinds, after: after, until: until)[...] }
        guard let waiting = batches.popFirst() else { return nil }
        after = waiting.batch.number
        current = waiting
        plan =
            PublicationPieces.plan(
                sizesBytes: try sizes(waiting), from: waiting.published, bytesMax: settings.outstandingBytesMax)[...]
        return try read(waiting, plan.popFirst() ?? waiting.published..<waiting.published, isFirst: true)
    }

    private func sizes(_ waiting: LedgerPublication.Waiting) throws -> [Int32] {
        let batch = waiting.batch
        let rows = try publication.connection.query(
            "SELECT \"place\", \"sizeBytes\" FROM ledger.\"Alert\" WHERE \"batchId\" = $1 AND \"issuedMjdTai\" = $2 ORDER BY \"place\"",
            [.int64(batch.batchId), .double(batch.issuedMjdTai)], name: "publication_sizes")
        let places = rows["place"]?.int32s ?? []
        guard places.elementsEqual(0..<batch.count) else {
            throw Failed(
                waiting: waiting, place: waiting.published, isFirst: true,
                underlying: PublicationError.damaged(
                    batch: batch.number,
                    reason: "the ledger has \(places.count) rows of its \(batch.count) alerts, or has them at other places"))
        }
        guard (0...places.count).contains(waiting.published) else {
            throw Failed(
                waiting: waiting, place: waiting.published, isFirst: true,
                underlying: PublicationError.damaged(
                    batch: batch.number, reason: "\(waiting.published) of its \(places.count) alerts are said to be published"))
        }
        return rows["sizeBytes"]?.int32s ?? []
    }

    private func read(_ waiting: LedgerPublication.Waiting, _ places: Range<Int>, isFirst: Bool) throws -> Piece {
        let batch = waiting.batch
        var piece = Piece(waiting: waiting, places: places, isFirst: isFirst, isLast: plan.isEmpty, entries: [], packets: [])
        guard !places.isEmpty else { return piece }
        let rows = try publication.connection.query(
            """
            SELECT \(LedgerEntry.selection("a")), a."packet" FROM ledger."Alert" AS a
            WHERE a."batchId" = $1 AND a."issuedMjdTai" = $2 AND a."place" >= $3 AND a."place" < $4 ORDER BY a."place"
            """,
            [.int64(batch.batchId), .double(batch.issuedMjdTai), .int32(Int32(places.lowerBound)), .int32(Int32(places.upperBound))],
            name: "publication_rows")
        piece.entries = LedgerEntry.rows(rows)
        do {
            guard let frames = rows["packet"]?.binaries, piece.entries.map({ Int($0.place) }) == Array(places) else {
                throw PublicationError.damaged(batch: batch.number, reason: "rows of its alerts went missing")
            }
            piece.packets.reserveCapacity(piece.entries.count)
            for (row, entry) in piece.entries.enumerated() {
                let packet = try reader.packet(entry, frames.bytes(at: row))
                guard packet.starts(with: ConfluentFrame.header(schemaId: UInt32(bitPattern: entry.alert.schemaId))) else {
                    throw PublicationError.unframed(
                        alertId: entry.alert.alertId, schemaId: entry.alert.schemaId, kind: entry.key.kind)
                }
                // A little room for key and headers.
                guard packet.count + 512 <= settings.messageSizeBytesMax else {
                    throw PublicationError.tooLarge(
                        alertId: entry.alert.alertId, sizeBytes: packet.count, messageSizeBytesMax: settings.messageSizeBytesMax)
                }
                piece.packets.append(packet)
            }
        } catch let error where !(error is PostgresError) {
            throw Failed(waiting: waiting, place: places.lowerBound, isFirst: isFirst, underlying: error)
        }
        return piece
    }
}
