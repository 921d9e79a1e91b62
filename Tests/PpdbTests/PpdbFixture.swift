import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Ppdb
import Schema
import Simulation
import TestSupport
import Testing

/// An instance of its own with a PPDB of its server, removed at the end.
final class PpdbFixture {
    let directory: String
    let instance: Instance
    private var visits: [String] = []

    /// - Parameter visits: of a synthetic survey; none is loaded yet.
    init(visits count: Int = 6, makesPpdb: Bool = true, ppdbSchema: String? = nil, schema: String = PackageFolder.schema.path) throws {
        directory = "/tmp/skyledger-ppdb-\(UInt32.random(in: 0 ... .max))"
        instance = try InstanceCreation(directory: directory, schemaPath: schema, profile: .test).run().instance
        var survey = SyntheticSurvey()
        survey.visits = count
        survey.sourcesPerVisit = 60
        survey.centreRa = 150
        survey.centreDec = -30
        _ = try survey.write(to: directory + "/visits")
        visits = try FileManager.default.contentsOfDirectory(atPath: directory + "/visits").filter { $0.hasPrefix("visit_") }.sorted()
        if makesPpdb { _ = try PpdbCreation(instance: instance, location: PpdbLocation(), schemaPath: ppdbSchema).run() }
    }

    deinit {
        try? instance.cluster?.stop(.immediate)
        instance.cluster?.remove()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Loads the next visits of the survey.
    func load(_ count: Int) throws {
        for file in visits.prefix(count) {
            var options = LoadTask.Options()
            options.issuesAlerts = false
            options.clock = .visit
            _ = try LoadTask(instance: instance, options: options).run([LoadInput(path: "\(directory)/visits/\(file)")])
        }
        visits.removeFirst(min(count, visits.count))
    }

    func ppdb() throws -> Ppdb { try Ppdb(instance: instance, location: .read(PpdbLocation.defaultConsumer, of: instance)) }

    /// Chunks so small that a visit has several.
    static var settings: ReplicationSettings {
        var settings = ReplicationSettings()
        settings.limits.rows = 60
        return settings
    }

    @discardableResult
    func export() throws -> Exporter.Summary { try Exporter(ppdb(), settings: Self.settings).run() }

    func verify() throws -> Verification.Report { try #require(try Verification(ppdb()).run()) }

    /// Holds both databases against each other by an independent program.
    func requireEqual() throws {
        let output = try GoldenScript.run("ppdb_equal.py", [instance.cluster!.socketDirectory])
        #expect(output.hasSuffix("equal\n"), "\(output)")
    }

    func updates() throws -> Updates {
        let connection = try instance.connect(as: .ingest)
        return Updates(
            connection: connection, generation: try instance.currentGeneration(on: connection),
            pixelization: try instance.pixelization(on: connection),
            configuration: try ConfigurationRecord.current(on: connection).configuration, clock: { 61_600 })
    }

    func ids(_ sql: String) throws -> [Int64] { try instance.connect(as: .reader).query(sql).columns.first?.int64s ?? [] }

    /// Forced sources of the open objects with most sources, in a visit-detector that saw them, and new versions of these.
    func loadForced(flux: Float) throws {
        let ingest = try instance.connect(as: .ingest)
        let rows = try ingest.query(
            """
            SELECT s."diaObjectId", s."visit", s."detector", min(s."diaSourceId") AS "diaForcedSourceId" FROM "DiaSource" AS s
            JOIN "DiaObjectLast" AS o USING ("diaObjectId")
            WHERE NOT EXISTS (SELECT FROM "DiaForcedSource" AS f WHERE f."diaForcedSourceId" = s."diaSourceId")
            GROUP BY 1, 2, 3 ORDER BY 4 LIMIT 40
            """)
        var table = rows
        table.set(Column("psfFlux", .float(.init(repeating: flux, count: rows.rowCount))))
        table.set(Column("psfFluxErr", .float(.init(repeating: 10, count: rows.rowCount))))
        let load = ForcedLoad(
            connection: ingest, generation: try instance.currentGeneration(on: ingest), pixelization: try instance.pixelization(on: ingest),
            configuration: try ConfigurationRecord.current(on: ingest).configuration, clock: { 61_550 })
        _ = try load.run(table, source: "test", refresh: true)
    }

    /// A random update of each kind.
    func update(round: Int) throws {
        let updates = try updates()
        let owned = try ids(
            "SELECT \"diaSourceId\" FROM \"DiaSource\" WHERE \"diaObjectId\" IS NOT NULL AND \"timeWithdrawnMjdTai\" IS NULL ORDER BY hashint8(\"diaSourceId\" + \(round)) LIMIT 6"
        )
        let open = try ids("SELECT \"diaObjectId\" FROM \"DiaObjectLast\" ORDER BY hashint8(\"diaObjectId\" + \(round)) LIMIT 6")
        _ = try updates.withdraw(sources: Array(owned[0..<3]), cause: "round \(round)")
        _ = try updates.restore(sources: [owned[1]], cause: "round \(round)")
        _ = try updates.reassign([(owned[3], open[0])], cause: "round \(round)")
        _ = try updates.reassignToSSObjects([(owned[4], 4711), (owned[5], 4712)], cause: "round \(round)")
        let still = try ids("SELECT \"diaObjectId\" FROM \"DiaObjectLast\" ORDER BY hashint8(\"diaObjectId\" + \(round) + 7) LIMIT 5")
        _ = try updates.merge([still[0]], into: still[1], cause: "round \(round)")
        _ = try updates.close(objects: [still[2]], cause: "round \(round)")
        let forced = try instance.connect(as: .reader).query(
            "SELECT \"diaObjectId\", \"visit\", \"detector\"::integer AS \"detector\" FROM \"DiaForcedSource\" WHERE \"timeWithdrawnMjdTai\" IS NULL ORDER BY 1 LIMIT 2"
        )
        let keys = (0..<forced.rowCount).map {
            Updates.ForcedKey(
                diaObjectId: forced["diaObjectId"]!.int64s![$0], visit: forced["visit"]!.int64s![$0],
                detector: forced["detector"]!.int32s![$0])
        }
        if !keys.isEmpty { _ = try updates.withdraw(forced: keys, cause: "round \(round)") }
    }
}
