import Catalog
import Columns
import Foundation
import Postgres
import Schema

/// A release's Level-2 catalog beside its Level-1 generation: read-only, with columns of its own, joined to the generation by a crosswalk.
///
///     let catalog = try Level2Catalog(instance: instance, release: "DR2")
///     let outcome = try catalog.attach(sources: ["dia.parquet"], objects: ["objects.parquet"])
///
/// Tables Source and Object of the schema `l2_DR2` are as the files are, and have pixelId and tile; SourceMatch and ObjectMatch say which
/// source and object of the generation each row is. Files without visit and detector are matched by position alone, with objects.
public struct Level2Catalog {
    let instance: Instance
    let record: ReleaseRecord
    let owner: Connection

    /// - Throws: `CatalogError.badRequest` for a release that is not there or was abandoned.
    public init(instance: Instance, release: String) throws {
        self.instance = instance
        owner = try instance.connect(as: .owner)
        record = try Releases(connection: owner).named(release)
        guard record.state != .abandoned else {
            throw CatalogError.badRequest("release \(release) was abandoned, and its generation is gone: there is nothing to attach to")
        }
        try record.requireBegun()
    }

    public var schemaName: String { "l2_\(record.name)" }

    /// What is attached.
    public struct Outcome: Sendable, Equatable, Codable {
        public var release: String
        public var schemaName: String
        public var generation: Int
        public var nSources: Int64
        public var nObjects: Int64
        /// Of the match with the generation: "old" is the catalog, "new" the generation.
        public var summary: CrosswalkSummary
        /// Whether it was there already, made of the same files.
        public var isNew: Bool
    }

    /// What `attach` is at, with what is done and what there is to do (0 where that is not known).
    public typealias Progress = (_ stage: String, _ done: Int, _ total: Int) -> Bool

    /// Attaches files; what was interrupted is gone on with by the same call.
    ///
    /// - Parameter progress: false to stop.
    /// - Returns: nil where the caller stopped it.
    /// - Throws: `CatalogError.badRequest` for files that are no such catalog, or where another is attached; nothing of them is kept.
    public func attach(
        sources: [String], objects: [String] = [], rules: CrosswalkRules = CrosswalkRules(), progress: Progress = { _, _, _ in true }
    ) throws -> Outcome? {
        guard !sources.isEmpty else { throw CatalogError.badRequest("name files with sources: --sources FILE") }
        try rules.check()
        let files = (
            try Level2Files(sources, ids: Level2Files.sourceIds),
            try objects.isEmpty ? nil : Level2Files(objects, ids: Level2Files.objectIds)
        )
        let entries = try files.0.entries() + (files.1?.entries() ?? [])
        if let known = try entry() {
            guard known.files.map(\.sha256) == entries.map(\.sha256) else {
                throw CatalogError.badRequest(
                    "release \(record.name) has another Level-2 catalog: take it away with `skyledger release detach-level2 \(record.name)` first"
                )
            }
            if let summary = known.summary { return outcome(known, summary, isNew: false) }
        } else if try fill(files.0, files.1, entries, progress) == false {
            return nil
        }
        guard let filled = try entry() else { throw CatalogError.unavailable("the catalog was detached meanwhile: run the command again") }
        guard let summary = try Level2Match(self, filled.roles, rules).run(progress) else { return nil }
        return outcome(filled, summary, isNew: true)
    }

    /// Takes the catalog away, with what was found of it.
    /// - Returns: false where none is attached.
    public func detach() throws -> Bool {
        try owner.transaction {
            let rows = try owner.run("DELETE FROM skyledger.\"Level2\" WHERE \"release\" = $1", [.text(record.name)])
            try owner.execute("DROP SCHEMA IF EXISTS \(SQLText.identifier(schemaName)) CASCADE")
            return rows > 0
        }
    }

    private func outcome(_ entry: Entry, _ summary: CrosswalkSummary, isNew: Bool) -> Outcome {
        Outcome(
            release: record.name, schemaName: schemaName, generation: record.generation, nSources: entry.nSources, nObjects: entry.nObjects,
            summary: summary, isNew: isNew)
    }

    /// - Returns: false where it was stopped; nothing is kept then.
    private func fill(_ sources: Level2Files, _ objects: Level2Files?, _ entries: [Level2Files.Entry], _ progress: Progress) throws -> Bool
    {
        struct Stopped: Error {}
        let schema = SQLText.identifier(schemaName)
        let pixelization = try instance.pixelization(on: owner)
        do {
            try owner.transaction {
                try owner.execute("CREATE SCHEMA \(schema)")
                func make(_ name: String, _ files: Level2Files) throws -> Int {
                    let table = Level2Table(files: files, schemaName: schemaName, name: name)
                    guard let rows = try table.fill(on: owner, pixelization, progress: { progress("rows of \(name)", $0, 0) }) else {
                        throw Stopped()
                    }
                    return rows
                }
                let nSources = try make("Source", sources)
                let nObjects = try objects.map { try make("Object", $0) } ?? 0
                try owner.execute(
                    """
                    GRANT USAGE ON SCHEMA \(schema) TO \(Role.reader.rawValue), \(Role.ingest.rawValue);
                    GRANT SELECT ON ALL TABLES IN SCHEMA \(schema) TO \(Role.reader.rawValue), \(Role.ingest.rawValue)
                    """)
                try owner.run(
                    """
                    INSERT INTO skyledger."Level2" ("release", "schemaName", "generation", "files", "nSources", "nObjects", "roles")
                    VALUES ($1, $2, $3, $4::text::jsonb, $5, $6, $7::text::jsonb)
                    """,
                    [
                        .text(record.name), .text(schemaName), .int32(Int32(record.generation)), .text(try Crosswalks.json(entries)),
                        .int64(Int64(nSources)), .int64(Int64(nObjects)),
                        .text(try Crosswalks.json(Roles(sources: sources.roles, objects: objects?.roles))),
                    ])
            }
            return true
        } catch is Stopped { return false }
    }

    /// The columns of both tables.
    struct Roles: Codable {
        var sources: Level2Files.Roles
        var objects: Level2Files.Roles?
    }

    /// As the database has it.
    struct Entry {
        var files: [Level2Files.Entry]
        var nSources: Int64
        var nObjects: Int64
        var roles: Roles
        var summary: CrosswalkSummary?
    }

    private func entry() throws -> Entry? {
        let rows = try owner.query(
            "SELECT \"files\"::text AS files, \"nSources\", \"nObjects\", \"roles\"::text AS roles, \"summary\"::text AS summary FROM skyledger.\"Level2\" WHERE \"release\" = $1",
            [.text(record.name)])
        guard rows.rowCount == 1 else { return nil }
        func decoded<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
            try JSONDecoder().decode(type, from: Data(rows[name]!.strings![0].utf8))
        }
        return Entry(
            files: try decoded([Level2Files.Entry].self, "files"), nSources: rows["nSources"]!.int64s![0],
            nObjects: rows["nObjects"]!.int64s![0],
            roles: try decoded(Roles.self, "roles"),
            summary: try rows["summary"]!.isNull(0) ? nil : decoded(CrosswalkSummary.self, "summary"))
    }
}
