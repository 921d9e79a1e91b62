import Foundation
import Postgres

/// One process at a time loads or catches up a release: it goes in the order of time.
public struct ReleaseWork {
    /// Takes the work for as long as the connection lives.
    /// - Throws: `CatalogError.unavailable` where another process has it and keeps it.
    public static func take(_ release: String, on connection: Connection) throws {
        // Who was killed a moment ago has it until the server notices.
        for _ in 0..<50 {
            let taken = try connection.query("SELECT pg_try_advisory_lock(hashtextextended('skyledger release work', 0)) AS \"taken\"")
            if taken["taken"]?.bools?.first == true { return }
            usleep(200_000)
        }
        throw CatalogError.unavailable("another process loads or catches up release \(release): wait until it has ended, then repeat this")
    }
}
