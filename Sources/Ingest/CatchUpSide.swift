import Catalog
import Columns
import Postgres

/// One direction of a catch-up: the generation that gets, and the one that has.
struct CatchUpSide {
    private let connection: Connection
    private let use: GenerationUse
    private let store: Store
    private let search: SolarSystemSearch?
    private let content: StoredContentReader
    private let from: Generation
    private let repetition: UpdateRepetition

    /// - Parameter preparation: carries orbits to the nights of what waits; nil to leave them as they are.
    init(
        instance: Instance, release: ReleaseRecord, generation id: Int, clock: ProcessingClock, preparation: NightPreparation?,
        connection: Connection
    ) throws {
        self.connection = connection
        use = .catchUp(release.name)
        let generation = try instance.generation(id, on: connection)
        from = try instance.generation(release.other(than: id), on: connection)
        let rules = try id == release.generation ? release.configuration() : Self.lastRules(of: generation, on: connection)
        store = try Store(
            connection: connection, generation: generation, pixelization: instance.pixelization(on: connection), clock: clock,
            configuration: rules, use: use)
        search = try SolarSystemSearch.configured(
            rules.solarSystem, OrbitCatalog(connection: connection, generation: generation, use: use), generation, preparation: preparation)
        let rematch = OtherRematch(
            visits: StoredVisits(connection: connection, generation: generation, use: use),
            updates: Updates(
                connection: connection, generation: generation, pixelization: store.pixelization, configuration: rules, use: use),
            search: search)
        repetition = UpdateRepetition(
            connection: connection, release: release.name, from: from, to: generation, pixelization: store.pixelization,
            configuration: rules, keepsTimes: clock == .visit, rematch: rematch.run)
        content = StoredContentReader(connection: connection, from: from, to: generation)
    }

    /// The rules under which a generation was made that is not the release's: the newest of its visits.
    private static func lastRules(of generation: Generation, on connection: Connection) throws -> Configuration {
        let number = try connection.int64(
            "SELECT max(\"configuration\")::bigint FROM \(generation.table("VisitDetector")) WHERE \"configuration\" >= 0")
        guard let number, number > 0 else {
            return number == nil ? try ConfigurationRecord.current(on: connection).configuration : Configuration()
        }
        let known = try ConfigurationHistory(on: connection).entries.first { $0.record.number == Int32(number) }
        return try known?.record.configuration ?? ConfigurationRecord.current(on: connection).configuration
    }

    /// What waits, the oldest first.
    func waiting() throws -> [ReleaseQueue.Entry] { try ReleaseQueue(connection: connection).oldest(of: store.generation.id, limit: 200) }

    /// Stores what the other generation has of a visit-detector.
    func take(_ entry: ReleaseQueue.Entry, _ outcome: inout CatchUp.Outcome) throws {
        let piece = try content.read(visit: entry.visit, detector: entry.detector)
        let newest = try TemporalOrder(connection: connection, generation: store.generation).newest(beside: entry.visit)
        let forced = ForcedCatalog(
            rows: piece.forced, generation: store.generation, radiusArcsec: store.configuration.association.match.radiusArcsec)
        let load = VisitDetectorLoad(forced: piece.forced.rowCount > 0 ? forced : nil, solarSystem: search)
        var request = try load.request(PreparedVisit(visitDetector: piece.visitDetector, sources: piece.sources), in: store)
        (request.digest, request.keepsStored) = (piece.digest, true)
        // What waits to be repeated is withdrawn when its turn comes.
        let waiting = try ReleaseUpdates(connection: connection).waiting(
            [.withdraw], of: piece.withdrawn, generation: store.generation.id)
        let withdrawn = piece.withdrawn.filter { !waiting.contains($0) }
        let stored: StoreOutcome
        if withdrawn.isEmpty {
            stored = try store.store(request)
        } else {
            stored = try connection.retryingTransaction {
                let stored = try store.store(request)
                if case .stored = stored { try withdraw(withdrawn) }
                return stored
            }
        }
        outcome.visitDetectors += 1
        guard case .stored(let counts) = stored else { return }
        outcome.late += newest.map { $0.midpointMjdTai > entry.midpointMjdTai } == true ? 1 : 0
        outcome.diaSources += counts.diaSources
        if counts.solarSystem == .stale || counts.solarSystem == .failed {
            outcome.withoutEphemerides += 1
            outcome.withoutEphemeridesReason = outcome.withoutEphemeridesReason ?? counts.solarSystemReason
        }
        outcome.diaForcedSources += counts.diaForcedSources
        outcome.forcedWithoutObject += forced.withoutObject
        outcome.withdrawn += withdrawn.count
    }

    /// Stores what waits, in the order of time, and repeats updates where their turn has come, as long as it may go on.
    /// - Returns: whether it may.
    func catchUp(_ outcome: inout CatchUp.Outcome, goesOn: (CatchUp.Outcome) -> Bool) throws -> Bool {
        var batch = try waiting()
        while !batch.isEmpty {
            for entry in batch {
                guard try repeatUpdates(&outcome, goesOn: goesOn) else { return false }
                try take(entry, &outcome)
                guard goesOn(outcome) else { return false }
            }
            batch = try waiting()
        }
        return try repeatUpdates(&outcome, goesOn: goesOn)
    }

    /// Repeats the updates of which nothing that came before them waits, as long as it may go on.
    /// - Returns: whether it may.
    private func repeatUpdates(_ outcome: inout CatchUp.Outcome, goesOn: (CatchUp.Outcome) -> Bool) throws -> Bool {
        while let update = try repetition.next() {
            switch try repetition.run(update) {
            case .done: outcome.updates += 1
            case .skipped: outcome.updatesSkipped += 1
            case .waits, nil: continue
            }
            if !goesOn(outcome) { return false }
        }
        return true
    }

    private func withdraw(_ ids: [Int64]) throws {
        _ = try Updates(
            connection: connection, generation: store.generation, pixelization: store.pixelization, configuration: store.configuration,
            use: use
        ).withdraw(sources: ids, cause: "withdrawn in generation \(from.id)")
    }
}

/// Known objects looked for again in the other generation, in its own orbits.
private struct OtherRematch {
    let visits: StoredVisits
    let updates: Updates
    let search: SolarSystemSearch?

    func run(visit: Int64, detector: Int32) throws -> ReleaseUpdate.Obstacle? {
        guard let entry = try visits.entry(visit: visit, detector: detector) else { return .noVisitDetector }
        guard let search else { return .noEphemerides }
        return try Rematch(visits: visits, updates: updates, search: search).run([entry]).withoutEphemerides > 0 ? .noEphemerides : nil
    }
}
