import Association
import Columns
import Postgres
import Schema
import Sphere

/// Stores visit-detectors into a generation. One store has one connection and serves one thread.
///
/// While a data release is open, each store also keeps the other generation in step: it is stored there too, or enters there what it lacks
/// (`docs/decisions/031`).
public final class Store {
    let connection: Connection
    public let generation: Generation
    public let pixelization: any Pixelization
    /// The rules in force when the store was made.
    public let configuration: Configuration
    let configurationNumber: Int32
    let clock: ProcessingClock
    /// As what the generation is worked on.
    public let use: GenerationUse
    private var partitions: PartitionKeeper

    /// - Parameters:
    ///   - connection: as the role `ingest`.
    ///   - configuration: nil for the instance's own.
    ///   - use: as what the generation is worked on; stores into a release's are held to the order of time.
    public init(
        connection: Connection, generation: Generation, pixelization: any Pixelization, clock: ProcessingClock = .now,
        configuration: Configuration? = nil, use: GenerationUse = .current
    ) throws {
        self.connection = connection
        self.generation = generation
        self.pixelization = pixelization
        self.clock = clock
        self.use = use
        let record = try ConfigurationRecord.current(on: connection)
        try configuration?.check()
        self.configuration = configuration ?? record.configuration
        // One that was given for this run alone has no number.
        configurationNumber = configuration == nil || configuration == record.configuration ? record.number : -1
        partitions = PartitionKeeper(generation)
    }

    /// Refuses a visit before any of its detectors is stored, when one of them contradicts what is stored already. Each store checks again.
    ///
    /// - Returns: for each whether it is stored already, from the same rows.
    /// - Throws: `CatalogError.storedDifferently`, `.duplicateSource`
    @discardableResult
    public func refuseContradictions(_ pieces: [(visitDetector: VisitDetector, sources: Table)]) throws -> [Bool] {
        try pieces.map { visitDetector, sources in
            let entry = VisitDetectorEntry(self, visitDetector, sources)
            let isStored = try entry.isStored()
            if !isStored { try entry.refuseKnownSources() }
            return isStored
        }
    }

    /// Whether a visit-detector is stored from content of this digest.
    public func holds(_ visitDetector: VisitDetector, digest: [UInt8]) throws -> Bool {
        let stored = try connection.query(
            "SELECT \"digest\" FROM \(generation.table("VisitDetector")) WHERE \"visit\" = $1 AND \"detector\" = $2",
            [.int64(visitDetector.visit), .int32(visitDetector.detector)])
        return stored["digest"]?.binaries.map { $0.count == 1 && Array($0.bytes(at: 0)) == digest } ?? false
    }

    /// Stores one visit-detector, in one transaction; into both generations while a release is joined.
    ///
    /// - Throws: `CatalogError` (`.joined` where the request lacks the other generation's side, `.generationMoved` where a release put
    ///   another generation in this one's place, `.outOfOrder` in a reprocessing), `PostgresError`, or what the request's closures throw;
    ///   nothing is stored then.
    public func store(_ request: StoreRequest) throws -> StoreOutcome {
        let processed = clock.mjdTai(of: request.visitDetector)
        try request.alerts?.prepare(mjdTai: processed)
        return try withPartitions(for: request.visitDetector, processed) {
            let attempts = { try self.connection.retryingTransaction { try self.attempt(request, processedMjdTai: processed) } }
            return try request.twin?.store.withPartitions(for: request.visitDetector, processed, attempts) ?? attempts()
        }
    }

    /// Runs a body that stores rows of a visit-detector, its partitions there.
    func withPartitions<Result>(for visitDetector: VisitDetector, _ processedMjdTai: Double, _ body: () throws -> Result) throws -> Result {
        try partitions.withSourcePartitions(on: connection, sourceMjdTai: visitDetector.midpointMjdTai) { partitions in
            try partitions.withClosingPartitions(on: connection, mjdTai: processedMjdTai, body)
        }
    }

    private func attempt(_ request: StoreRequest, processedMjdTai: Double) throws -> StoreOutcome {
        let gate = try use.enter(generation.id, on: connection)
        let queue = ReleaseQueue(connection: connection)
        let (visit, detector) = (request.visitDetector.visit, request.visitDetector.detector)
        let isWaitedFor = try gate.release != nil && queue.remove(visit, detector, generation: generation.id)
        if case .catchUp = use, !isWaitedFor { return .alreadyStored }
        guard var own = try StoreWork(self, request, processedMjdTai: processedMjdTai) else { return .alreadyStored }
        if case .release = use { try TemporalOrder(connection: connection, generation: generation).check(request.visitDetector) }
        try own.write()

        var twin: StoreWork?
        if use == .current, let other = gate.twin {
            guard let side = request.twin, side.store.generation.id == other else {
                throw CatalogError.joined(release: gate.release ?? "", other: other)
            }
            // What the other has already, of a reprocessing, stays.
            twin = try StoreWork(side.store, side.request, processedMjdTai: processedMjdTai)
            try twin?.write()
            own.counts.isJoined = true
        } else if let other = gate.other, gate.state == "current" {
            try queue.add(request.visitDetector, generation: other)
        }
        // What one generation waits for was stored in the other while that was current, with its alerts.
        if let alerts = request.alerts, !isWaitedFor {
            // Nearly the last work: from its end on other stores wait for the commit.
            try own.issue(alerts)
        }
        try own.announce()
        try twin?.announce()
        return .stored(own.counts)
    }
}
