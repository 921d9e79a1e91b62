import Catalog
import Foundation
import Postgres

/// Where a consumer's PPDB is: a small file in the instance's directory, which only its owner can read, for a URL may hold a password.
public struct PpdbLocation: Codable, Sendable, Equatable {
    /// Whose cursor it is; `ppdb` for the instance's main one.
    public var consumer: String
    /// libpq URL; nil for a database of the instance's own server.
    public var databaseURL: String?
    /// Name of the database of the instance's own server.
    public var databaseName: String

    public static let defaultConsumer = "ppdb"

    /// - Throws: `PpdbError.badRequest` where the name cannot be one.
    public init(consumer: String = Self.defaultConsumer, databaseURL: String? = nil) throws {
        guard consumer.wholeMatch(of: /[a-z][a-z0-9_]{0,30}/) != nil else {
            throw PpdbError.badRequest("\(consumer) cannot name a consumer: take small letters, digits and _, at most 31")
        }
        self.consumer = consumer
        self.databaseURL = databaseURL
        databaseName = consumer
    }

    /// How messages call the database; without the password that a URL may hold.
    public var label: String {
        guard let databaseURL else { return databaseName }
        return databaseURL.replacing(/:\/\/([^@\/:]*):[^@]*@/) { "://\($0.1)@" }
    }

    private static func path(_ consumer: String, in instance: Instance) -> String { "\(instance.directory)/ppdb/\(consumer).json" }

    /// Where the consumer's database is.
    /// - Throws: `PpdbError.missing`
    public static func read(_ consumer: String, of instance: Instance) throws -> PpdbLocation {
        guard let data = FileManager.default.contents(atPath: path(consumer, in: instance)) else {
            throw PpdbError.missing(consumer: consumer)
        }
        guard let location = try? JSONDecoder().decode(PpdbLocation.self, from: data) else {
            throw PpdbError.inconsistent("\(path(consumer, in: instance)) cannot be read as the place of a PPDB: restore it from a backup")
        }
        return location
    }

    /// Where the databases of all consumers are, in the order of their names.
    public static func all(of instance: Instance) -> [PpdbLocation] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: instance.directory + "/ppdb")) ?? []
        return files.filter { $0.hasSuffix(".json") }.sorted().compactMap { try? read(String($0.dropLast(5)), of: instance) }
    }

    func write(to instance: Instance) throws {
        let path = Self.path(consumer, in: instance)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            try FileManager.default.createDirectory(atPath: instance.directory + "/ppdb", withIntermediateDirectories: true)
            // Made closed, and complete or not at all.
            let draft = path + ".draft"
            let made = FileManager.default.createFile(
                atPath: draft, contents: try encoder.encode(self), attributes: [.posixPermissions: 0o600])
            guard made, rename(draft, path) == 0 else { throw PpdbError.inconsistent("") }
        } catch {
            throw PpdbError.badRequest("\(path) cannot be written: check the instance's directory")
        }
    }

    /// A connection to the database, as who owns its tables.
    /// - Throws: `PostgresError`
    func connect(_ instance: Instance) throws -> Connection {
        let connection: Connection
        if let databaseURL {
            connection = try Connection(ConnectionParameters(url: databaseURL, applicationName: "skyledger ppdb"))
        } else if let cluster = instance.cluster {
            connection = try Connection(cluster.parameters(user: Role.owner.rawValue, database: databaseName))
        } else {
            throw PpdbError.badRequest("the instance has no server of its own: name a database with --database")
        }
        try connection.execute("SET extra_float_digits = 1; SET client_min_messages = warning; SET search_path = pg_catalog")
        return connection
    }
}
