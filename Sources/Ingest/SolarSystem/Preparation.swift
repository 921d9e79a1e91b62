import Catalog
import Foundation
import Postgres
import SolarSystem

/// Carries all known orbits to the middle of a night, so that the night's visits are told what they see without following each body.
///
///     let outcome = try Preparation(instance: instance, planets: planets).run(NightSpan(containing: 61_109.3, at: rubin))
///
/// States that were carried before are taken on from there as long as their orbit is the same; others begin at their elements.
public struct Preparation {
    /// What a preparation did.
    public struct Outcome: Sendable, Equatable, Codable {
        /// Local midnight, MJD UTC, for which the states hold.
        public var midnightMjdUtc = 0.0
        public var orbits = 0
        /// Taken on from states that were stored, of this night or another.
        public var advanced = 0
        /// Begun at their elements.
        public var begun = 0
        /// Could not be followed: they meet the Sun or a planet, or have no elements.
        public var lost = 0
        public var seconds = 0.0

        public init() {}
    }

    let instance: Instance
    let planets: Planets
    let threads: Int
    let release: String?

    /// - Parameters:
    ///   - release: whose generation's orbits are carried; nil for the current one.
    ///   - threads: at most so many compute at once.
    public init(
        instance: Instance, planets: Planets, release: String? = nil, threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        (self.instance, self.planets, self.release, self.threads) = (instance, planets, release, max(1, threads))
    }

    /// - Parameter progress: called with the objects done and all.
    /// - Throws: `CatalogError`, `EphemerisError`, `PostgresError`
    public func run(_ night: NightSpan, progress: (Int, Int) -> Void = { _, _ in }) throws -> Outcome {
        let started = DispatchTime.now().uptimeNanoseconds
        let connection = try instance.connect(as: .ingest)
        let (generation, use) = try OrbitGeneration.of(release, instance, on: connection)
        let catalog = OrbitCatalog(connection: connection, generation: generation, use: use)
        let carried = try StateCarrying(catalog: catalog, planets: planets, threads: threads).run(night) { done, all in
            progress(done, all)
            return true
        }
        var outcome = carried.outcome
        outcome.seconds = Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
        return outcome
    }
}
