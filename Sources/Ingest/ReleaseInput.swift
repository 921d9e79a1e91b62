import Catalog
import Postgres

/// What must hold of everything that is to be loaded into a release's generation before any of it is: in the order of time, whatever is missing
/// now could not be loaded later.
struct ReleaseInput {
    private let works: [LoadWork]
    private let release: ReleaseRecord
    private let generation: Generation
    private let connection: Connection

    init(_ works: [LoadWork], generation: Generation, release: String, on connection: Connection) throws {
        self.works = works
        self.generation = generation
        self.connection = connection
        self.release = try Releases(connection: connection).named(release)
    }

    /// - Throws: `CatalogError.badRequest`, `.outOfOrder` that name the visits.
    func check(allowsMissing: Bool) throws {
        let planned = try distinct()
        try refuseLate()
        guard !allowsMissing, let last = works.last?.mjdTai else { return }
        let missing = try ReleaseCompleteness(connection: connection, release: release).missing(upTo: last)
            .filter { planned[Pointings.Key(visit: $0.visit, detector: $0.detector)] == nil }
        guard let first = missing.first else { return }
        throw CatalogError.badRequest(
            "visit \(first.visit) detector \(first.detector) of MJD \(first.midpointMjdTai) is in generation \(release.fromGeneration) and missing from the input\(missing.count > 1 ? ", and \(missing.count - 1) more visit-detectors" : ""): nothing was loaded, for it could not be loaded after the visits that follow it; add it, or say --allow-missing"
        )
    }

    /// All visit-detectors by name.
    private func distinct() throws -> [Pointings.Key: String] {
        var seen: [Pointings.Key: String] = [:]
        for entry in works.lazy.flatMap(\.visitDetectors) {
            guard let other = seen.updateValue(entry.source, forKey: Pointings.Key(visit: entry.visit, detector: entry.detector)) else {
                continue
            }
            throw CatalogError.badRequest(
                "visit \(entry.visit) detector \(entry.detector) is in the input twice, of \(other) and of \(entry.source): nothing was loaded; leave one out"
            )
        }
        return seen
    }

    /// Refuses visits that are older than what the generation has, and not there.
    private func refuseLate() throws {
        let rows = try connection.query("SELECT \"visit\", \"detector\" FROM \(generation.table("VisitDetector"))")
        guard let visits = rows["visit"]?.int64s, let detectors = rows["detector"]?.int32s, !visits.isEmpty else { return }
        let stored = Set(visits.indices.map { Pointings.Key(visit: visits[$0], detector: detectors[$0]) })
        let order = TemporalOrder(connection: connection, generation: generation)
        for entry in works.lazy.flatMap(\.visitDetectors)
        where !stored.contains(Pointings.Key(visit: entry.visit, detector: entry.detector)) {
            try order.check(entry)
            // Later ones are no older.
            return
        }
    }
}
