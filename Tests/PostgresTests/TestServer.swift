import Foundation
import Postgres

/// A private server of its own for a suite, removed at the end.
final class TestServer: Sendable {
    let directory = "/tmp/skyledger-pg-\(UInt32.random(in: 0 ... .max))"
    let cluster: PrivateCluster

    init() throws {
        cluster = PrivateCluster(directory: directory, settings: ClusterSettings(profile: .test))
        try cluster.initialise()
        try cluster.start()
        try admin().execute("CREATE ROLE skyledger_owner LOGIN; CREATE SCHEMA AUTHORIZATION skyledger_owner")
    }

    deinit {
        try? cluster.stop(.immediate)
        cluster.remove()
    }

    func admin() throws -> Connection { try Connection(cluster.parameters(user: PrivateCluster.superuser, database: "postgres")) }
    func connection() throws -> Connection { try Connection(cluster.parameters(user: "skyledger_owner", database: "postgres")) }
}
