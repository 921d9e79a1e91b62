/// What the ledger refuses or cannot do. Each case prints as one sentence.
public enum LedgerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An alert that was issued is offered again with other bytes.
    case otherBytes(alertId: Int64, visit: Int64, detector: Int32, isRecorded: Bool)
    /// An alert that is twice in one batch.
    case repeated(alertId: Int64, visit: Int64, detector: Int32)
    /// The visit-detector's batch stands in the ledger and is not what is offered now.
    case otherBatch(generation: Int32, visit: Int64, detector: Int32, kind: String, stored: Int, new: Int)
    /// A packet that cannot be kept: too large, of a schema or with a number that the ledger does not take.
    case unacceptable(alertId: Int64, reason: String)
    /// A schema or dictionary that is in the ledger with other content.
    case otherContent(what: String, id: Int32)
    /// A schema or dictionary that the ledger does not have.
    case unknown(what: String, id: Int32)
    /// A packet whose compressed bytes give nothing.
    case unreadable(alertId: Int64, reason: String)
    /// No dictionary can be made of the samples.
    case untrainable(reason: String)
    /// A receipt that cannot be read.
    case receipt(reason: String)

    public var description: String {
        switch self {
        case .otherBytes(let id, let visit, let detector, let isRecorded):
            "alert \(id) of visit \(visit) detector \(detector) was issued with other bytes: nothing was stored"
                + (isRecorded ? " and the refusal is recorded" : "; the refusal could not be recorded")
        case .repeated(let id, let visit, let detector):
            "alert \(id) stands twice in the batch of visit \(visit) detector \(detector): give each alert an id of its own"
        case .otherBatch(let generation, let visit, let detector, let kind, let stored, let new):
            "generation \(generation) visit \(visit) detector \(detector) has issued its batch of kind \(kind) with \(stored) alerts already and \(new) more are offered: give them another kind"
        case .unacceptable(let id, let reason): "alert \(id) cannot be kept: \(reason)"
        case .otherContent(let what, let id): "\(what) \(id) is in the ledger with other content: give the new one another number"
        case .unknown(let what, let id): "the ledger has no \(what) \(id): add it first"
        case .unreadable(let id, let reason): "the packet of alert \(id) cannot be read: \(reason); run `skyledger alerts verify`"
        case .untrainable(let reason): "no dictionary can be made: \(reason)"
        case .receipt(let reason): "the receipt cannot be used: \(reason)"
        }
    }
}
