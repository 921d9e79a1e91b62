import Alerts
import Catalog
import Columns
import Postgres

/// What became of an alert's source and object, from the generation that issued it to the current one, release by release.
///
///     let walk = try AlertWalk(entry, packet: value, correspondences)
///     print(walk.trace.sentence, walk.sourceSteps.map(\.sentence))
public struct AlertWalk: Sendable {
    public let trace: AlertTrace
    public let sourceSteps: [SourceStep]
    public let objectSteps: [ObjectStep]

    /// - Throws: `CatalogError.badRequest` where no release leads from the alert's generation to the current one; `PostgresError`
    public init(_ entry: LedgerEntry, packet: AvroValue, _ walk: Correspondences) throws {
        let current = try walk.instance.generation(walk.current, on: walk.connection)
        let from = Int(entry.key.generation)
        guard from != current.id, !ForeignImport.isForeign(entry.key) else {
            (sourceSteps, objectSteps) = ([], [])
            trace = try AlertTrace(entry, packet: packet, on: walk.connection, generation: current)
            return
        }
        let source = entry.alert.diaSourceId
        sourceSteps = try source.map { try walk.sources([$0], from: from, to: current.id)[$0] ?? [] } ?? []
        objectSteps = try entry.alert.diaObjectId.map { try walk.objects($0, from: from, to: current.id) } ?? []
        let ends = objectSteps.filter { $0.toGeneration == current.id && $0.isFollowed }
        let objects = ends.sorted { ($1.nShared ?? 0, $0.becomes ?? 0) < ($0.nShared ?? 0, $1.becomes ?? 0) }.compactMap(\.becomes)
        trace = try AlertTrace(
            entry, packet: packet, on: walk.connection, generation: current,
            identity: .init(
                diaSourceId: sourceSteps.last?.becomes, hasVanished: sourceSteps.last?.finding == .vanished, diaObjectIds: objects))
    }
}
