/// What can be wrong with an instance or with what is asked of it. Each message says what, where and what to do.
public enum CatalogError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The request contradicts itself or names what does not exist; nothing was done (exit code 2).
    case badRequest(String)
    /// No instance at this place.
    case noInstance(path: String)
    /// `init` of a place that has one.
    case instanceExists(path: String)
    /// The instance was made by a newer program.
    case newerInstance(path: String, migration: Int)
    /// A setting that is fixed at init differs from what the program would use.
    case frozenSetting(name: String, stored: String, asked: String)
    /// The schema document lacks something that the operation needs.
    case documentLacks(what: String, document: String, advice: String)
    /// The visit-detector is stored with other rows.
    case storedDifferently(visit: Int64, detector: Int32, stored: String, offered: String)
    /// A diaSourceId that is stored already, under another visit-detector.
    case duplicateSource(diaSourceId: Int64, visit: Int64, detector: Int32, offered: String)
    /// The generation that somebody works on is no longer the current one: a data release took its place in the meantime.
    case generationMoved(generation: Int, state: String)
    /// A visit-detector that is older than what a reprocessing has come to.
    case outOfOrder(visit: Int64, detector: Int32, midpointMjdTai: Double, newest: Int64, newestMjdTai: Double)
    /// A release is joined: a store must be of both generations at once, and was of one.
    case joined(release: String, other: Int)
    /// What is stored contradicts an invariant.
    case inconsistent(String)
    /// The operation cannot be done on this machine or server.
    case unavailable(String)

    public var description: String {
        switch self {
        case .badRequest(let sentence), .inconsistent(let sentence), .unavailable(let sentence): sentence
        case .noInstance(let path):
            "there is no SkyLedger instance in \(path): make one with `skyledger init \(path)` or name another with --instance"
        case .instanceExists(let path): "\(path) holds an instance or other files already: choose an empty or new directory"
        case .newerInstance(let path, let migration):
            "the instance \(path) was made by a newer SkyLedger (its bookkeeping is at migration \(migration)): use that version"
        case .frozenSetting(let name, let stored, let asked):
            "\(name) is \(stored) since init and cannot become \(asked): the stored rows depend on it; make a new instance"
        case .documentLacks(let what, let document, let advice): "the instance's schema document \(document) has no \(what): \(advice)"
        case .storedDifferently(let visit, let detector, let stored, let offered):
            "visit \(visit) detector \(detector) was stored from \(stored) with other rows than \(offered) has: nothing was changed; remove it from the input or correct the file"
        case .duplicateSource(let id, let visit, let detector, let offered):
            "\(offered): diaSourceId \(id) is stored already, with visit \(visit) detector \(detector): identifiers must be unique over the instance; correct the file"
        case .generationMoved(let generation, let state):
            "generation \(generation) is \(state) now: a data release put another in its place while this ran; nothing was changed, repeat the command"
        case .outOfOrder(let visit, let detector, let time, let newest, let newestTime):
            "visit \(visit) detector \(detector) of MJD \(time) comes after visit \(newest) of MJD \(newestTime), which the release has already: a reprocessing goes in the order of time; nothing of it was stored, begin the release anew with all visits, or leave this one out"
        case .joined(let release, let other):
            "release \(release) is joined: a visit is stored in generation \(other) too, by `skyledger load`; nothing was stored"
        }
    }

    /// Whether the request, rather than the work, was wrong.
    public var isBadRequest: Bool {
        switch self {
        case .badRequest, .noInstance, .instanceExists, .frozenSetting, .documentLacks, .outOfOrder: true
        default: false
        }
    }
}
