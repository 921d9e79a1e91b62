import Catalog
import Postgres
import Schema

/// Whether a visit-detector that seems to be stored from other rows came from the same files, translated to the schema document that another
/// generation has: a visit that a release took over from there.
final class FormerContent {
    private let instance: Instance
    private let map: TranslationMap?
    private let connection: Connection
    private let generation: Generation
    private var readers: [VisitReader]?

    init(instance: Instance, map: TranslationMap?, connection: Connection, generation: Generation) {
        (self.instance, self.map, self.connection, self.generation) = (instance, map, connection, generation)
    }

    func isStored(_ piece: PreparedVisit, _ work: LoadWork, in store: Store) throws -> Bool {
        for reader in try others() {
            // Files that the other document cannot take were not stored under it.
            guard let pieces = try? work.prepare(reader),
                let same = pieces.first(where: { $0.visitDetector.detector == piece.visitDetector.detector })
            else { continue }
            if try store.holds(piece.visitDetector, digest: ContentDigest.of(same.sources, orderedBy: "diaSourceId")) { return true }
        }
        return false
    }

    /// A reader for each document that is not this generation's.
    private func others() throws -> [VisitReader] {
        if let readers { return readers }
        var seen: Set<String> = [generation.documentYAML]
        let found = try instance.generations(on: connection).filter { seen.insert($0.documentYAML).inserted }
            .map { try VisitReader(generation: $0, map: map) }
        readers = found
        return found
    }
}
