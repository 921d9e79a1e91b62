import Alerts
import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Schema
import TestSupport
import Testing

/// An instance of its own for a test, with a real private server, removed at the end.
final class TestInstance {
    let directory: String
    let instance: Instance

    /// - Parameter schema: path of the document; the newest by default.
    init(schema: String = PackageFolder.schema.path, pixelization: String = "htm20") throws {
        directory = "/tmp/skyledger-test-\(UInt32.random(in: 0 ... .max))"
        instance = try InstanceCreation(
            directory: directory, schemaPath: schema, pixelization: pixelization, profile: .test
        ).run().instance
    }

    deinit {
        try? instance.cluster?.stop(.immediate)
        instance.cluster?.remove()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// A connection in a role. Rows that a test puts in by hand, as the owner, are of no change.
    func connection(_ role: Role = .reader) throws -> Connection {
        let connection = try instance.connect(as: role)
        if role == .owner { try connection.execute("SET skyledger.replica_key = 0") }
        return connection
    }

    @discardableResult
    func load(_ paths: String..., map: TranslationMap? = nil, clock: ProcessingClock = .visit, alerts: Bool = false) throws
        -> LoadTask.Summary
    {
        var options = LoadTask.Options()
        options.issuesAlerts = alerts
        options.alertSchemas = try AlertSchemaFolder(PackageFolder.dependencies.appendingPathComponent("schema/alerts").path)
        options.map = map
        options.clock = clock
        return try LoadTask(instance: instance, options: options).run(paths.map(LoadInput.init(path:)))
    }

    /// Rows of a query as text, sorted, for comparisons.
    func rows(_ sql: String) throws -> [String] {
        let table = try connection().query(sql)
        var buffer = TextBuffer()
        try JSONRows.write(table, to: &buffer)
        return buffer.text.split(separator: "\n").map { $0.hasSuffix(",") ? String($0.dropLast()) : String($0) }.sorted()
    }

    /// The sources of each object, as sets: what a load decided, whatever the objects are called.
    func partition() throws -> Set<Set<Int64>> {
        let table = try connection().query("SELECT \"diaSourceId\", \"diaObjectId\" FROM \"DiaSource\" WHERE \"diaObjectId\" IS NOT NULL")
        let (sources, objects) = (table["diaSourceId"]!.int64s!, table["diaObjectId"]!.int64s!)
        return Set(Dictionary(grouping: sources.indices) { objects[$0] }.values.map { Set($0.map { sources[$0] }) })
    }

    /// Faults that the doctor finds.
    func faults() throws -> [String] { try Doctor(instance).run().flatMap(\.faults) }
}
