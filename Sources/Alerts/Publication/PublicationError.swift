/// Why alerts were not published. Each case prints as one sentence: what, where, what to do.
public enum PublicationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A setting that cannot be.
    case settings(String)
    /// Another publisher serves the channel.
    case busy(channel: String, backend: Int32?)
    /// The producer could not be made or cannot go on, whatever is sent.
    case producer(reason: String)
    /// Messages that the brokers did not acknowledge; the first is named.
    case undelivered(alertId: Int64, topic: String, brokers: String, reason: String, others: Int)
    /// A packet that is not as the wire wants it.
    case unframed(alertId: Int64, schemaId: Int32, kind: String)
    /// A packet that is larger than a message may be.
    case tooLarge(alertId: Int64, sizeBytes: Int, messageSizeBytesMax: Int)
    /// The ledger's rows contradict its batch.
    case damaged(batch: Int64, reason: String)
    /// The registry did not do what was asked.
    case registry(url: String, reason: String)
    /// The number belongs to another schema there.
    case conflict(url: String, schemaId: UInt32, registered: String, own: String)

    /// Whether the request, rather than the work, was wrong.
    public var isBadRequest: Bool { if case .settings = self { true } else { false } }

    public var description: String {
        switch self {
        case .settings(let sentence): "publication: \(sentence)"
        case .busy(let channel, let backend):
            "another publisher serves the channel \(channel)" + (backend.map { " (PostgreSQL process \($0))" } ?? "")
                + ": let it end, or publish on another channel with --channel"
        case .producer(let reason): "alerts cannot be sent: \(reason)"
        case .undelivered(let id, let topic, let brokers, let reason, let others):
            "alert \(id) was not delivered to topic \(topic) of \(brokers): \(reason)"
                + (others > 0 ? ", and so \(others) alerts sent with it" : "")
                + "; nothing is lost: run the same command again when the broker is in order"
        case .unframed(let id, let schemaId, let kind):
            "alert \(id) is not in wire form (a zero byte and the number \(schemaId) of its schema): leave its kind \(kind) out of the setting kinds"
        case .tooLarge(let id, let size, let most):
            "alert \(id) has \(size) bytes, and a message has room for \(max(0, most - 512)): raise the setting messageSizeBytesMax, and the broker's limit with it"
        case .damaged(let batch, let reason): "batch \(batch) cannot be published: \(reason); run `skyledger alerts verify`"
        case .registry(let url, let reason):
            "the schema registry \(url) \(reason): no alert was sent that needs it; run the same command again"
        case .conflict(let url, let schemaId, let registered, let own):
            "the schema registry \(url) has another schema as number \(schemaId) (\(registered)) than the ledger (\(own)): no alert with it is sent; use another registry or number"
        }
    }
}
