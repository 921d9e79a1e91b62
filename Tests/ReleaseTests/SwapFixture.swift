import Alerts
import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Ppdb
import Release
import Simulation
import TestSupport
import Testing

/// An instance with a release under way: visits of the nights in the current generation, the same visits in the release's own.
final class SwapFixture {
    static let release = "dr1"

    let directory: String
    let instance: Instance
    private var waiting: [String] = []
    private var loaded: [String] = []

    /// - Parameters:
    ///   - visits: that are loaded.
    ///   - more: that are made beside them, for later.
    ///   - issuesAlerts: whether loading them issues alerts.
    init(visits count: Int = 3, more: Int = 0, makesPpdb: Bool = false, issuesAlerts: Bool = false) throws {
        directory = "/tmp/skyledger-swap-\(UInt32.random(in: 0 ... .max))"
        instance = try InstanceCreation(directory: directory, schemaPath: PackageFolder.schema.path, profile: .test).run().instance
        var survey = SyntheticSurvey()
        (survey.visits, survey.sourcesPerVisit, survey.centreRa, survey.centreDec) = (count + more, 40, 150, -30)
        _ = try survey.write(to: directory + "/visits")
        waiting = try FileManager.default.contentsOfDirectory(atPath: directory + "/visits").filter { $0.hasPrefix("visit_") }.sorted()
        if makesPpdb { _ = try PpdbCreation(instance: instance, location: PpdbLocation()).run() }
        try load(count, issuesAlerts: issuesAlerts)
    }

    deinit {
        try? instance.cluster?.stop(.immediate)
        instance.cluster?.remove()
        try? FileManager.default.removeItem(atPath: directory)
    }

    func connection(_ role: Role = .reader) throws -> Connection { try instance.connect(as: role) }

    /// Loads the next visits as the nights do.
    func load(_ count: Int = 1, issuesAlerts: Bool = false) throws {
        let files = Array(waiting.prefix(count))
        waiting.removeFirst(files.count)
        try load(files, issuesAlerts: issuesAlerts)
        loaded += files
    }

    private func load(_ files: [String], issuesAlerts: Bool) throws {
        var options = LoadTask.Options()
        options.issuesAlerts = issuesAlerts
        options.alertSchemas = try AlertSchemaFolder(PackageFolder.dependencies.appendingPathComponent("schema/alerts").path)
        options.clock = .visit
        for file in files {
            _ = try LoadTask(instance: instance, options: options).run([LoadInput(path: "\(directory)/visits/\(file)")])
        }
    }

    /// Begins the release and fills its generation with the visits that were loaded.
    func begin(_ name: String = release, configuration: Configuration? = nil) throws {
        var beginning = ReleaseBeginning(instance: instance, name: name, cutoffMjdTai: 88_000)
        beginning.checksDisk = false
        beginning.configuration = configuration
        _ = try beginning.run()
        try fill(name)
    }

    /// Makes the loader take the release's generation for the current one; what is said here of swaps must not depend on how it was filled.
    func fill(_ name: String = release) throws {
        let record = try record(name)
        let owner = try connection(.owner)
        func setCurrent(_ id: Int, other: Int) throws {
            try owner.transaction {
                for (id, state) in [(other, "next"), (id, "current")] {
                    try owner.run(
                        "UPDATE skyledger.\"Generation\" SET \"state\" = $2 WHERE \"generationId\" = $1", [.int32(Int32(id)), .text(state)])
                }
            }
        }
        try setCurrent(record.generation, other: record.fromGeneration)
        defer { try? setCurrent(record.fromGeneration, other: record.generation) }
        try load(loaded, issuesAlerts: false)
    }

    func join(_ name: String = release) throws { _ = try ReleaseJoining(instance: instance).run(name) { true } }

    func record(_ name: String = release) throws -> ReleaseRecord { try Releases(connection: connection()).named(name) }

    /// Stores a report of the present state as a check would.
    @discardableResult
    func report(_ name: String = release, passes: Bool = true) throws -> String {
        let state = try ReleaseState.read(of: record(name), thresholds: "t", on: connection())
        let json = "{\"thresholdsDigest\": \"t\", \"place\": \(UInt32.random(in: 0 ... .max))}"
        let hash = LedgerDigest().of(Array(json.utf8)).map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined()
        try connection(.owner).run(
            "INSERT INTO skyledger.\"ReleaseReport\" (\"report\", \"release\", \"passes\", \"state\", \"json\") VALUES ($1, $2, $3, $4, $5)",
            [.text(hash), .text(name), .bool(passes), .text(state.digest), .text(json)])
        return hash
    }

    /// Begun, filled, joined, with a passing report.
    func makeReady() throws {
        try begin()
        try join()
        try report()
    }

    func ppdb() throws -> Ppdb { try Ppdb(instance: instance, location: .read(PpdbLocation.defaultConsumer, of: instance)) }

    @discardableResult
    func export() throws -> Exporter.Summary { try Exporter(ppdb()).run() }

    func int(_ sql: String) throws -> Int64 { try #require(try connection().int64(sql)) }

    /// The number of the current generation, as the bookkeeping and as the views say it.
    func current() throws -> [Int64] {
        [
            try int("SELECT \"generationId\"::bigint FROM skyledger.\"Generation\" WHERE \"state\" = 'current'"),
            try int(
                """
                SELECT substring(n.nspname FROM 4)::bigint FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
                JOIN pg_class AS t ON t.oid = d.refobjid JOIN pg_namespace AS n ON n.oid = t.relnamespace
                WHERE r.ev_class = 'apdb."DiaObject"'::regclass AND t.relkind = 'p' LIMIT 1
                """),
        ]
    }

    /// What the ledger's verification says: its chain's end, and its faults.
    func ledger() throws -> LedgerVerification.Report {
        let witness = try LedgerWitness.allGenerations(on: connection())
        let instance = instance
        return try LedgerVerification { try instance.connect(as: .reader) }.run(.init(witness: witness))
    }
}
