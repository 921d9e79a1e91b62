import Catalog
import Columns
import Dispatch
import SolarSystem

/// How far the orbits of a night are.
public struct NightProgress: Sendable, Equatable {
    /// Local midnight, MJD UTC.
    public var midnightMjdUtc: Double
    /// Orbits carried of all.
    public var done: Int
    public var total: Int
}

/// Carries a generation's orbits to the nights that a run comes to, where they are not there yet.
///
/// A run over many nights needs nobody who prepares one after the other. One thread uses it; the sides of a joined load share one.
final class NightPreparation {
    /// Nights whose orbits were looked after, and how long that took.
    private(set) var nights = 0
    private(set) var seconds = 0.0
    private let progress: (NightProgress) -> Bool

    /// - Parameter progress: false to stop, by `StateCarrying.Stopped`.
    init(progress: @escaping (NightProgress) -> Bool) { self.progress = progress }

    /// The night's orbits and their states, in the database from now on.
    /// - Throws: as `StateCarrying.run`
    func run(_ night: NightSpan, _ carrying: StateCarrying) throws -> (elements: Table, states: Table) {
        let started = DispatchTime.now().uptimeNanoseconds
        let carried = try carrying.run(night) { done, total in
            progress(NightProgress(midnightMjdUtc: night.midnight, done: done, total: total))
        }
        nights += 1
        seconds += Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
        return (carried.elements, carried.states)
    }
}
