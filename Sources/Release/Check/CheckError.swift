/// What a check of a release ends without a report for.
public enum CheckError: Error, Equatable, CustomStringConvertible {
    /// The person asked to stop.
    case interrupted
    /// The release has not both of its generations any more.
    case closed(release: String, state: String)

    public var description: String {
        switch self {
        case .interrupted: "the check was stopped: nothing was stored"
        case .closed(let release, let state):
            "release \(release) is \(state): only a release that has both of its generations can be checked"
        }
    }

    public var isBadRequest: Bool { self != .interrupted }
}
