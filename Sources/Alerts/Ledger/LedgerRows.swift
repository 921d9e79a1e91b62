import Columns

/// Rows of ledger."Alert" for COPY: some of a batch's alerts with their packets compressed.
struct LedgerRows {
    private let alerts: [LedgerAlert]
    private let hashes: ByteStrings
    private let sizes: [Int32]
    private let frames: ByteStrings
    private let dictionaryId: Int32?

    init(_ all: [IssuedAlert], _ rows: ArraySlice<Int>, _ hashes: [[UInt8]], by compressor: PacketCompressor) {
        alerts = rows.map { all[$0].alert }
        sizes = rows.map { Int32(all[$0].packet.count) }
        dictionaryId = compressor.dictionary?.id
        var kept = ByteStrings()
        for row in rows { kept.append(hashes[row]) }
        self.hashes = kept
        var bytes: [UInt8] = []
        var offsets: [Int32] = [0]
        bytes.reserveCapacity(rows.reduce(0) { $0 + all[$1].packet.count } / 2)
        for row in rows {
            compressor.append(all[row].packet, to: &bytes)
            offsets.append(Int32(bytes.count))
        }
        frames = ByteStrings(bytes: bytes, offsets: offsets)
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
            Column("packet", .binary(frames)),
        ])
    }
}
