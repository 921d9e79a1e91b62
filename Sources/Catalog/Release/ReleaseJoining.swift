import Postgres

/// Joins a release's generation with the current one: from here on the nights' visits are stored in both, in one transaction.
public struct ReleaseJoining {
    let instance: Instance

    public init(instance: Instance) { self.instance = instance }

    /// Done twice it changes nothing the second time.
    ///
    /// - Parameter catchUp: brings both generations what they lack; false to stop. Visits that come between it and the joining are brought by
    ///   another round.
    /// - Returns: the release, and whether it was joined just now; nil where `catchUp` stopped.
    /// - Throws: `CatalogError.badRequest` where the release is not loading; `.unavailable` where visits come faster than they are caught up.
    public func run(_ name: String, catchUp: () throws -> Bool) throws -> (release: ReleaseRecord, isNew: Bool)? {
        let connection = try instance.connect(as: .owner)
        let releases = Releases(connection: connection)
        for _ in 0..<Self.mostRounds {
            let release = try releases.named(name)
            switch release.state {
            case .joined: return (release, false)
            case .beginning, .loading: try release.requireBegun()
            case .published: throw CatalogError.badRequest("release \(name) is published: it was joined before that")
            case .retired, .abandoned: throw CatalogError.badRequest("release \(name) is \(release.state.rawValue): it is closed")
            }
            guard try catchUp() else { return nil }
            if try join(name, connection) { return (try releases.named(name), true) }
        }
        throw CatalogError.unavailable(
            "visits were stored faster than release \(name) was caught up: repeat this when fewer come, nothing was joined")
    }

    private static let mostRounds = 100

    /// - Returns: false where something waits again.
    private func join(_ name: String, _ connection: Connection) throws -> Bool {
        let releases = Releases(connection: connection)
        return try GenerationGate.close(on: connection) {
            let release = try releases.named(name)
            guard release.state == .loading else {
                throw CatalogError.badRequest("release \(name) became \(release.state.rawValue) meanwhile: see `skyledger release status`")
            }
            for generation in [release.generation, release.fromGeneration] where try releases.lag(of: generation) > 0 { return false }
            try connection.run("UPDATE skyledger.\"Release\" SET \"state\" = 'joined' WHERE \"release\" = $1", [.text(name)])
            try releases.record(.join, of: name)
            return true
        }
    }
}
