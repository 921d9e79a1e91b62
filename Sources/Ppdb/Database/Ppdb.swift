import Catalog
import Columns
import Postgres
import Schema

/// A generation's copy in a PPDB that was opened: its connection, the instance's, and what is between their documents. It serves one thread.
///
///     let ppdb = try Ppdb(instance: instance, location: .read("ppdb", of: instance))
///     try Exporter(ppdb).run()
///
/// While it is open no swap changes which generation the schema `ppdb` holds.
public final class Ppdb {
    public let instance: Instance
    public let location: PpdbLocation
    /// The instance's database, as the role `ingest`.
    public let apdb: Connection
    /// The PPDB.
    public let connection: Connection
    public let generation: Generation
    /// Where in the PPDB's database its copy is.
    public let schemas: PpdbSchemas
    public let document: SchemaDocument
    let documentYAML: String
    let roles: ColumnRoles
    let feed: FeedTables
    private var second: Connection?

    /// The generation that is current in the PPDB: the instance's, or the former one where a swap has not come through yet.
    ///
    /// - Throws: `PpdbError.missing`, `.badRequest` where the database belongs to another instance or has an older document; `PostgresError`.
    public convenience init(instance: Instance, location: PpdbLocation) throws {
        let apdb = try instance.connect(as: .ingest)
        let connection = try location.connect(instance)
        try PpdbNames(connection, location).hold()
        try self.init(instance, location, apdb, connection, schemas: .current)
    }

    /// The current generation of the PPDB as it is called now, over the same connections.
    public func reopened() throws -> Ppdb { try Ppdb(instance, location, apdb, connection, schemas: .current) }

    /// Another generation's copy, over the same connections; nil where there is none.
    func of(_ generation: Int) throws -> Ppdb? {
        if generation == self.generation.id { return self }
        let schemas = PpdbSchemas.waiting(generation)
        guard try connection.text("SELECT to_regnamespace($1)::text", [.text(schemas.replica)]) != nil else { return nil }
        return try Ppdb(instance, location, apdb, connection, schemas: schemas)
    }

    private init(
        _ instance: Instance, _ location: PpdbLocation, _ apdb: Connection, _ connection: Connection, schemas: PpdbSchemas
    ) throws {
        (self.instance, self.location, self.apdb, self.connection, self.schemas) = (instance, location, apdb, connection, schemas)
        guard try connection.text("SELECT to_regclass('\(schemas.replica).\"Setting\"')::text") != nil else {
            throw PpdbError.missing(consumer: location.consumer)
        }
        let known = try Self.settings(schemas, on: connection)
        guard known["instanceId"] == (try Self.instanceId(on: apdb)), known["consumer"] == location.consumer,
            let yaml = known["documentYaml"]
        else {
            throw PpdbError.badRequest(
                "the database \(location.label) is the PPDB of another instance or consumer: name another, or make one with `skyledger ppdb init`"
            )
        }
        // One that was made before there were releases has the first generation.
        generation = try instance.generation(known["generation"].flatMap(Int.init) ?? 1, on: apdb)
        try Provenance(connection: connection, location: location, schemas: schemas, generation: generation.id).complete()
        documentYAML = yaml
        document = try FelisReader.read(yaml: yaml, name: "schema of \(location.label)")
        try Self.requireNotOlder(document, than: generation.document)
        roles = try ColumnRoles(document)
        feed = try FeedTables(from: generation, to: document, in: schemas)
    }

    /// The instance's database once more, for what is reckoned while rows travel.
    func summing() throws -> Connection {
        if let second { return second }
        let connection = try instance.connect(as: .ingest)
        second = connection
        return connection
    }

    /// How far the PPDB is.
    public struct Cursor: Sendable, Equatable, Codable {
        public var chunk: Int64
        public var lastChange: Int64
    }

    public func cursor() throws -> Cursor {
        let row = try connection.query("SELECT \"chunk\", \"lastChange\" FROM \(schemas.replica).\"Cursor\"")
        guard let chunk = row["chunk"]?.int64s?.first, let last = row["lastChange"]?.int64s?.first else {
            throw PpdbError.inconsistent("the PPDB \(location.label) has lost its cursor: restore it from a backup, or make it anew")
        }
        return Cursor(chunk: chunk, lastChange: last)
    }

    /// What was written down of a copy when it was made, by name.
    static func settings(_ schemas: PpdbSchemas, on connection: Connection) throws -> [String: String] {
        let rows = try connection.query("SELECT \"name\", \"value\" FROM \(schemas.replica).\"Setting\"")
        guard let names = rows["name"]?.strings, let values = rows["value"]?.strings else { return [:] }
        return Dictionary(uniqueKeysWithValues: (0..<names.count).map { (names[$0], values[$0]) })
    }

    static func instanceId(on apdb: Connection) throws -> String {
        guard let id = try apdb.text("SELECT \"value\" FROM skyledger.\"Setting\" WHERE \"name\" = 'instanceId'") else {
            throw PpdbError.inconsistent("the instance has no setting instanceId: run `skyledger doctor`")
        }
        return id
    }

    /// Rows go from an older document to a newer one, never back.
    static func requireNotOlder(_ document: SchemaDocument, than source: SchemaDocument) throws {
        guard document != source else { return }
        let isOlder = source.version.map { old in document.version.map { $0 < old } ?? true } ?? false
        if isOlder {
            throw PpdbError.badRequest(
                "the PPDB's schema document \(document.label) is older than the instance's \(source.label): make a PPDB with the newer one")
        }
    }
}
