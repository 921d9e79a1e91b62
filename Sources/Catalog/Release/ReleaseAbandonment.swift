import Postgres

/// Gives a release up: its generation goes, and everything is as if it had never begun.
///
/// Killed at any moment and repeated it finishes: first nothing uses the generation any more, then its tables go piece by piece.
public struct ReleaseAbandonment {
    let instance: Instance

    public init(instance: Instance) { self.instance = instance }

    /// - Parameter progress: pieces removed and all; return false to stop.
    /// - Returns: whether everything is gone.
    /// - Throws: `CatalogError.badRequest` where it is published or retired.
    public func run(_ name: String, progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Bool {
        let connection = try instance.connect(as: .owner)
        let releases = Releases(connection: connection)
        try GenerationGate.close(on: connection) {
            let release = try releases.named(name)
            switch release.state {
            case .abandoned: return
            case .beginning, .loading, .joined: break
            case .published:
                throw CatalogError.badRequest(
                    "release \(name) is published and its generation is current: take it back with `skyledger release rollback \(name)` first"
                )
            case .retired: throw CatalogError.badRequest("release \(name) is retired: its generation is the only one")
            }
            try GenerationRemoval.keepWitness(of: instance.generation(release.generation, on: connection), on: connection)
            try connection.run("UPDATE skyledger.\"Release\" SET \"state\" = 'abandoned' WHERE \"release\" = $1", [.text(name)])
            try connection.run(
                "UPDATE skyledger.\"Generation\" SET \"state\" = 'former' WHERE \"generationId\" = $1", [.int32(Int32(release.generation))])
            try connection.run(
                "DELETE FROM skyledger.\"ReleaseQueue\" WHERE \"generation\" IN ($1, $2)",
                [.int32(Int32(release.generation)), .int32(Int32(release.fromGeneration))])
            try ReleaseUpdates(connection: connection).end(name)
            try connection.run("DELETE FROM skyledger.\"PieceChange\" WHERE \"release\" = $1", [.text(name)])
            try releases.record(.abandon, of: name, ["generation": release.generation])
        }
        return try GenerationRemoval(connection: connection, generation: releases.named(name).generation).run(progress: progress)
    }
}
