import Alerts
import Catalog
import Columns
import Foundation
import Postgres

/// What a load works with as long as the generation that it stores into is what it is.
final class LoadSession {
    let reader: VisitReader
    let store: Store
    private let load: VisitDetectorLoad
    private let joined: JoinedLoad
    private let forced: ForcedCatalog?
    private let former: FormerContent

    /// - Throws: `CatalogError.badRequest` where the target is a release that has no generation to be filled.
    init(instance: Instance, options: LoadTask.Options, preparation: NightPreparation, connection: Connection) throws {
        let generation: Generation
        var configuration: Configuration?
        var use = GenerationUse.current
        switch options.target {
        case .current:
            generation = try instance.currentGeneration(on: connection)
            if let radius = options.radiusArcsec {
                configuration = try ConfigurationRecord.current(on: connection).configuration
                configuration!.association.match.radiusArcsec = radius
            }
        case .release(let name):
            let release = try Releases(connection: connection).named(name)
            guard release.state == .loading || release.state == .joined else {
                throw CatalogError.badRequest(
                    "release \(name) is \(release.state.rawValue): nothing can be loaded into its generation any more")
            }
            generation = try instance.generation(release.generation, on: connection)
            (configuration, use) = (try release.configuration(), .release(name))
        }
        reader = try VisitReader(generation: generation, map: options.map)
        store = try Store(
            connection: connection, generation: generation, pixelization: instance.pixelization(on: connection), clock: options.clock,
            configuration: configuration, use: use)
        forced = try ForcedCatalog.configured(options.forcedPaths, for: store)
        let settings = store.configuration.solarSystem
        let prepares = options.preparesNights ?? (use == .current ? settings.preparesNights : true)
        let search = try SolarSystemSearch.configured(
            settings, OrbitCatalog(connection: connection, generation: generation, use: use), generation,
            preparation: prepares ? preparation : nil)
        let alerts = use == .current ? try Self.issuer(for: store, instance, options, connection) : nil
        load = VisitDetectorLoad(forced: forced, solarSystem: search, alerts: alerts)
        joined = JoinedLoad(
            instance: instance, options: options, preparation: preparation, connection: connection, generation: generation)
        former = FormerContent(instance: instance, map: options.map, connection: connection, generation: generation)
    }

    /// Issues the alerts of the run; nil where none are wanted.
    private static func issuer(
        for store: Store, _ instance: Instance, _ options: LoadTask.Options, _ connection: Connection
    ) throws -> AlertIssuer? {
        let settings = store.configuration.alerts
        guard options.issuesAlerts, settings.isOn else { return nil }
        let schema = try AlertSchemas(connection).inForce(installed: options.alertSchemas)
        return try AlertIssuer(
            connection: connection, generation: store.generation, pixelization: store.pixelization, settings: settings, schema: schema,
            images: options.images, secondConnection: { try instance.connect(as: .ingest) })
    }

    /// Stores a visit, a detector a transaction.
    ///
    /// - Parameter done: its detectors that are stored or were found so; those are left out.
    func store(
        _ prepared: [PreparedVisit], _ work: LoadWork, _ summary: inout LoadTask.Summary, done: inout Set<Pointings.Key>
    ) throws {
        func key(_ piece: PreparedVisit) -> Pointings.Key {
            Pointings.Key(visit: piece.visitDetector.visit, detector: piece.visitDetector.detector)
        }
        func skip(_ key: Pointings.Key) {
            done.insert(key)
            summary.add(.alreadyStored)
        }
        var pieces = prepared.filter { !done.contains(key($0)) }
        while true {
            do {
                let isStored = try store.refuseContradictions(pieces.map { ($0.visitDetector, $0.sources) })
                // Nothing is looked for in what is there: a run that is repeated prepares no night of before.
                for (piece, isStored) in zip(pieces, isStored) where isStored { skip(key(piece)) }
                pieces = zip(pieces, isStored).filter { !$1 }.map(\.0)
                break
            } catch let error as CatalogError {
                // The same files, translated to another generation's document, may be what it was stored from.
                guard case .storedDifferently(let visit, let detector, _, _) = error,
                    let index = pieces.firstIndex(where: { key($0) == Pointings.Key(visit: visit, detector: detector) }),
                    try former.isStored(pieces[index], work, in: store)
                else { throw error }
                skip(key(pieces.remove(at: index)))
            }
        }
        for piece in pieces {
            let outcome = try load.run(piece, in: store, joined: joined, work)
            done.insert(key(piece))
            summary.add(outcome)
        }
        summary.forcedWithoutObject = forced?.withoutObject ?? 0
    }
}

extension LoadTask.Summary {
    fileprivate mutating func add(_ outcome: StoreOutcome) {
        detectors += 1
        guard case .stored(let counts) = outcome else {
            skippedAlreadyLoaded += 1
            return
        }
        diaSources += counts.diaSources
        diaObjectsNew += counts.diaObjectsNew
        diaObjectsUpdated += counts.diaObjectsUpdated
        diaForcedSources += counts.diaForcedSources
        unassociated += counts.unassociated
        adopted += counts.adopted
        limitedDetectors += counts.isLimited ? 1 : 0
        ssSources += counts.ssSources
        alerts += counts.alerts
        otherAlerts += counts.otherAlerts
        joined += counts.isJoined ? 1 : 0
        if counts.solarSystem == .stale || counts.solarSystem == .failed {
            withoutEphemerides += 1
            withoutEphemeridesReason = withoutEphemeridesReason ?? counts.solarSystemReason
        }
    }
}
