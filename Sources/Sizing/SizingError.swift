/// What can be wrong with what is asked of a projection. Each message says what, where and what to do.
public enum SizingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The request or the model says what cannot be.
    case badRequest(String)
    /// A file of the program or of tools/bootstrap is not there.
    case missing(String)

    public var description: String {
        switch self {
        case .badRequest(let sentence), .missing(let sentence): sentence
        }
    }

    /// Whether the request, rather than the work, was wrong.
    public var isBadRequest: Bool {
        if case .badRequest = self { return true }
        return false
    }
}
