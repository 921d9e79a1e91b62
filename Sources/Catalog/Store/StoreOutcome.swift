/// What became of one visit-detector.
public enum StoreOutcome: Sendable, Equatable {
    case stored(diaSources: Int, diaObjectsNew: Int, diaObjectsUpdated: Int)
    /// It was stored before, with the same rows; nothing was done.
    case alreadyStored
}
