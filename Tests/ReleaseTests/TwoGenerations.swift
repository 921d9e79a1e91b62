import Columns
import Foundation
import Ingest
import Postgres
import Simulation
import TestSupport
import Testing

@testable import Catalog
@testable import Release

/// An instance with a survey in generation 1 and a reprocessing of it in generation 2, made by SQL from the first's rows, so that what became
/// of each is known: identifiers are 10^15 more, positions 0.05 arcseconds to the east, sources whose hash says so are dropped, a few added,
/// and some objects are two.
final class TwoGenerations {
    let directory: String
    let instance: Instance
    static let shift: Int64 = 1_000_000_000_000_000
    static let release = "DR1"

    /// - Parameter state: of the release.
    init(visits: Int = 8, sources: Double = 160, state: String = "joined") throws {
        directory = "/tmp/skyledger-walk-\(UInt32.random(in: 0 ... .max))"
        instance = try InstanceCreation(directory: directory, schemaPath: PackageFolder.schema.path, profile: .test).run().instance
        var survey = SyntheticSurvey()
        survey.visits = visits
        survey.sourcesPerVisit = sources
        _ = try survey.write(to: directory + "/visits")
        var options = LoadTask.Options()
        options.issuesAlerts = false
        options.clock = .visit
        _ = try LoadTask(instance: instance, options: options).run([LoadInput(path: directory + "/visits")])
        try addRelease(Self.release, from: 1, to: 2, state: state)
    }

    deinit {
        try? instance.cluster?.stop(.immediate)
        instance.cluster?.remove()
        try? FileManager.default.removeItem(atPath: directory)
    }

    func owner() throws -> Connection {
        let connection = try instance.connect(as: .owner)
        try connection.execute("SET skyledger.replica_key = 0")
        return connection
    }

    /// Ends all connections of programs, as a crash of each would.
    func killConnections() {
        do {
            let cluster = try #require(instance.cluster)
            let administrator = try Connection(cluster.parameters(user: PrivateCluster.superuser, database: Instance.databaseName))
            let killed = try administrator.query(
                "SELECT pg_terminate_backend(pid) AS killed FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            #expect(killed.rowCount >= 3)
        } catch { Issue.record(error) }
    }

    func reader() throws -> Connection { try instance.connect(as: .reader) }

    func int(_ sql: String) throws -> Int64 { try reader().int64(sql) ?? -1 }

    /// A generation made of another one's rows.
    func addRelease(_ name: String, from: Int, to: Int, state: String = "joined", shift: Int64 = shift) throws {
        let owner = try owner()
        let old = try instance.generation(from, on: owner)
        let new = try Generation(id: to, documentYAML: old.documentYAML, document: old.document)
        try owner.transaction {
            _ = try GenerationCreation(new).run(on: owner, state: "next")
            try owner.run(
                "INSERT INTO skyledger.\"Release\" (\"release\", \"fromGeneration\", \"generation\", \"cutoffMjdTai\", \"state\", \"configuration\") VALUES ($1, $2, $3, 61000, $4, '')",
                [.text(name), .int32(Int32(from)), .int32(Int32(to)), .text(state)])
            for table in ["DiaSource", "DiaForcedSource"] {
                let parts = try owner.query(
                    "SELECT substring(relid::text from '_([0-9]+)\"?$')::integer AS n FROM pg_partition_tree($1::text::regclass) WHERE isleaf AND level > 0",
                    [.text(old.table(table))])
                for number in parts["n"]?.int32s ?? [] {
                    let month = TimePartition(number: Int(number))
                    try PartitionKeeper.make(month, of: table, parent: table, key: .mjd(""), generation: new, on: owner)
                }
            }
            try fill(old, new, shift, on: owner)
        }
    }

    private func fill(_ old: Generation, _ new: Generation, _ shift: Int64, on owner: Connection) throws {
        let east = "0.05 / 3600 / cos(radians(\"dec\"))"
        let isSplit = "abs(hashint8(\"diaObjectId\")) % 8 = 0"
        let object = "\"diaObjectId\" + \(shift) * CASE WHEN \(isSplit) AND (\"visit\" / 4) % 2 = 1 THEN 2 ELSE 1 END"
        func columns(_ table: String) throws -> [String] {
            let rows = try owner.query(
                "SELECT column_name::text AS name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2 AND column_name <> 'generation'",
                [.text(old.schemaName), .text(table)])
            return (0..<rows.rowCount).map { rows["name"]!.strings![$0] }
        }
        func copy(_ table: String, _ changes: [String: String], _ condition: String) throws {
            let names = try columns(table)
            let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
            let values = names.map { changes[$0] ?? "\"\($0)\"" }.joined(separator: ", ")
            try owner.execute("INSERT INTO \(new.table(table)) (\(list)) SELECT \(values) FROM \(old.table(table)) WHERE \(condition)")
        }
        let hash = "abs(hashint8extended(\"diaSourceId\", 7)) % 100"
        try copy("VisitDetector", [:], "true")
        try copy(
            "DiaSource",
            ["diaSourceId": "\"diaSourceId\" + \(shift)", "ra": "\"ra\" + \(east)", "diaObjectId": object], "\(hash) >= 3")
        // Those that are added are of no object and lie where nothing is.
        try copy(
            "DiaSource",
            [
                "diaSourceId": "\"diaSourceId\" + 3 * \(shift)", "ra": "\"ra\" + 20.0 / 3600", "diaObjectId": "NULL",
                "ssObjectId": "NULL",
            ], "\(hash) IN (50, 51)")
        for table in ["DiaObjectLast", "DiaObject"] {
            let isOpen = table == "DiaObject" ? "\"validityEndMjdTai\" IS NULL" : "true"
            try copy(table, ["diaObjectId": "\"diaObjectId\" + \(shift)", "ra": "\"ra\" + \(east)"], isOpen)
            try copy(
                table, ["diaObjectId": "\"diaObjectId\" + 2 * \(shift)", "ra": "\"ra\" + \(east) + 0.4 / 3600"], "\(isOpen) AND \(isSplit)")
        }
    }

    @discardableResult
    func crosswalk(_ rules: CrosswalkRules = CrosswalkRules(), release: String = release) throws -> CrosswalkMaking.Outcome {
        try #require(try CrosswalkMaking(instance: instance, release: release, rules: rules).run())
    }
}
