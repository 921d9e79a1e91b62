import Alerts
import Catalog
import Columns
import Foundation
import Postgres
import Schema
import Sphere

/// Loads DiaSources of processed visits into an instance, one visit-detector a transaction.
///
/// Interrupted at any point, the same command run again finishes the work: what is stored is recognised and skipped.
public struct LoadTask: Sendable {
    public struct Options: Sendable {
        /// Largest angle between a source and its object; nil for the instance's configuration.
        public var radiusArcsec: Double?
        /// Files of DiaForcedSources that were measured in the visits.
        public var forcedPaths: [String] = []
        public var map: TranslationMap?
        public var clock: ProcessingClock = .now
        /// Whether alerts are issued; the instance's configuration may say no as well.
        public var issuesAlerts = true
        /// The folder of installed alert schemas, for an instance that has none yet.
        public var alertSchemas: AlertSchemaFolder?
        /// Where the images are that cutouts are made of.
        public var images: (any AlertImages)?
        public var target = Target.current
        /// Whether a release's input may lack visits that the current generation has up to its cutoff.
        public var allowsMissing = false

        public init() {}
    }

    /// The generation that a run stores into.
    public enum Target: Sendable, Equatable {
        /// The current one, and while a release is joined the release's too. Where a release puts another in its place meanwhile, the run goes on
        /// with that.
        case current
        /// That of a release that is not published: in the order of time over the whole generation, without alerts.
        case release(String)
    }

    /// What a run did.
    public struct Summary: Sendable, Equatable, Codable {
        public var visits = 0
        public var detectors = 0
        public var diaSources = 0
        public var diaObjectsNew = 0
        public var diaObjectsUpdated = 0
        public var diaForcedSources = 0
        /// Sources that belong to no DiaObject.
        public var unassociated = 0
        /// Earlier sources that new objects took.
        public var adopted = 0
        /// Visit-detectors where more sources could have founded objects than the configuration allows.
        public var limitedDetectors = 0
        /// Sources that are known objects of the solar system, and visit-detectors where these could not be looked for.
        public var ssSources = 0
        public var withoutEphemerides = 0
        /// Why, of the first of them.
        public var withoutEphemeridesReason: String?
        /// Rows of forced sources that lie on no object and were left out.
        public var forcedWithoutObject = 0
        /// Alerts of sources that belong to an object, and those beside them: below the threshold, and of targets.
        public var alerts = 0
        public var otherAlerts = 0
        public var skippedAlreadyLoaded = 0
        /// Visit-detectors of the input that do not belong to the piece that the release replaces, and were left out.
        public var outsidePiece = 0
        /// Visit-detectors that were stored in both generations of a release.
        public var joined = 0
        /// How often a release put another generation in the current one's place meanwhile.
        public var swaps = 0
        public var seconds = 0.0

        public init() {}
    }

    /// How far a run is: visits done of all, for a progress bar.
    public struct Progress: Sendable {
        public var visitsDone: Int
        public var visitsTotal: Int
        public var summary: Summary
    }

    let instance: Instance
    let options: Options

    public init(instance: Instance, options: Options) {
        self.instance = instance
        self.options = options
    }

    /// - Parameter progress: called after each visit; return false to stop after it.
    /// - Throws: the first error; everything before it stays stored. What is wrong with a release's input is found before anything is stored.
    public func run(_ inputs: [LoadInput], progress: (Progress) -> Bool = { _ in true }) throws -> Summary {
        let started = Date()
        let connection = try instance.connect(as: .ingest)
        var session = try LoadSession(instance: instance, options: options, connection: connection)
        var works = try LoadWork.list(inputs, session.reader)
        var summary = Summary()
        if case .release(let name) = options.target {
            try ReleaseWork.take(name, on: connection)
            works = LoadWork.inOrderOfTime(works)
            if let filter = try PieceFilter(Releases(connection: connection).named(name), instance: instance, on: connection) {
                (works, summary.outsidePiece) = filter.apply(to: works)
            }
            try ReleaseInput(works, generation: session.store.generation, release: name, on: connection).check(
                allowsMissing: options.allowsMissing)
        }
        var next = 0
        var done: Set<Pointings.Key> = []
        var isStopped = false
        while next < works.count, !isStopped {
            do {
                let reader = session.reader
                // Files are read and checked ahead on another thread while the database works.
                for visit in Prefetch(works[next...].map { work in { @Sendable in try work.prepare(reader) } }) {
                    let prepared = try visit.get()
                    try session.store(prepared, works[next], &summary, done: &done)
                    summary.visits += Set(prepared.map(\.visitDetector.visit)).count
                    next += 1
                    done = []
                    summary.seconds = Date().timeIntervalSince(started)
                    if !progress(Progress(visitsDone: next, visitsTotal: works.count, summary: summary)) {
                        isStopped = true
                        break
                    }
                }
            } catch CatalogError.generationMoved where options.target == .current && summary.swaps < Self.mostSwaps {
                // The visit at hand goes on in the generation that is current now; what of it is stored is in both.
                summary.swaps += 1
                session = try LoadSession(instance: instance, options: options, connection: connection)
            }
        }
        summary.seconds = Date().timeIntervalSince(started)
        if case .release(let name) = options.target {
            try Releases(connection: connection).record(.load, of: name, summary)
        }
        return summary
    }

    /// More than any run meets; a limit on going round.
    private static let mostSwaps = 1000
}
