import Postgres

/// Trains a compression dictionary on packets of the ledger, and measures it on others.
///
///     let trained = try DictionaryTraining(connection).run(count: 2000)
///     if trained.isGain { try LedgerRegistry(ingest).add(trained.dictionary) }
public struct DictionaryTraining {
    public struct Outcome: Sendable {
        public var dictionary: PacketDictionary
        public var trainedCount: Int
        public var measuredCount: Int
        /// Bytes of the packets that were measured.
        public var packetSizeBytes: Int
        /// Their size as they would be stored without the dictionary: with the newest that the ledger has, or none.
        public var sizeBytesBefore: Int
        public var sizeBytesAfter: Int

        public var ratioBefore: Double { Double(packetSizeBytes) / Double(max(sizeBytesBefore, 1)) }
        public var ratioAfter: Double { Double(packetSizeBytes) / Double(max(sizeBytesAfter, 1)) }
        public var isGain: Bool { sizeBytesAfter < sizeBytesBefore }
    }

    /// Packets that are read at most, together, bytes.
    public static let sizeBytesMax = 1 << 30
    public static let countMax = 100_000

    private let connection: Connection

    public init(_ connection: Connection) { self.connection = connection }

    /// - Parameters:
    ///   - count: packets to train with; a quarter as many, others, are measured. Where the ledger has fewer, four of five train.
    ///   - progress: told packets read and packets to read; false ends the run.
    /// - Returns: nil where the run was ended.
    /// - Throws: `LedgerError.untrainable`, `LedgerError.unreadable`, `PostgresError`
    public func run(count: Int, progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Outcome? {
        let wanted = min(count, Self.countMax)
        let ids =
            try connection.query(
                "SELECT \"alertId\" FROM ledger.\"Alert\" ORDER BY random() LIMIT $1", [.int64(Int64(wanted + max(wanted / 4, 1)))])[
                "alertId"]?
            .int64s ?? []
        let training = min(wanted, ids.count * 4 / 5)
        guard training > 0 else {
            throw LedgerError.untrainable(
                reason: "the ledger has \(ids.count) alerts, and some to train with and others to measure are needed")
        }
        let reader = LedgerReader(connection)
        var packets: [[UInt8]] = []
        var size = 0
        for (index, id) in ids.enumerated() {
            guard progress(index, ids.count) else { return nil }
            guard let packet = try reader.alert(id)?.packet else { continue }
            size += packet.count
            guard size <= Self.sizeBytesMax else {
                throw LedgerError.untrainable(reason: "\(index) packets have more than \(Self.sizeBytesMax) bytes: train with fewer")
            }
            packets.append(packet)
        }
        let dictionary = try PacketDictionary.train(Array(packets.prefix(training)))
        let measured = packets.dropFirst(training)
        let before = PacketCompressor(dictionary: try LedgerRegistry(connection).newestDictionary())
        let after = PacketCompressor(dictionary: dictionary)
        return Outcome(
            dictionary: dictionary, trainedCount: training, measuredCount: measured.count,
            packetSizeBytes: measured.reduce(0) { $0 + $1.count }, sizeBytesBefore: measured.reduce(0) { $0 + before.compress($1).count },
            sizeBytesAfter: measured.reduce(0) { $0 + after.compress($1).count })
    }
}
