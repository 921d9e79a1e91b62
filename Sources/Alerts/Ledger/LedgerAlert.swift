/// What the ledger knows of an alert beside its packet.
public struct LedgerAlert: Sendable, Equatable {
    public var alertId: Int64
    /// Nil for alerts without a detection.
    public var diaSourceId: Int64?
    public var diaObjectId: Int64?
    public var ssObjectId: Int64?
    /// Position, ICRS degrees.
    public var ra: Double
    public var dec: Double
    /// Pixel of the position, in the instance's pixelization.
    public var pixelId: Int64
    /// Time as of which the histories in the packet were read, MJD in TAI.
    public var queriedMjdTai: Double?
    /// Whether it was issued later than the survey promises.
    public var isLate: Bool
    /// Number of the packet's schema, which the ledger must have.
    public var schemaId: Int32

    public init(
        alertId: Int64, diaSourceId: Int64?, diaObjectId: Int64? = nil, ssObjectId: Int64? = nil, ra: Double, dec: Double, pixelId: Int64,
        queriedMjdTai: Double? = nil, isLate: Bool = false, schemaId: Int32
    ) {
        self.alertId = alertId
        self.diaSourceId = diaSourceId
        self.diaObjectId = diaObjectId
        self.ssObjectId = ssObjectId
        self.ra = ra
        self.dec = dec
        self.pixelId = pixelId
        self.queriedMjdTai = queriedMjdTai
        self.isLate = isLate
        self.schemaId = schemaId
    }

    /// The alert's leaf of its batch's Merkle tree: SHA-256(0x00 || row), where row is
    ///
    ///     alertId int64, diaSourceId int64?, diaObjectId int64?, ssObjectId int64?, ra float64, dec float64, pixelId int64,
    ///     queriedMjdTai float64?, isLate bool, schemaId int32, sizeBytes int32, SHA-256 of the packet (32 bytes)
    ///
    /// in the form of `CanonicalBytes`. What the batch says for all its alerts (visit, detector, generation, kind, time) is in its header.
    ///
    /// - Parameters:
    ///   - sizeBytes: of the packet before compression.
    ///   - sha256: of the packet before compression.
    public func leaf(sizeBytes: Int32, sha256: [UInt8], by digest: LedgerDigest) -> [UInt8] {
        var row = CanonicalBytes([MerkleTree.leafPrefix])
        row.append(alertId)
        row.append(diaSourceId)
        row.append(diaObjectId)
        row.append(ssObjectId)
        row.append(ra)
        row.append(dec)
        row.append(pixelId)
        row.append(queriedMjdTai)
        row.append(isLate)
        row.append(schemaId)
        row.append(sizeBytes)
        row.append(raw: sha256)
        return digest.of(row.bytes)
    }
}

/// An alert to be issued.
public struct IssuedAlert: Sendable, Equatable {
    public var alert: LedgerAlert
    public var packet: [UInt8]

    public init(_ alert: LedgerAlert, packet: [UInt8]) {
        self.alert = alert
        self.packet = packet
    }
}

/// The alerts of one batch, and where their packets come from.
public struct AlertBatch: Sendable {
    public var key: LedgerBatchKey
    public var alerts: [LedgerAlert]
    /// Makes the packet of the alert at a place. Called when it is needed, from another thread, once or twice.
    public var packet: @Sendable (Int) throws -> [UInt8]

    public init(_ key: LedgerBatchKey, _ alerts: [LedgerAlert], packet: @escaping @Sendable (Int) throws -> [UInt8]) {
        (self.key, self.alerts, self.packet) = (key, alerts, packet)
    }

    public init(_ key: LedgerBatchKey, _ alerts: [IssuedAlert]) {
        self.init(key, alerts.map(\.alert)) { alerts[$0].packet }
    }
}
