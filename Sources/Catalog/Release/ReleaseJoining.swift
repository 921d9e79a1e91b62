import Postgres

/// Joins a release's generation with the current one: from here on the nights' visits are stored in both, in one transaction.
public struct ReleaseJoining {
    let instance: Instance

    public init(instance: Instance) { self.instance = instance }

    /// Done twice it changes nothing the second time.
    /// - Returns: the release, and whether it was joined just now.
    /// - Throws: `CatalogError.badRequest` where one generation lacks visits that the other has, or the release is not loading.
    public func run(_ name: String) throws -> (release: ReleaseRecord, isNew: Bool) {
        let connection = try instance.connect(as: .owner)
        let releases = Releases(connection: connection)
        let isNew = try GenerationGate.close(on: connection) {
            let release = try releases.named(name)
            switch release.state {
            case .joined: return false
            case .loading: break
            case .published: throw CatalogError.badRequest("release \(name) is published: it was joined before that")
            case .retired, .abandoned: throw CatalogError.badRequest("release \(name) is \(release.state.rawValue): it is closed")
            }
            for generation in [release.generation, release.fromGeneration] {
                let lag = try releases.lag(of: generation)
                guard lag == 0 else {
                    throw CatalogError.badRequest(
                        "generation \(generation) lacks \(lag) visit-detectors that generation \(release.other(than: generation)) has: run `skyledger release catch-up \(name)` first"
                    )
                }
            }
            try connection.run("UPDATE skyledger.\"Release\" SET \"state\" = 'joined' WHERE \"release\" = $1", [.text(name)])
            try releases.record(.join, of: name)
            return true
        }
        return (try releases.named(name), isNew)
    }
}
