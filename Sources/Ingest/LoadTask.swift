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

        public init() {}
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
    /// - Throws: the first error; everything before it stays stored.
    public func run(_ inputs: [LoadInput], progress: (Progress) -> Bool = { _ in true }) throws -> Summary {
        let started = Date()
        let connection = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        let reader = try VisitReader(generation: generation, map: options.map)
        var configuration: Configuration?
        if let radius = options.radiusArcsec {
            configuration = try ConfigurationRecord.current(on: connection).configuration
            configuration!.association.match.radiusArcsec = radius
        }
        let store = try Store(
            connection: connection, generation: generation, pixelization: instance.pixelization(on: connection), clock: options.clock,
            configuration: configuration)
        let forced =
            options.forcedPaths.isEmpty
            ? nil
            : try ForcedCatalog(
                files: options.forcedPaths, generation: generation, radiusArcsec: store.configuration.association.match.radiusArcsec)
        let search = try SolarSystemSearch.configured(store.configuration.solarSystem, generation: generation, on: connection)
        let load = VisitDetectorLoad(forced: forced, solarSystem: search, alerts: try issuer(for: store, on: connection))
        var summary = Summary()
        let batches = try Self.batches(inputs, reader)
        let total = batches.reduce(0) { $0 + $1.count }
        var done = 0
        for batch in batches {
            // Files are read and checked ahead on another thread while the database works.
            for visit in Prefetch(batch) {
                let prepared = try visit.get()
                try store.refuseContradictions(prepared.map { ($0.visitDetector, $0.sources) })
                for piece in prepared { try storePiece(piece, load, in: store, &summary) }
                summary.forcedWithoutObject = forced?.withoutObject ?? 0
                summary.visits += Set(prepared.map(\.visitDetector.visit)).count
                done += 1
                summary.seconds = Date().timeIntervalSince(started)
                if !progress(Progress(visitsDone: done, visitsTotal: total, summary: summary)) { return summary }
            }
        }
        summary.seconds = Date().timeIntervalSince(started)
        return summary
    }

    /// Issues the alerts of the run; nil where none are wanted.
    private func issuer(for store: Store, on connection: Connection) throws -> AlertIssuer? {
        let settings = store.configuration.alerts
        guard options.issuesAlerts, settings.isOn else { return nil }
        let schema = try AlertSchemas(connection).inForce(installed: options.alertSchemas)
        let instance = instance
        return try AlertIssuer(
            connection: connection, generation: store.generation, pixelization: store.pixelization, settings: settings, schema: schema,
            images: options.images, secondConnection: { try instance.connect(as: .ingest) })
    }

    private func storePiece(_ piece: PreparedVisit, _ load: VisitDetectorLoad, in store: Store, _ summary: inout Summary) throws {
        summary.detectors += 1
        switch try load.run(piece, in: store) {
        case .alreadyStored: summary.skippedAlreadyLoaded += 1
        case .stored(let counts):
            summary.diaSources += counts.diaSources
            summary.diaObjectsNew += counts.diaObjectsNew
            summary.diaObjectsUpdated += counts.diaObjectsUpdated
            summary.diaForcedSources += counts.diaForcedSources
            summary.unassociated += counts.unassociated
            summary.adopted += counts.adopted
            summary.limitedDetectors += counts.isLimited ? 1 : 0
            summary.ssSources += counts.ssSources
            summary.alerts += counts.alerts
            summary.otherAlerts += counts.otherAlerts
            if counts.solarSystem == .stale || counts.solarSystem == .failed {
                summary.withoutEphemerides += 1
                summary.withoutEphemeridesReason = summary.withoutEphemeridesReason ?? counts.solarSystemReason
            }
        }
    }

    typealias Batch = [@Sendable () throws -> [PreparedVisit]]

    /// The visits of each directory, and of all catalogs together, in the order of time; each visit a piece of work for another thread.
    private static func batches(_ inputs: [LoadInput], _ reader: VisitReader) throws -> [Batch] {
        var batches: [Batch] = []
        var catalogs: [String] = []
        for input in inputs {
            switch input {
            case .visitDirectory(let path):
                let directory = try VisitDirectory(path, reader: reader)
                batches.append((0..<directory.count).map { visit in { @Sendable in try directory.prepare(visit) } })
            case .catalog(let path): catalogs.append(path)
            }
        }
        if !catalogs.isEmpty {
            // Read whole: a visit-detector may be spread over files, and visits are stored in the order of time.
            let prepared = try reader.catalogs(catalogs)
            let visits = Dictionary(grouping: prepared.indices) { prepared[$0].visitDetector.visit }
            batches.append(visits.values.sorted { $0[0] < $1[0] }.map { indices in { @Sendable in indices.map { prepared[$0] } } })
        }
        return batches
    }
}
