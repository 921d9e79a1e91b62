/// One thing that is not as it was issued, with all that is known of where.
public struct LedgerFault: Sendable, Codable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable, Codable {
        /// An alert's packet or what is recorded of it is not what was issued.
        case alertChanged
        /// An alert that was issued and is not there.
        case alertMissing
        /// An alert that was not issued.
        case alertInserted
        /// An alert that stands in another place of its batch.
        case alertMoved
        /// A batch whose header, root or manifest is not what was issued.
        case batchChanged
        /// A batch that is not there: a gap in the numbers, or more than the receipt or the visit table allow.
        case batchMissing
        /// A batch that does not continue the one before.
        case chainBroken
        /// The chain is consistent, but not the one that the receipt or the visit table saw.
        case chainRewritten
        /// A schema or dictionary that packets refer to and that is not there or not itself.
        case referenceLost
    }

    public var kind: Kind
    /// Number of the batch in the chain.
    public var batch: Int64?
    public var generation: Int32?
    public var visit: Int64?
    public var detector: Int32?
    public var alertId: Int64?
    /// What was found, one sentence.
    public var message: String

    init(_ kind: Kind, alertId: Int64? = nil, in batch: LedgerBatch?, _ message: String) {
        self.kind = kind
        self.batch = batch?.number
        generation = batch?.key.generation
        visit = batch?.key.visit
        detector = batch?.key.detector
        self.alertId = alertId
        self.message = message
    }

    public var description: String { message }
}
