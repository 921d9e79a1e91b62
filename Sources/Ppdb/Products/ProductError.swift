/// Errors of products, of indexes and roles, and of matches with a release's objects.
public enum ProductError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The request contradicts itself or names what does not exist; nothing was done.
    case badRequest(String)
    /// A product that was complete is so no more: a file is missing or its bytes changed.
    case damaged(path: String, reason: String)
    /// A complete product that no longer holds what the database holds.
    case outdated(path: String, reason: String)
    /// The disk refuses.
    case unwritable(path: String, reason: String)
    /// The person asked to stop; nothing is left.
    case interrupted

    public var description: String {
        switch self {
        case .badRequest(let sentence): sentence
        case .damaged(let path, let reason): "the product \(path) is damaged: \(reason); make it anew with --replace"
        case .outdated(let path, let reason): "the product \(path) is not of the present state: \(reason); make it anew with --replace"
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
        case .interrupted: "interrupted; no unfinished product is left"
        }
    }

    /// Whether the request, rather than the work, was wrong.
    public var isBadRequest: Bool { if case .badRequest = self { true } else { false } }
}
