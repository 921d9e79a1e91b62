/// Why a file of foreign alerts is not taken. Each case prints as one sentence; nothing of the file is stored then.
public enum ForeignError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file cannot be read or is no container or wire form.
    case file(path: String, reason: String)
    /// A record that is no alert. `record` counts from 1.
    case record(path: String, record: Int, reason: String)
    /// An alert that is in the ledger with other bytes.
    case otherBytes(path: String, alertId: Int64, isRecorded: Bool)
    /// The name of a source that the ledger cannot take.
    case source(name: String)

    public var description: String {
        switch self {
        case .file(let path, let reason): "\(path) holds no alerts that can be read: \(reason)"
        case .record(let path, let record, let reason): "\(path): record \(record) is no alert: \(reason)"
        case .otherBytes(let path, let id, let isRecorded):
            "\(path): alert \(id) is in the ledger with other bytes: nothing of the file was stored, and the refusal "
                + (isRecorded ? "is recorded" : "could not be recorded")
        case .source(let name): "'\(name)' is no name of a source: give 1 to 20 letters, digits, '-' or '_'"
        }
    }

    /// Whether the file or the request is wrong, rather than at odds with the ledger.
    public var isBadRequest: Bool { if case .otherBytes = self { false } else { true } }
}
