import Columns
import Foundation
import Postgres
import Schema

/// Brings a populated generation from its schema document to a newer one, in one transaction.
///
/// The rows are copied into plain tables, the plan's steps turn those into the new document's, and the new tables are filled from them:
/// partition keys cannot change their type in place. Readers see the old generation until the commit, and after any failure.
public struct SchemaMigration: Sendable {
    public let instance: Instance
    public let newDocument: SchemaDocument
    let newYAML: String
    public var options = MigrationOptions()

    /// - Parameter path: the newer Felis YAML file.
    public init(instance: Instance, path: String) throws {
        self.instance = instance
        newDocument = try FelisReader.read(path: path)
        guard let yaml = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CatalogError.badRequest("the schema document \(path) cannot be read: name a Felis YAML file")
        }
        newYAML = yaml
    }

    /// What would be done.
    /// - Throws: `CatalogError.badRequest` where the document is older than the instance's, or the same, and while a release is under way.
    public func plan(on connection: Connection) throws -> MigrationPlan {
        if let release = try Releases(connection: connection).open() {
            throw CatalogError.badRequest(
                "release \(release.name) is under way, and its generation follows the current one's schema: migrate before a release begins or after its end"
            )
        }
        let current = try instance.currentGeneration(on: connection).document
        if let old = current.version, let new = newDocument.version {
            guard new >= old else {
                throw CatalogError.badRequest("the instance is at schema \(old), which is newer than \(new): a migration goes forward only")
            }
        } else if current.version != nil, newDocument.version == nil {
            throw CatalogError.badRequest(
                "the document \(newDocument.name) has no version and so is older than the instance's \(current.label)")
        }
        guard current != newDocument else { throw CatalogError.badRequest("the instance already has the schema \(current.label)") }
        return MigrationPlan(from: current, to: newDocument, options: options)
    }

    /// Does it.
    /// - Parameter progress: told the sentence of each stage.
    /// - Throws: `PostgresError`, `CatalogError`; the instance is as before then.
    public func run(progress: (String) -> Void = { _ in }) throws {
        let connection = try instance.connect(as: .owner)
        try connection.transaction {
            try connection.execute("LOCK TABLE skyledger.\"Generation\" IN EXCLUSIVE MODE")
            let plan = try plan(on: connection)
            let old = try instance.currentGeneration(on: connection)
            let new = try Generation(id: old.id, documentYAML: newYAML, document: newDocument)
            let (former, plain) = (old.schemaName + "_former", old.schemaName + "_plain")
            // Nothing may be written while the rows are copied, and nobody may read half of a change of tables.
            for table in GenerationLayout.spatialTables + GenerationLayout.ownTables {
                try connection.execute("LOCK TABLE \(old.table(table)) IN EXCLUSIVE MODE")
            }
            try connection.execute("ALTER SCHEMA \(quoted(old.schemaName)) RENAME TO \(quoted(former))")
            try connection.execute("CREATE SCHEMA \(quoted(plain))")
            for table in old.document.tables {
                progress("copying \(table.name)")
                let columns = Self.columns(table).map(quoted).joined(separator: ", ")
                try connection.execute(
                    "CREATE TABLE \(quoted(plain)).\(quoted(table.name)) AS SELECT \(columns) FROM \(quoted(former)).\(quoted(table.name))")
            }
            // Values that one table takes from another are looked up by object.
            for table in GenerationLayout.spatialTables {
                try connection.execute(
                    "CREATE INDEX ON \(quoted(plain)).\(quoted(table)) (\"diaObjectId\"); ANALYZE \(quoted(plain)).\(quoted(table))")
            }
            progress("changing \(plan.steps.count) things")
            for statement in plan.sql(schema: plain) { try connection.execute(statement) }
            _ = try GenerationCreation(new).makeTables(on: connection)
            try makePartitions(new, plain: plain, on: connection)
            for table in new.document.tables {
                progress("filling \(table.name)")
                // A table that the older document lacks is empty.
                guard old.document[table: table.name] != nil else { continue }
                let columns = Self.columns(table).map(quoted).joined(separator: ", ")
                try connection.execute(
                    "INSERT INTO \(new.table(table.name)) (\(columns)) SELECT \(columns) FROM \(quoted(plain)).\(quoted(table.name))")
            }
            for name in GenerationLayout.ownTables {
                try connection.execute("INSERT INTO \(new.table(name)) SELECT * FROM \(quoted(former)).\(quoted(name))")
            }
            // Only now do readers have to wait, for the moment until the commit.
            try connection.execute("DROP SCHEMA apdb CASCADE")
            try connection.execute("DROP SCHEMA \(quoted(former)) CASCADE")
            try connection.execute("DROP SCHEMA \(quoted(plain)) CASCADE")
            try Views.create(of: new, in: "apdb", on: connection)
            try record(plan, from: old, to: new, on: connection)
        }
    }

    /// The document's columns and, where the table has them, SkyLedger's own.
    private static func columns(_ table: TableDefinition) -> [String] {
        let names = table.columns.map(\.name)
        return names + GenerationLayout.ownColumns(of: table.name).map(\.name).filter { !names.contains($0) }
    }

    private func makePartitions(_ new: Generation, plain: String, on connection: Connection) throws {
        for (table, parent, key) in new.layout.timePartitioned {
            let days: String
            let name: String
            switch key {
            case .mjd(let column): (days, name) = (quoted(column), column)
            case .timestamp(let column):
                (days, name) = ("(extract(epoch FROM \(quoted(column)))::double precision / 86400 + 40587)", column)
            }
            let numbers = try connection.query(
                "SELECT DISTINCT floor(\(days) / $1)::bigint AS number FROM \(quoted(plain)).\(quoted(table)) WHERE \(quoted(name)) IS NOT NULL",
                [.double(TimePartition.lengthDays)])
            for number in numbers["number"]?.int64s ?? [] {
                try PartitionKeeper.make(
                    TimePartition(number: Int(number)), of: table, parent: parent, key: key, generation: new, on: connection)
            }
        }
    }

    private func record(_ plan: MigrationPlan, from old: Generation, to new: Generation, on connection: Connection) throws {
        let version = { (document: SchemaDocument) -> Parameter in document.version.map { .text($0.description) } ?? .null }
        try Settings.migrate("schemaMajor", to: Settings.major(new.document), on: connection)
        try connection.run(
            "UPDATE skyledger.\"Generation\" SET \"documentYaml\" = $2, \"documentDigest\" = $3, \"schemaVersion\" = $4 WHERE \"generationId\" = $1",
            [.int32(Int32(new.id)), .text(newYAML), .text(GenerationCreation.digest(newYAML)), version(new.document)])
        try connection.run(
            "INSERT INTO skyledger.\"SchemaChange\" (\"generationId\", \"fromVersion\", \"toVersion\", \"plan\") VALUES ($1, $2, $3, $4)",
            [.int32(Int32(new.id)), version(old.document), version(new.document), .text(plan.text)])
    }
}
