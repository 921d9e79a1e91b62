import CCrypto
import Foundation
import Postgres
import Schema
import Sphere

/// `init`: a directory, a database in it or elsewhere, roles, bookkeeping, the first generation.
public struct InstanceCreation: Sendable {
    public var directory: String
    /// Path of the schema document.
    public var schemaPath: String
    public var databaseURL: String?
    public var pixelization: String
    public var profile: ClusterSettings.Profile

    public init(
        directory: String, schemaPath: String, databaseURL: String? = nil, pixelization: String = "htm20",
        profile: ClusterSettings.Profile = Instance.profileOfEnvironment
    ) {
        self.directory = URL(fileURLWithPath: directory).standardizedFileURL.path
        self.schemaPath = schemaPath
        self.databaseURL = databaseURL
        self.pixelization = pixelization
        self.profile = profile
    }

    /// What was made.
    public struct Summary: Sendable {
        public var instance: Instance
        public var generation: Generation
        /// What of the document was left out, and why.
        public var notes: [String]
    }

    /// - Throws: `CatalogError`, `SchemaError`, `PostgresError`; nothing is left in the directory or database then.
    public func run(progress: (String) -> Void = { _ in }) throws -> Summary {
        let yaml: String
        do { yaml = try String(contentsOfFile: schemaPath, encoding: .utf8) } catch {
            throw CatalogError.badRequest("the schema document \(schemaPath) cannot be read: name a Felis YAML file with --schema")
        }
        let generation = try Generation(id: 1, documentYAML: yaml, document: try FelisReader.read(path: schemaPath))
        _ = try Sphere.pixelization(named: pixelization)
        let isNew = !FileManager.default.fileExists(atPath: directory)
        if !isNew, (try? FileManager.default.contentsOfDirectory(atPath: directory))?.isEmpty != true {
            throw CatalogError.instanceExists(path: directory)
        }
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw CatalogError.unavailable("the directory \(directory) cannot be made: \(error.localizedDescription)")
        }
        // Of two that found the directory empty one gets it; the other must not clean up after the first.
        let claim = open(directory + "/.init", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard claim >= 0 else { throw CatalogError.instanceExists(path: directory) }
        defer {
            close(claim)
            unlink(directory + "/.init")
        }
        let frozen = Settings.initial(pixelization: pixelization, document: generation.document)
        let configuration = InstanceConfiguration(databaseURL: databaseURL, frozen: frozen)
        let instance = Instance(directory: directory, configuration: configuration, profile: profile)
        do {
            let notes = try fill(instance, generation, progress)
            try configuration.write(to: directory)
            return Summary(instance: instance, generation: generation, notes: notes)
        } catch {
            try? instance.cluster?.stop(.immediate)
            instance.cluster?.remove()
            if isNew { try? FileManager.default.removeItem(atPath: directory) }
            throw error
        }
    }

    private func fill(_ instance: Instance, _ generation: Generation, _ progress: (String) -> Void) throws -> [String] {
        if let cluster = instance.cluster {
            progress("making a private PostgreSQL cluster")
            try cluster.initialise()
            try cluster.start()
            let admin = try Connection(cluster.parameters(user: PrivateCluster.superuser, database: "postgres"))
            for role in Role.allCases { try admin.execute("CREATE ROLE \(role.rawValue) LOGIN") }
            try admin.execute("CREATE DATABASE \(Instance.databaseName) OWNER \(Role.owner.rawValue)")
        } else {
            try createRoles(on: Connection(ConnectionParameters(url: databaseURL!)))
        }
        progress("making tables of \(generation.document.label)")
        let connection = try instance.connectToMigrate()
        return try connection.transaction {
            if try connection.text("SELECT to_regnamespace('skyledger')::text") != nil {
                throw CatalogError.badRequest("the database already holds an instance: name an empty database with --database")
            }
            try Migrations.apply(on: connection)
            for (name, value) in (instance.configuration.frozen ?? [:]).sorted(by: { $0.key < $1.key }) {
                try Settings.freeze(name, value, on: connection)
            }
            let notes = try GenerationCreation(generation).run(on: connection, state: "current")
            try Views.create(of: generation, in: "apdb", on: connection)
            return notes
        }
    }

    private func createRoles(on connection: Connection) throws {
        do {
            for role in Role.allCases {
                if try connection.int64("SELECT 1::bigint FROM pg_roles WHERE rolname = $1", [.text(role.rawValue)]) == nil {
                    try connection.execute("CREATE ROLE \(role.rawValue)")
                }
                try connection.execute("GRANT \(role.rawValue) TO CURRENT_USER")
            }
            guard let database = try connection.text("SELECT current_database()::text") else { return }
            try connection.execute("GRANT CREATE, CONNECT ON DATABASE \(quoted(database)) TO \(Role.owner.rawValue)")
        } catch let error as PostgresError where error.sqlState == "42501" {
            throw CatalogError.unavailable(
                "the database's user may not make the roles \(Role.allCases.map(\.rawValue).joined(separator: ", ")): have an administrator create them and grant them to the user"
            )
        }
    }
}
