/// Holds the alerts of one batch against its manifest, and the manifest against the root. Pure: rows come from elsewhere, in any order.
struct BatchCheck {
    /// The packet of a row as it was read.
    enum Packet {
        case read(sizeBytes: Int32, sha256: [UInt8])
        case unreadable(String)
    }

    let batch: LedgerBatch
    private let manifest: BatchManifest
    private let digest: LedgerDigest
    /// Places that are to be checked; nil for all.
    private let sampled: Set<Int32>?
    private var seen: [Bool]
    private(set) var faults: [LedgerFault] = []
    private(set) var checked = 0
    /// Made when the first row does not stand where it should.
    private lazy var placeOfLeaf = Dictionary(manifest.leaves.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    private lazy var placeOfAlert = Dictionary(manifest.alertIds.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    /// Alerts of the manifest that are there, wherever they stand.
    private var arrived: [Bool]

    init(_ batch: LedgerBatch, manifest: BatchManifest?, sampled: Set<Int32>? = nil, by digest: LedgerDigest) {
        self.batch = batch
        self.manifest = manifest ?? BatchManifest()
        self.digest = digest
        self.sampled = sampled
        seen = .init(repeating: false, count: self.manifest.leaves.count)
        arrived = seen
        if self.manifest.leaves.count != Int(batch.count) || self.manifest.root(by: digest) != batch.root {
            fault(.batchChanged, nil, "its root is not that of its manifest of \(self.manifest.leaves.count) alerts")
        }
    }

    mutating func add(_ entry: LedgerEntry, _ packet: Packet) {
        checked += 1
        let id = entry.alert.alertId
        let place = Int(entry.place)
        guard seen.indices.contains(place), !seen[place] else {
            return foreign(entry)
        }
        seen[place] = true
        if manifest.alertIds[place] == id { arrived[place] = true }
        if entry.key != batch.key || entry.issuedMjdTai != batch.issuedMjdTai {
            fault(.alertChanged, id, "its visit, detector, generation, kind or time is not its batch's")
        }
        switch packet {
        case .unreadable(let reason):
            if manifest.alertIds[place] != id { return foreign(entry) }
            fault(.alertChanged, id, reason)
        case .read(let sizeBytes, let sha256):
            let leaf = entry.alert.leaf(sizeBytes: sizeBytes, sha256: sha256, by: digest)
            if leaf == manifest.leaves[place] {
                if sha256 != entry.sha256 { fault(.alertChanged, id, "the SHA-256 beside its packet was changed") }
                if sizeBytes != entry.sizeBytes { fault(.alertChanged, id, "the size beside its packet was changed") }
            } else if let other = placeOfLeaf[leaf] {
                arrived[other] = true
                fault(.alertMoved, id, "it was issued at place \(other) and stands at place \(place)")
            } else if manifest.alertIds[place] != id {
                foreign(entry)
            } else if sha256 != entry.sha256 || sizeBytes != entry.sizeBytes {
                fault(.alertChanged, id, "its packet's bytes are not those that were issued")
            } else {
                fault(.alertChanged, id, "its packet or what is recorded of it is not what was issued")
            }
        }
    }

    /// A row that is not the one of its place.
    private mutating func foreign(_ entry: LedgerEntry) {
        let id = entry.alert.alertId
        if let place = placeOfAlert[id] {
            arrived[place] = true
            fault(.alertChanged, id, "it was issued at place \(place), stands at place \(entry.place) and is not what was issued")
        } else {
            fault(.alertInserted, id, "it was not issued with this batch and stands at place \(entry.place)")
        }
    }

    /// Once all rows were added: the faults of the batch.
    mutating func finish() -> [LedgerFault] {
        for (place, isThere) in arrived.enumerated() where !isThere && sampled?.contains(Int32(place)) ?? true {
            fault(.alertMissing, manifest.alertIds[place], "it was issued at place \(place) and is not there")
        }
        return faults
    }

    private mutating func fault(_ kind: LedgerFault.Kind, _ alertId: Int64?, _ reason: String) {
        let subject = alertId.map { "alert \($0) of \(batch.name)" } ?? batch.name
        faults.append(LedgerFault(kind, alertId: alertId, in: batch, "\(subject): \(reason)"))
    }
}
