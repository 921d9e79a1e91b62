import Catalog
import Foundation
import Postgres
import Schema

/// `ppdb init`: the database, where it is one of the instance's own server, its tables, its bookkeeping.
public struct PpdbCreation {
    public var instance: Instance
    public var location: PpdbLocation
    /// A schema document that is newer than the instance's; nil for the instance's own.
    public var schemaPath: String?

    public init(instance: Instance, location: PpdbLocation, schemaPath: String? = nil) {
        self.instance = instance
        self.location = location
        self.schemaPath = schemaPath
    }

    /// What was made.
    public struct Summary: Sendable {
        public var document: SchemaDocument
        public var database: String
        /// What of the document was left out, and why.
        public var notes: [String]
    }

    /// - Throws: `PpdbError.badRequest` where there is a PPDB already, or the document is older than the instance's.
    public func run() throws -> Summary {
        let apdb = try instance.connect(as: .ingest)
        // Before the generation: a swap that comes between is found to be done already.
        let swap = try PpdbSwap.newest(on: apdb)
        let generation = try instance.currentGeneration(on: apdb)
        let (document, yaml) = try chosenDocument(generation)
        for document in [document, generation.document] { _ = try PpdbLayout(document) }
        _ = try FeedTables(from: generation, to: document)
        let madeDatabase = try makeDatabase()
        do {
            let connection = try location.connect(instance)
            let notes = try connection.transaction { try fill(connection, generation, document, yaml, apdb, swap: swap) }
            try location.write(to: instance)
            return Summary(document: document, database: location.label, notes: notes)
        } catch {
            if madeDatabase { try? administrator()?.execute("DROP DATABASE IF EXISTS \(SQLText.identifier(location.databaseName))") }
            throw error
        }
    }

    private func chosenDocument(_ generation: Generation) throws -> (SchemaDocument, String) {
        guard let schemaPath else { return (generation.document, generation.documentYAML) }
        guard let yaml = try? String(contentsOfFile: schemaPath, encoding: .utf8) else {
            throw PpdbError.badRequest("the schema document \(schemaPath) cannot be read: name a Felis YAML file with --schema")
        }
        let document = try FelisReader.read(path: schemaPath)
        try Ppdb.requireNotOlder(document, than: generation.document)
        return (document, yaml)
    }

    private func administrator() throws -> Connection? {
        guard location.databaseURL == nil, let cluster = instance.cluster else { return nil }
        return try Connection(cluster.parameters(user: PrivateCluster.superuser, database: "postgres"))
    }

    /// - Returns: whether it was made now.
    private func makeDatabase() throws -> Bool {
        guard location.databaseURL == nil else { return false }
        guard let administrator = try administrator() else {
            throw PpdbError.badRequest("the instance has no server of its own: name an empty database with --database")
        }
        let name = location.databaseName
        guard name != Instance.databaseName, name != "postgres" else {
            throw PpdbError.badRequest("a consumer cannot be called \(name): it is the name of a database that exists")
        }
        if try administrator.int64("SELECT 1::bigint FROM pg_database WHERE datname = $1", [.text(name)]) != nil { return false }
        try administrator.execute("CREATE DATABASE \(SQLText.identifier(name)) OWNER \(Role.owner.rawValue)")
        return true
    }

    private func fill(
        _ connection: Connection, _ generation: Generation, _ document: SchemaDocument, _ yaml: String, _ apdb: Connection, swap: Int64
    ) throws -> [String] {
        if try connection.text("SELECT coalesce(to_regnamespace('ppdb'), to_regnamespace('replica'))::text") != nil {
            throw PpdbError.badRequest("the database \(location.label) already holds a PPDB: name an empty one with --database")
        }
        return try PpdbFilling(location: location, generation: generation, document: document, documentYAML: yaml, schemas: .current)
            .run(on: connection, apdb: apdb, cursor: .init(chunk: 0, lastChange: 0), swap: swap)
    }
}
