import Columns
import Dispatch

/// Rows of ledger."Alert" for COPY: some of a batch's alerts with their packets compressed.
struct LedgerRows: Sendable {
    var alerts: [LedgerAlert] = []
    var leaves: [[UInt8]] = []
    /// How far into the batch's new alerts they go.
    var end = 0
    let dictionaryId: Int32?
    private var hashes = ByteStrings()
    private var sizes: [Int32] = []
    private var frames: [UInt8] = []
    private var offsets: [Int32] = [0]

    init(dictionaryId: Int32?) { self.dictionaryId = dictionaryId }

    /// Bytes of the frames, and of the packets in them.
    var sizeBytes: Int { frames.count }
    var packetBytes: Int { sizes.reduce(0) { $0 + Int($1) } }

    mutating func add(
        _ alert: LedgerAlert, packet: [UInt8], by compressor: PacketCompressor, _ digest: LedgerDigest, _ stages: inout LedgerWriter.Stages
    ) {
        let begun = DispatchTime.now().uptimeNanoseconds
        let hash = packet.withUnsafeBytes(digest.of)
        alerts.append(alert)
        leaves.append(alert.leaf(sizeBytes: Int32(packet.count), sha256: hash, by: digest))
        hashes.append(hash)
        sizes.append(Int32(packet.count))
        let hashed = DispatchTime.now().uptimeNanoseconds
        stages.hashSeconds += Double(hashed - begun) / 1e9
        compressor.append(packet, to: &frames)
        stages.compressSeconds += LedgerWriter.Stages.seconds(since: hashed)
        offsets.append(Int32(frames.count))
    }

    func table(_ key: LedgerBatchKey, issuedMjdTai: Double, batchId: Int64, firstPlace: Int) -> Table {
        let count = alerts.count
        func constant<T>(_ value: T) -> [T] { .init(repeating: value, count: count) }
        func optional(_ name: String, _ value: (LedgerAlert) -> Int64?) -> Column {
            let values = alerts.map(value)
            return Column(name, .int64(values.map { $0 ?? 0 }), validity: values.contains(nil) ? Validity(values.map { $0 != nil }) : nil)
        }
        let queried = alerts.map(\.queriedMjdTai)
        return Table([
            Column("alertId", .int64(alerts.map(\.alertId))),
            optional("diaSourceId") { $0.diaSourceId },
            Column("generation", .int32(constant(key.generation))),
            Column("visit", .int64(constant(key.visit))),
            Column("detector", .int32(constant(key.detector))),
            Column("kind", .string(ByteStrings(constant(key.kind)))),
            optional("diaObjectId") { $0.diaObjectId },
            optional("ssObjectId") { $0.ssObjectId },
            Column("ra", .double(alerts.map(\.ra))),
            Column("dec", .double(alerts.map(\.dec))),
            Column("pixelId", .int64(alerts.map(\.pixelId))),
            Column("issuedMjdTai", .double(constant(issuedMjdTai))),
            Column("queriedMjdTai", .double(queried.map { $0 ?? 0 }), validity: Validity(queried.map { $0 != nil })),
            Column("isLate", .bool(alerts.map(\.isLate))),
            Column("schemaId", .int32(alerts.map(\.schemaId))),
            Column("sha256", .binary(hashes)),
            Column("sizeBytes", .int32(sizes)),
            dictionaryId.map { Column("dictionaryId", .int32(constant($0))) } ?? .nulls("dictionaryId", .int32, count: count),
            Column("batchId", .int64(constant(batchId))),
            Column("place", .int32((0..<count).map { Int32(firstPlace + $0) })),
            Column("packet", .binary(ByteStrings(bytes: frames, offsets: offsets))),
        ])
    }
}
