/// The leaves of a batch with the alerts that they stand for, as the batch's row keeps them: it lets verification name which alert is not
/// what it was, and gives proofs without reading packets.
///
/// The identifiers only name; what is proved is in the leaves.
public struct BatchManifest: Sendable, Equatable {
    public var alertIds: [Int64]
    /// 32 bytes each.
    public var leaves: [[UInt8]]

    static let entrySizeBytes = 8 + LedgerDigest.sizeBytes

    public init(alertIds: [Int64] = [], leaves: [[UInt8]] = []) {
        precondition(alertIds.count == leaves.count)
        self.alertIds = alertIds
        self.leaves = leaves
    }

    /// Reads the stored form; nil where its length is none that it can have.
    public init?(_ bytes: some RandomAccessCollection<UInt8>) {
        guard bytes.count % Self.entrySizeBytes == 0 else { return nil }
        self.init()
        var at = bytes.startIndex
        while at != bytes.endIndex {
            let middle = bytes.index(at, offsetBy: 8)
            let end = bytes.index(middle, offsetBy: LedgerDigest.sizeBytes)
            alertIds.append(Int64(bitPattern: bytes[at..<middle].reduce(0) { $0 << 8 | UInt64($1) }))
            leaves.append(Array(bytes[middle..<end]))
            at = end
        }
    }

    /// For each alert its identifier (8 bytes, big-endian) and its leaf.
    public var bytes: [UInt8] {
        var out = CanonicalBytes()
        for (id, leaf) in zip(alertIds, leaves) {
            out.append(id)
            out.append(raw: leaf)
        }
        return out.bytes
    }

    public func root(by digest: LedgerDigest = LedgerDigest()) -> [UInt8] { MerkleTree.root(of: leaves, by: digest) }
}
