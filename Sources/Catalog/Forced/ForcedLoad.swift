import Columns
import Postgres
import Sphere

/// Stores DiaForcedSources that were measured after their visits were stored.
///
///     let load = ForcedLoad(connection: connection, generation: generation, pixelization: pixelization, configuration: configuration)
///     let outcome = try load.run(rows, source: "forced.parquet", refresh: true)
///
/// All rows are checked before the first is written. Then each visit-detector is one transaction under the locks that a store takes: an
/// interrupted load is repeated as it was: what is stored is recognised and skipped. One load has one connection and serves one thread.
public final class ForcedLoad {
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization
    let configuration: Configuration
    private let clock: () -> Double
    private let use: GenerationUse
    private var partitions: PartitionKeeper

    /// What a load did.
    public struct Outcome: Sendable, Equatable, Codable {
        public var visitDetectors = 0
        public var diaForcedSources = 0
        /// Rows that stood there already, with the same values.
        public var alreadyStored = 0
        /// New versions of objects, an object counted once for each visit-detector that changed it.
        public var diaObjectsUpdated = 0

        public init() {}
    }

    /// How far a load is.
    public struct Progress: Sendable {
        public var visitDetectorsDone: Int
        public var visitDetectorsTotal: Int
        public var outcome: Outcome
    }

    /// - Parameters:
    ///   - connection: as the role `ingest`.
    ///   - clock: the time that rows and versions are stamped with, MJD TAI; the machine's by default.
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

    /// - Parameters:
    ///   - rows: the schema document's columns of DiaForcedSource. ra, dec and band may be missing or null, which stands for the object's
    ///     position and the visit-detector's band; the time is always the visit-detector's.
    ///   - source: what messages call the rows: their file.
    ///   - refresh: whether objects whose summaries the rows change get a new version, in the transaction of the rows.
    ///   - progress: called after each visit-detector; return false to stop after it.
    /// - Throws: `CatalogError.badRequest` with nothing stored where a row names an object that is unknown or closed, a visit-detector that
    ///   is not stored, another time or band than this has, or a measurement that stands in the file twice or is stored with other values.
    /// - Complexity: one pass over DiaForcedSource for the file's identifiers, which no index over partitions can hold.
    public func run(
        _ rows: Table, source: String, refresh: Bool = false, progress: (Progress) -> Bool = { _ in true }
    ) throws -> Outcome {
        let rows = try ForcedRows(rows, source: source, generation: generation)
        var outcome = Outcome()
        guard rows.count > 0 else { return outcome }
        let entries = try check(rows)
        let groups = Dictionary(grouping: 0..<rows.count) { StoredVisitDetector.Key(rows.keys[$0]) }
        let order = groups.keys.sorted { (entries[$0]!.midpointMjdTai, $0) < (entries[$1]!.midpointMjdTai, $1) }
        for (done, key) in order.enumerated() {
            let (members, mjdTai) = (groups[key]!, clock())
            let part = try partitions.withSourcePartitions(on: connection, sourceMjdTai: entries[key]!.midpointMjdTai) { partitions in
                try partitions.withClosingPartitions(on: connection, mjdTai: mjdTai) {
                    try connection.retryingTransaction { try store(members, of: rows, key, refresh: refresh, mjdTai: mjdTai) }
                }
            }
            outcome.visitDetectors += 1
            outcome.diaForcedSources += part.diaForcedSources
            outcome.alreadyStored += part.alreadyStored
            outcome.diaObjectsUpdated += part.diaObjectsUpdated
            if !progress(Progress(visitDetectorsDone: done + 1, visitDetectorsTotal: order.count, outcome: outcome)) { break }
        }
        return outcome
    }

    /// The part of one visit-detector. Order of locks as in a store: its entry, then tiles.
    private func store(
        _ members: [Int], of rows: ForcedRows, _ key: StoredVisitDetector.Key, refresh: Bool, mjdTai: Double
    ) throws -> Outcome {
        let gate = try use.enter(generation.id, on: connection)
        let locked = try StoredVisitDetector.read(
            where: "\"visit\" = $1 AND \"detector\" = $2", [.int64(key.visit), .int32(key.detector)], of: generation, on: connection,
            suffix: "FOR UPDATE")
        let feed = try ChangeFeed.begin(generation, on: connection)
        guard let entry = locked.first else {
            throw CatalogError.inconsistent("visit \(key.visit) detector \(key.detector) went away while its forced sources were loaded")
        }
        let ids = Set(members.map { rows.keys[$0].diaObjectId }).sorted()
        let tiles = try OpenObject.read(ids, generation, on: connection).values.map(\.tile)
        try TileLocks(connection: connection, generation: generation).take(tiles: tiles)
        let objects = try OpenObject.read(ids, generation, on: connection)
        try refuseMissing(members, of: rows, objects: objects)

        let known = try storedRows(members, of: rows)
        let new = members.filter { !known.contains(rows.keys[$0]) }
        var outcome = Outcome()
        outcome.alreadyStored = members.count - new.count
        if !new.isEmpty {
            let owners = new.map { objects[rows.keys[$0].diaObjectId]! }
            try ForcedSourceWriter(connection: connection, generation: generation, pixelization: pixelization).insert(
                rows.completed(new, at: entry, objects: objects), tiles: owners.map(\.tile),
                isPrecovery: owners.map { entry.midpointMjdTai < $0.firstDiaSourceMjdTai }, processedMjdTai: mjdTai)
            try connection.run(
                """
                UPDATE \(generation.table("VisitDetector")) SET "nDiaForcedSources" = "nDiaForcedSources" + $3
                WHERE "visit" = $1 AND "detector" = $2
                """, [.int64(key.visit), .int32(key.detector), .int32(Int32(new.count))])
            outcome.diaForcedSources = new.count
            if use == .current { try follow(new.map { rows.keys[$0] }, refresh: refresh, mjdTai: mjdTai, gate) }
        }
        if refresh { outcome.diaObjectsUpdated = try self.refresh(ids.map { objects[$0]! }, mjdTai: mjdTai) }
        try feed.record(
            .forced, rows: ["DiaForcedSource": outcome.diaForcedSources, "DiaObject": outcome.diaObjectsUpdated], visit: key.visit,
            detector: key.detector)
        return outcome
    }

    /// Has the rows follow into the other generation of an open release.
    private func follow(_ keys: [Updates.ForcedKey], refresh: Bool, mjdTai: Double, _ gate: GenerationGate) throws {
        guard gate.release != nil, let first = keys.first else { return }
        var request = UpdateRequest(mjdTai: mjdTai)
        (request.visit, request.detector, request.refresh) = (first.visit, first.detector, refresh)
        request.forced = keys.map { UpdateRequest.Forced(diaObjectId: $0.diaObjectId, visit: $0.visit, detector: $0.detector) }
        try ReleaseUpdates(connection: connection).add(.forced, request, operation: nil, cause: "forced load", gate)
    }
}
