import Catalog
import Postgres

/// The other generation's side of a load while a release is joined: the same files, translated to its document, associated under its rules with
/// its objects and orbits.
final class JoinedLoad {
    private struct Side {
        var reader: VisitReader
        var store: Store
        var load: VisitDetectorLoad
    }

    private let instance: Instance
    private let options: LoadTask.Options
    private let preparation: NightPreparation
    private let connection: Connection
    private let generation: Generation
    private var side: Side?
    /// The visit that was read last for the other document.
    private var read: (visit: Int64, pieces: [PreparedVisit])?

    /// - Parameter generation: the one that is loaded into.
    init(
        instance: Instance, options: LoadTask.Options, preparation: NightPreparation, connection: Connection, generation: Generation
    ) {
        (self.instance, self.options, self.preparation) = (instance, options, preparation)
        (self.connection, self.generation) = (connection, generation)
    }

    /// Prepares for a release that was joined.
    func open(_ release: String, other: Int) throws {
        let record = try Releases(connection: connection).named(release)
        let generation = try instance.generation(other, on: connection)
        let store = try Store(
            connection: connection, generation: generation, pixelization: instance.pixelization(on: connection), clock: options.clock,
            configuration: record.configuration(), use: .release(release))
        let settings = store.configuration.solarSystem
        let search = try SolarSystemSearch.configured(
            settings, OrbitCatalog(connection: connection, generation: generation, use: .release(release)), generation,
            preparation: options.preparesNights ?? settings.preparesNights ? preparation : nil)
        side = Side(
            reader: try VisitReader(generation: generation, map: options.map), store: store,
            load: VisitDetectorLoad(forced: try ForcedCatalog.configured(options.forcedPaths, for: store), solarSystem: search))
        read = nil
    }

    /// What to store beside a visit-detector; nil as long as no release was found to be joined.
    func twin(of piece: PreparedVisit, _ work: LoadWork) throws -> StoreTwin? {
        guard let side else { return nil }
        var own = piece
        if side.store.generation.documentYAML != generation.documentYAML {
            if read?.visit != piece.visitDetector.visit { read = (piece.visitDetector.visit, try work.prepare(side.reader)) }
            guard let same = read?.pieces.first(where: { $0.visitDetector.detector == piece.visitDetector.detector }) else {
                throw IngestError.notAnInput(
                    path: piece.visitDetector.source,
                    reason: "detector \(piece.visitDetector.detector) of visit \(piece.visitDetector.visit) is gone from it")
            }
            own = same
        }
        var request = try side.load.request(own, in: side.store)
        request.keepsStored = true
        return StoreTwin(store: side.store, request: request)
    }
}
