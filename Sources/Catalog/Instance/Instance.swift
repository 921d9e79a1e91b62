import Foundation
import Postgres
import Schema
import Sphere

/// One survey's ledger: a directory with its configuration, and a database, private or named.
///
///     let instance = try Instance.open("sky")
///     let connection = try instance.connect(as: .reader)
public struct Instance: Sendable {
    public let directory: String
    public let configuration: InstanceConfiguration
    /// The private server, where the instance has one.
    public let cluster: PrivateCluster?

    init(directory: String, configuration: InstanceConfiguration, profile: ClusterSettings.Profile) {
        self.directory = directory
        self.configuration = configuration
        cluster =
            configuration.databaseURL == nil
            ? PrivateCluster(directory: directory + "/postgres", settings: ClusterSettings(profile: profile)) : nil
    }

    /// The instance in a directory, its server started if it is private and does not run.
    ///
    /// - Throws: `CatalogError.noInstance`, `PostgresError`
    public static func open(_ directory: String, profile: ClusterSettings.Profile = Self.profileOfEnvironment) throws -> Instance {
        let instance = try unstarted(directory, profile: profile)
        try instance.cluster?.start()
        try Migrations.bringUpToDate(instance)
        try Migrations.check(on: instance.connect(as: .reader), directory: instance.directory)
        return instance
    }

    /// The instance without starting anything, for `stop` and `doctor`.
    public static func unstarted(_ directory: String, profile: ClusterSettings.Profile = Self.profileOfEnvironment) throws -> Instance {
        let path = URL(fileURLWithPath: directory).standardizedFileURL.path
        return Instance(directory: path, configuration: try InstanceConfiguration.read(from: path), profile: profile)
    }

    /// `SKYLEDGER_PROFILE=test` makes private servers small.
    public static var profileOfEnvironment: ClusterSettings.Profile {
        ProcessInfo.processInfo.environment["SKYLEDGER_PROFILE"] == "test" ? .test : .machine
    }

    public static let databaseName = "skyledger"

    /// A new connection in a role. Level-1 views are on its search path.
    public func connect(as role: Role) throws -> Connection {
        let connection: Connection
        if let cluster {
            connection = try Connection(cluster.parameters(user: role.rawValue, database: Self.databaseName))
        } else {
            connection = try Connection(ConnectionParameters(url: configuration.databaseURL!))
            try connection.execute("SET ROLE \(role.rawValue)")
        }
        return try prepare(connection, as: role)
    }

    /// A connection as the owner, for migrations. Its session belongs to the administrator (the private cluster's superuser, or who the URL
    /// names), for the ledger belongs to a role of its own that the owner cannot become.
    func connectToMigrate() throws -> Connection {
        guard let cluster else { return try connect(as: .owner) }
        let connection = try Connection(cluster.parameters(user: PrivateCluster.superuser, database: Self.databaseName))
        try connection.execute("SET ROLE \(Role.owner.rawValue)")
        return try prepare(connection, as: .owner)
    }

    private func prepare(_ connection: Connection, as role: Role) throws -> Connection {
        // Sums of light curves must not depend on it, and text of doubles must be exact.
        try connection.execute("SET extra_float_digits = 1; SET client_min_messages = warning; SET search_path = apdb, skyledger, public")
        if role == .reader { try connection.execute("SET default_transaction_read_only = on") }
        // Before init has made it there is nothing to hold them against.
        if try connection.text("SELECT to_regclass('skyledger.\"Setting\"')::text") != nil {
            try Settings.check(on: connection, chosen: configuration.frozen)
        }
        return connection
    }

    /// The current generation as the database has it.
    public func currentGeneration(on connection: Connection) throws -> Generation {
        guard let generation = try generation("\"state\" = 'current'", [], on: connection) else {
            throw CatalogError.inconsistent("the instance \(directory) has no current generation: run `skyledger doctor`")
        }
        return generation
    }

    /// A generation by its number.
    /// - Throws: `CatalogError.badRequest` where there is none.
    public func generation(_ id: Int, on connection: Connection) throws -> Generation {
        guard let generation = try generation("\"generationId\" = $1", [.int32(Int32(clamping: id))], on: connection) else {
            throw CatalogError.badRequest(
                "the instance \(directory) has no generation \(id): `skyledger release status` names those it has")
        }
        return generation
    }

    /// All generations that ever were, those whose tables are gone too, in order.
    public func generations(on connection: Connection) throws -> [Generation] {
        let ids = try connection.query("SELECT \"generationId\" FROM skyledger.\"Generation\" ORDER BY 1")["generationId"]?.int32s ?? []
        return try ids.map { try generation(Int($0), on: connection) }
    }

    private func generation(_ condition: String, _ parameters: [Parameter], on connection: Connection) throws -> Generation? {
        let row = try connection.query(
            "SELECT \"generationId\", \"documentYaml\" FROM skyledger.\"Generation\" WHERE \(condition)", parameters)
        guard let id = row["generationId"]?.int32s?.first, let yaml = row["documentYaml"]?.strings?[0] else { return nil }
        return try Generation(id: Int(id), documentYAML: yaml, document: try FelisReader.read(yaml: yaml, name: "schema of \(directory)"))
    }

    /// The pixelization that was chosen at init.
    public func pixelization(on connection: Connection) throws -> any Pixelization {
        try Sphere.pixelization(named: try Settings.frozen("pixelization", on: connection))
    }
}
