/// Which alerts belong together: those that one visit-detector issued at one time.
public struct LedgerBatchKey: Sendable, Hashable {
    /// Number of the generation of Level-1 data that they were made from.
    public var generation: Int32
    public var visit: Int64
    public var detector: Int32
    /// "visit" for what a store issues; a later batch of the same visit-detector has a name of its own, 1 to 32 bytes.
    public var kind: String

    public init(generation: Int32, visit: Int64, detector: Int32, kind: String = "visit") {
        self.generation = generation
        self.visit = visit
        self.detector = detector
        self.kind = kind
    }
}

/// A batch as it stands in the chain.
public struct LedgerBatch: Sendable, Equatable {
    /// Place in the chain, from 1, without gaps.
    public var number: Int64
    /// What its alerts refer to it by.
    public var batchId: Int64
    public var key: LedgerBatchKey
    public var issuedMjdTai: Double
    public var count: Int32
    /// Root of the Merkle tree of its alerts.
    public var root: [UInt8]
    public var previousLink: [UInt8]
    public var link: [UInt8]

    /// What the first batch continues: 32 zero bytes.
    public static let origin = [UInt8](repeating: 0, count: LedgerDigest.sizeBytes)

    /// The canonical bytes of the header: "skyledger-batch-1", number int64, batchId int64, generation int32, visit int64, detector int32,
    /// count int32, issuedMjdTai float64, kind text, in the form of `CanonicalBytes`. The database makes the same in `ledger.header`.
    public var header: [UInt8] {
        var out = CanonicalBytes(Array("skyledger-batch-1".utf8))
        out.append(number)
        out.append(batchId)
        out.append(key.generation)
        out.append(key.visit)
        out.append(key.detector)
        out.append(count)
        out.append(issuedMjdTai)
        out.append(key.kind)
        return out.bytes
    }

    /// What the link must be: SHA-256(previousLink || root || header).
    public func expectedLink(by digest: LedgerDigest) -> [UInt8] { digest.of(previousLink, root, header) }

    var name: String { "batch \(number) (generation \(key.generation) visit \(key.visit) detector \(key.detector) kind \(key.kind))" }
}
