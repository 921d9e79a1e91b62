import Dispatch

/// Makes the rows of a batch piece by piece, so that a batch of any size needs the memory of two.
///
/// - Note: `@unchecked Sendable` because one thread uses it at a time: a piece is begun only after the one before it was waited for.
final class BatchPieces: @unchecked Sendable {
    /// Compressed packets are sent in pieces of about this size.
    static let sizeBytes = 8 << 20

    private let batch: AlertBatch
    private let new: [Int]
    private let compressor: PacketCompressor
    private let digest = LedgerDigest()
    /// Where the time of this thread goes.
    private(set) var stages = LedgerWriter.Stages()

    /// - Parameter new: which alerts of the batch.
    init(_ batch: AlertBatch, _ new: [Int], dictionary: PacketDictionary?, level: Int) {
        (self.batch, self.new) = (batch, new)
        compressor = PacketCompressor(dictionary: dictionary, level: level)
    }

    /// The rows from one of the new alerts on.
    /// - Throws: `LedgerError.unacceptable`, or what makes a packet throws.
    func piece(from start: Int) throws -> LedgerRows {
        var rows = LedgerRows(dictionaryId: compressor.dictionary?.id)
        rows.end = start
        while rows.end < new.count, rows.sizeBytes < Self.sizeBytes {
            let place = new[rows.end]
            let begun = DispatchTime.now().uptimeNanoseconds
            let packet = try batch.packet(place)
            stages.packSeconds += LedgerWriter.Stages.seconds(since: begun)
            guard (1...PacketDecompressor.packetSizeBytesMax).contains(packet.count) else {
                throw LedgerError.unacceptable(alertId: batch.alerts[place].alertId, reason: "its packet has \(packet.count) bytes")
            }
            rows.add(batch.alerts[place], packet: packet, by: compressor, digest, &stages)
            rows.end += 1
        }
        return rows
    }
}
