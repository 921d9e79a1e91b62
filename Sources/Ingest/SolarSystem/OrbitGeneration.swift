import Catalog
import Postgres

/// Which generation's orbits are worked on: each has its own, and they never mix.
enum OrbitGeneration {
    /// - Throws: `CatalogError.badRequest` where the release has no generation beside the current one.
    static func of(_ release: String?, _ instance: Instance, on connection: Connection) throws -> (Generation, GenerationUse) {
        guard let release else { return (try instance.currentGeneration(on: connection), .current) }
        let record = try Releases(connection: connection).named(release)
        guard record.state == .loading || record.state == .joined else {
            throw CatalogError.badRequest(
                "release \(release) is \(record.state.rawValue): \(record.state == .published ? "its generation is the current one, leave --release out" : "it is closed")"
            )
        }
        return (try instance.generation(record.generation, on: connection), .release(release))
    }
}
