import Catalog
import Columns
import Foundation
import Postgres

/// Brings a generation of an open release what the other has and it lacks: the nights that passed while it was loaded, and after a rollback
/// those that passed while it was not current.
///
///     let outcome = try CatchUp(instance: instance).run("DR1")
///
/// A visit-detector a transaction, in the order of time. Its rows are those that the other generation has, brought to this one's schema
/// document and associated with this one's objects and orbits, under its rules. Updates that were made in the other follow the
/// visit-detectors that were there before them (`docs/decisions/036`). Interrupted or killed, it is repeated as it was.
public struct CatchUp {
    /// What a run did.
    public struct Outcome: Sendable, Equatable, Codable {
        public var visitDetectors = 0
        /// Those of visits that are older than what the generation had already.
        public var late = 0
        public var diaSources = 0
        public var diaForcedSources = 0
        /// Forced sources of the other generation that lie on no object of this one.
        public var forcedWithoutObject = 0
        /// Sources that are withdrawn there, and so here.
        public var withdrawn = 0
        /// Visit-detectors where known objects could not be looked for, and why, of the first of them.
        public var withoutEphemerides = 0
        public var withoutEphemeridesReason: String?
        /// Nights that orbits were carried to, and how long that took.
        public var nightsPrepared = 0
        public var preparationSeconds = 0.0
        /// Updates of the other generation that were repeated, wholly or in part, and those of which nothing was to be repeated.
        public var updates = 0
        public var updatesSkipped = 0
        /// Those that wait still, of both generations.
        public var updatesWaiting = 0
        /// What the release's generation lacks still, and what the one that it began from does; visit-detectors.
        public var lag = 0
        public var lagOfFormer = 0
        public var seconds = 0.0

        public init() {}
    }

    let instance: Instance
    public var clock = ProcessingClock.now
    /// Whether the release's generation may lack visits up to the cutoff.
    public var allowsMissing = false
    /// Whether orbits are carried to nights that nobody prepared.
    public var preparesNights = true

    public init(instance: Instance) { self.instance = instance }

    /// - Parameters:
    ///   - progress: called after each visit-detector and update with what was done and all that waited; return false to stop after it.
    ///   - preparing: called while orbits are carried to a night; return false to stop before its visits.
    /// - Throws: `CatalogError.badRequest` where the release is closed, or its input is not loaded; `MigrationError`, `PostgresError`;
    ///   what was stored before stays.
    public func run(
        _ name: String, progress: (Int, Int) -> Bool = { _, _ in true }, preparing: @escaping (NightProgress) -> Bool = { _ in true }
    ) throws -> Outcome {
        let started = Date()
        let connection = try instance.connect(as: .ingest)
        let releases = Releases(connection: connection)
        let release = try releases.named(name)
        guard !release.state.isClosed else {
            throw CatalogError.badRequest("release \(name) is \(release.state.rawValue): it is closed, and nothing waits for it")
        }
        try release.requireBegun()
        try ReleaseWork.take(name, on: connection)
        try refuseMissing(release, on: connection)
        var outcome = Outcome()
        let generations = [release.generation, release.fromGeneration]
        let updates = ReleaseUpdates(connection: connection)
        func waits(_ generation: Int) throws -> Int { try releases.lag(of: generation) + updates.waiting(of: generation) }
        let waiting = try generations.reduce(0) { try $0 + waits($1) }
        func goesOn(_ outcome: Outcome) -> Bool {
            let done = outcome.visitDetectors + outcome.updates + outcome.updatesSkipped
            return progress(done, max(waiting, done))
        }
        let preparation = NightPreparation(progress: preparing)
        var isStopped = false
        for generation in generations where try !isStopped && waits(generation) > 0 {
            let side = try CatchUpSide(
                instance: instance, release: release, generation: generation, clock: clock, preparation: preparesNights ? preparation : nil,
                connection: connection)
            do {
                isStopped = try !side.catchUp(&outcome, goesOn: goesOn)
            } catch is StateCarrying.Stopped {
                isStopped = true
            }
        }
        (outcome.nightsPrepared, outcome.preparationSeconds) = (preparation.nights, preparation.seconds)
        outcome.lag = try releases.lag(of: release.generation)
        outcome.lagOfFormer = try releases.lag(of: release.fromGeneration)
        outcome.updatesWaiting = try generations.reduce(0) { try $0 + updates.waiting(of: $1) }
        outcome.seconds = Date().timeIntervalSince(started)
        if outcome.visitDetectors + outcome.updates + outcome.updatesSkipped > 0 { try releases.record(.catchUp, of: name, outcome) }
        return outcome
    }

    /// Visits after the cutoff would close the way to those before it.
    private func refuseMissing(_ release: ReleaseRecord, on connection: Connection) throws {
        guard !allowsMissing, release.state == .loading else { return }
        let missing = try ReleaseCompleteness(connection: connection, release: release).missing()
        guard let first = missing.first else { return }
        throw CatalogError.badRequest(
            "\(missing.count) visit-detectors up to the cutoff are not in the release yet (the first is visit \(first.visit) detector \(first.detector) of MJD \(first.midpointMjdTai)), and cannot be loaded after later ones: run `skyledger release load \(release.name)` first, or say --allow-missing"
        )
    }
}
