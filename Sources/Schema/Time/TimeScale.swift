/// The clock that a time is counted on.
public enum TimeScale: String, Sendable, Hashable, CaseIterable {
    /// Coordinated Universal Time, with leap seconds.
    case utc
    /// International Atomic Time.
    case tai
}
