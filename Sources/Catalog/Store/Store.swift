import Columns
import Postgres
import Schema
import Sphere

/// Stores visit-detectors into a generation. One store has one connection and serves one thread.
public final class Store {
    let connection: Connection
    public let generation: Generation
    public let pixelization: any Pixelization
    let clock: ProcessingClock
    private var partitions: PartitionKeeper

    /// - Parameter connection: as the role `ingest`.
    public init(connection: Connection, generation: Generation, pixelization: any Pixelization, clock: ProcessingClock = .now) throws {
        self.connection = connection
        self.generation = generation
        self.pixelization = pixelization
        self.clock = clock
        partitions = PartitionKeeper(generation)
    }

    /// Refuses a visit before any of its detectors is stored, when one of them contradicts what is stored already. Each store checks again.
    ///
    /// - Throws: `CatalogError.storedDifferently`, `.duplicateSource`
    public func refuseContradictions(_ pieces: [(visitDetector: VisitDetector, sources: Table)]) throws {
        for (visitDetector, sources) in pieces {
            let transaction = StoreTransaction(self, visitDetector, sources)
            if try !transaction.isStored() { try transaction.refuseKnownSources() }
        }
    }

    /// Stores one visit-detector, in one transaction.
    ///
    /// - Parameters:
    ///   - sources: its DiaSources with the columns and types of the schema document, without diaObjectId.
    ///   - associate: decides for each source which object it belongs to.
    /// - Throws: `CatalogError`, `PostgresError`, or what `associate` throws; nothing is stored then.
    public func store(
        _ visitDetector: VisitDetector, sources: Table, padding: Double, associate: (StoredObjects) throws -> [SourceOwner]
    ) throws -> StoreOutcome {
        let processed = clock.mjdTai(of: visitDetector)
        try partitions.ensure(on: connection, sourceMjdTai: visitDetector.midpointMjdTai, processedMjdTai: processed)
        return try connection.retryingTransaction {
            let transaction = StoreTransaction(self, visitDetector, sources)
            guard try transaction.enter() else { return .alreadyStored }
            let objects = try transaction.objects(padding: padding)
            try transaction.refuseKnownSources()
            return try transaction.write(objects: objects, owners: try associate(objects))
        }
    }
}
