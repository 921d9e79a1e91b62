import Columns

/// An alert as it stands in the ledger.
public struct LedgerEntry: Sendable, Equatable {
    public var alert: LedgerAlert
    public var key: LedgerBatchKey
    public var issuedMjdTai: Double
    public var batchId: Int64
    /// Place in its batch, from 0.
    public var place: Int32
    /// Of the packet before compression.
    public var sizeBytes: Int32
    /// Of the packet before compression.
    public var sha256: [UInt8]
    public var dictionaryId: Int32?

    /// The columns that `rows` reads.
    static let columns = [
        "alertId", "diaSourceId", "generation", "visit", "detector", "kind", "diaObjectId", "ssObjectId", "ra", "dec", "pixelId",
        "issuedMjdTai", "queriedMjdTai", "isLate", "schemaId", "sha256", "sizeBytes", "dictionaryId", "batchId", "place",
    ]

    /// - Parameter alias: of the table, in SQL.
    static func selection(_ alias: String) -> String { columns.map { "\(alias).\"\($0)\"" }.joined(separator: ", ") }

    static func rows(_ t: Table) -> [LedgerEntry] {
        guard t.rowCount > 0, let alertId = t["alertId"]?.int64s, let diaSourceId = t["diaSourceId"]?.int64s,
            let generation = t["generation"]?.int32s, let visit = t["visit"]?.int64s, let detector = t["detector"]?.int32s,
            let kind = t["kind"]?.strings, let diaObjectId = t["diaObjectId"]?.int64s, let ssObjectId = t["ssObjectId"]?.int64s,
            let ra = t["ra"]?.doubles, let dec = t["dec"]?.doubles, let pixelId = t["pixelId"]?.int64s,
            let issued = t["issuedMjdTai"]?.doubles, let queried = t["queriedMjdTai"]?.doubles, let isLate = t["isLate"]?.bools,
            let schemaId = t["schemaId"]?.int32s, let sha256 = t["sha256"]?.binaries, let size = t["sizeBytes"]?.int32s,
            let dictionaryId = t["dictionaryId"]?.int32s, let batchId = t["batchId"]?.int64s, let place = t["place"]?.int32s
        else { return [] }
        func present<T>(_ name: String, _ values: [T], _ row: Int) -> T? { t[name]!.isNull(row) ? nil : values[row] }
        return (0..<t.rowCount).map { row in
            LedgerEntry(
                alert: LedgerAlert(
                    alertId: alertId[row], diaSourceId: present("diaSourceId", diaSourceId, row),
                    diaObjectId: present("diaObjectId", diaObjectId, row), ssObjectId: present("ssObjectId", ssObjectId, row), ra: ra[row],
                    dec: dec[row], pixelId: pixelId[row], queriedMjdTai: present("queriedMjdTai", queried, row), isLate: isLate[row],
                    schemaId: schemaId[row]),
                key: LedgerBatchKey(generation: generation[row], visit: visit[row], detector: detector[row], kind: kind[row]),
                issuedMjdTai: issued[row], batchId: batchId[row], place: place[row], sizeBytes: size[row],
                sha256: Array(sha256.bytes(at: row)), dictionaryId: present("dictionaryId", dictionaryId, row))
        }
    }
}
