import Association
import Columns
import Postgres
import Schema
import Sphere

/// Stores visit-detectors into a generation. One store has one connection and serves one thread.
public final class Store {
    let connection: Connection
    public let generation: Generation
    public let pixelization: any Pixelization
    /// The rules in force when the store was made.
    public let configuration: Configuration
    let configurationNumber: Int32
    let clock: ProcessingClock
    private var partitions: PartitionKeeper

    /// - Parameters:
    ///   - connection: as the role `ingest`.
    ///   - configuration: nil for the instance's own.
    public init(
        connection: Connection, generation: Generation, pixelization: any Pixelization, clock: ProcessingClock = .now,
        configuration: Configuration? = nil
    ) throws {
        self.connection = connection
        self.generation = generation
        self.pixelization = pixelization
        self.clock = clock
        let record = try ConfigurationRecord.current(on: connection)
        try configuration?.check()
        self.configuration = configuration ?? record.configuration
        // One that was given for this run alone has no number.
        configurationNumber = configuration == nil || configuration == record.configuration ? record.number : -1
        partitions = PartitionKeeper(generation)
    }

    /// Refuses a visit before any of its detectors is stored, when one of them contradicts what is stored already. Each store checks again.
    ///
    /// - Throws: `CatalogError.storedDifferently`, `.duplicateSource`
    public func refuseContradictions(_ pieces: [(visitDetector: VisitDetector, sources: Table)]) throws {
        for (visitDetector, sources) in pieces {
            let entry = VisitDetectorEntry(self, visitDetector, sources)
            if try !entry.isStored() { try entry.refuseKnownSources() }
        }
    }

    /// Stores one visit-detector, in one transaction.
    ///
    /// - Throws: `CatalogError`, `PostgresError`, or what the request's closures throw; nothing is stored then.
    public func store(_ request: StoreRequest) throws -> StoreOutcome {
        let processed = clock.mjdTai(of: request.visitDetector)
        try request.alerts?.prepare(mjdTai: processed)
        return try partitions.withSourcePartitions(on: connection, sourceMjdTai: request.visitDetector.midpointMjdTai) { partitions in
            try partitions.withClosingPartitions(on: connection, mjdTai: processed) {
                try connection.retryingTransaction { try attempt(request, processedMjdTai: processed) }
            }
        }
    }

    private func attempt(_ request: StoreRequest, processedMjdTai: Double) throws -> StoreOutcome {
        let entry = VisitDetectorEntry(self, request.visitDetector, request.sources)
        guard try entry.enter(processedMjdTai: processedMjdTai) else { return .alreadyStored }
        let feed = try ChangeFeed.begin(generation, on: connection)
        let transaction = StoreTransaction(self, request, processedMjdTai: processedMjdTai)
        let objects = try transaction.objects()
        try entry.refuseKnownSources()
        let (decisions, isLimited) = try request.associate(objects)
        var counts = try transaction.write(objects: objects, decisions: decisions)
        counts.isLimited = isLimited
        try entry.complete(counts)
        if let alerts = request.alerts {
            // Nearly the last work: from its end on other stores wait for the commit.
            try alerts.issue(transaction.storedVisit(diaNoise: entry.diaNoise)) { issued in
                (counts.alerts, counts.otherAlerts) = (issued.count, issued.others)
                try entry.record(issued)
            }
        }
        try feed.record(
            .store, rows: counts.insertedRows, visit: request.visitDetector.visit, detector: request.visitDetector.detector)
        return .stored(counts)
    }
}
