import Association
import Columns
import Postgres
import Schema
import Sphere

/// Changes of stored Level-1 data after the fact. Each call is one transaction, recorded row by row in UpdateRecord so that it can be
/// replayed elsewhere; objects that lose or gain sources get new versions with new summaries.
///
///     let updates = Updates(connection: connection, generation: generation, pixelization: pixelization, configuration: configuration)
///     try updates.withdraw(sources: [100_000_000_012], cause: "satellite 25544")
///
/// Errors name the first identifier that is wrong, and leave everything as it was.
public final class Updates {
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization
    let configuration: Configuration
    let clock: () -> Double
    let use: GenerationUse
    private var partitions: PartitionKeeper

    /// What an update did.
    public struct Outcome: Sendable, Equatable, Codable {
        /// Number of the operation in UpdateRecord; 0 where nothing had to change.
        public var operation: Int64 = 0
        public var diaSources = 0
        public var diaForcedSources = 0
        /// Objects with a new version, founded ones included, and objects that were closed.
        public var diaObjectsUpdated: [Int64] = []
        public var diaObjectsClosed: [Int64] = []

        public init() {}
    }

    /// - Parameters:
    ///   - connection: as the role `ingest`.
    ///   - clock: the time that changes are stamped with, MJD TAI; the machine's by default.
    ///   - use: as what the generation is worked on.
    public init(
        connection: Connection, generation: Generation, pixelization: any Pixelization, configuration: Configuration,
        clock: @escaping () -> Double = ProcessingClock.machineMjdTai, use: GenerationUse = .current
    ) {
        self.connection = connection
        self.generation = generation
        self.pixelization = pixelization
        self.configuration = configuration
        self.clock = clock
        self.use = use
        partitions = PartitionKeeper(generation)
    }

    /// Runs a change in its transaction, repeated when another was in the way.
    ///
    /// - Parameter followed: what is to be repeated in the other generation while a release is open; nil for nothing.
    func run(cause: String, followed: FollowedUpdate? = nil, _ body: (UpdateTransaction) throws -> Void) throws -> Outcome {
        guard !cause.allSatisfy(\.isWhitespace) else {
            throw CatalogError.badRequest("an update needs a cause, which its records keep: name one")
        }
        let mjdTai = clock()
        return try partitions.withClosingPartitions(on: connection, mjdTai: mjdTai) {
            try connection.retryingTransaction {
                let gate = try use.enter(generation.id, on: connection)
                let transaction = UpdateTransaction(self, cause: cause, mjdTai: mjdTai)
                try body(transaction)
                guard use == .current, gate.release != nil, let followed else { return try transaction.finish() }
                let request = try followed.request(mjdTai: mjdTai, generation, on: connection)
                let outcome = try transaction.finish()
                // A track's object may be new although its sources are its own already.
                guard outcome.operation != 0 || followed.kind == .link else { return outcome }
                try ReleaseUpdates(connection: connection).add(
                    followed.kind, request, operation: outcome.operation == 0 ? nil : outcome.operation, cause: cause, gate)
                return outcome
            }
        }
    }

    /// Refuses a list that names something twice, or nothing.
    static func requireDistinct(_ ids: [Int64], _ what: String) throws {
        guard !ids.isEmpty else { throw CatalogError.badRequest("no \(what) is named: name at least one") }
        var seen: Set<Int64> = []
        for id in ids where !seen.insert(id).inserted {
            throw CatalogError.badRequest("\(what) \(id) is named twice: name each once")
        }
    }
}
