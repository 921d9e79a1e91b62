import Catalog
import Columns
import Foundation
import Postgres
import SolarSystem

/// All known objects over a night at an observatory, in memory: what the visits of the night are compared with.
///
///     let nights = SolarSystemNight(connection: connection, generation: generation, planets: planets)
///     let night = try nights.night(of: mjdUtc, at: rubin)
///     let seen = try night.index.objects(near: center, radius: 0.16, at: moment)   // rows of night.objects
///
/// A night is read from the database when its first visit comes, and kept; `Preparation` must have carried the states to it, unless it is to
/// be done here. A new catalog of orbits is noticed; after a preparation anew of the same night call `forget()`. One thread uses it, with its
/// connection.
public final class SolarSystemNight {
    /// A night's objects; rows of the index are rows of `objects`.
    public struct Night: Sendable {
        public let span: NightSpan
        public let observatory: Observatory
        public let index: NightIndex
        public let objects: KnownOrbits
        /// Newest catalog of orbits when it was read.
        public let catalog: Int
        /// Objects whose orbit came or changed after the states were carried, and that are not looked for.
        public let unprepared: Int
    }

    private struct Key: Hashable {
        var span: NightSpan
        var observatory: String
        var catalog: Int
    }

    private let catalog: OrbitCatalog
    private let preparation: NightPreparation?
    public let ephemeris: Ephemeris
    private let threads: Int
    private var kept: (key: Key, night: Night)?

    /// - Parameter connection: as any role.
    public init(
        connection: Connection, generation: Generation, planets: Planets, threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        catalog = OrbitCatalog(connection: connection, generation: generation)
        preparation = nil
        ephemeris = Ephemeris(planets: planets)
        self.threads = max(1, threads)
    }

    /// One that has the catalog's states carried to the nights that it is asked for; nil to leave them as they are.
    init(catalog: OrbitCatalog, planets: Planets, preparation: NightPreparation?) {
        self.catalog = catalog
        self.preparation = preparation
        ephemeris = Ephemeris(planets: planets)
        threads = ProcessInfo.processInfo.activeProcessorCount
    }

    /// The night in which a moment (MJD UTC) falls.
    /// - Throws: `CatalogError.badRequest` where no orbits are loaded, or no states carried to within a day of the night; `EphemerisError`,
    ///   `PostgresError`
    /// - Complexity: O(n) for n objects at a night's first call, then one short query.
    public func night(of mjdUtc: Double, at observatory: Observatory) throws -> Night {
        guard let entry = try catalog.current() else {
            throw CatalogError.badRequest("no catalog of orbits is loaded: load one with `skyledger solarsystem load`")
        }
        let key = Key(span: NightSpan(containing: mjdUtc, at: observatory), observatory: observatory.code, catalog: entry.number)
        if let kept, kept.key == key { return kept.night }
        // Only one night is in memory at a time.
        kept = nil
        let night = try read(key, observatory)
        kept = (key, night)
        return night
    }

    /// Reads the next night anew.
    public func forget() { kept = nil }

    private func read(_ key: Key, _ observatory: Observatory) throws -> Night {
        let carrying = StateCarrying(catalog: catalog, planets: ephemeris.planets, threads: threads)
        let (elements, stored) = try preparation?.run(key.span, carrying) ?? catalog.snapshot()
        let known = KnownOrbits(elements)
        let states = StoredStates(stored)
        let advice = "run `skyledger solarsystem prepare --night \(key.span.midnight) --observatory \(observatory.code)`"
        guard states.count > 0 else { throw CatalogError.badRequest("no states of the known objects are carried to a night: \(advice)") }
        let epoch = states.epoch(0)
        let (evening, morning) = (try Moment(utc: key.span.evening), try Moment(utc: key.span.morning))
        guard abs(evening.tdb - epoch) <= 1, abs(morning.tdb - epoch) <= 1 else {
            throw CatalogError.badRequest(
                "the states of the known objects are those of MJD \(epoch), more than a day from the night of MJD \(key.span.midnight): \(advice)"
            )
        }
        var columns = StateColumns(
            epoch: epoch, x: .init(repeating: .nan, count: known.count), y: .init(repeating: .nan, count: known.count),
            z: .init(repeating: .nan, count: known.count), vx: .init(repeating: .nan, count: known.count),
            vy: .init(repeating: .nan, count: known.count), vz: .init(repeating: .nan, count: known.count))
        var unprepared = 0
        for row in 0..<known.count {
            if let state = states.state(of: known.ssObjectId[row], key: known.key[row]), state.epoch == epoch {
                columns[row] = state
            } else {
                unprepared += 1
            }
        }
        return Night(
            span: key.span, observatory: observatory,
            index: try NightIndex(columns, from: evening, to: morning, observatory: observatory, ephemeris: ephemeris, threads: threads),
            objects: known, catalog: key.catalog, unprepared: unprepared)
    }
}
