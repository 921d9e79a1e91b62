import Alerts
import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Ppdb
import Schema
import Simulation
import TestSupport

/// A PPDB for tests: an instance with a synthetic survey and forced sources made up from it, whose tables are copied into a schema `ppdb`.
final class ProductsFixture {
    let directory: String
    let instance: Instance
    let document: SchemaDocument

    /// - Parameter change: changes the survey.
    init(_ change: (inout SyntheticSurvey) -> Void = { _ in }) throws {
        directory = "/tmp/skyledger-products-\(UInt32.random(in: 0 ... .max))"
        instance = try InstanceCreation(directory: directory + "/sky", schemaPath: PackageFolder.schema.path, profile: .test).run().instance
        var survey = SyntheticSurvey()
        survey.visits = 8
        change(&survey)
        _ = try survey.write(to: directory + "/visits")
        var options = LoadTask.Options()
        options.issuesAlerts = false
        options.clock = .visit
        _ = try LoadTask(instance: instance, options: options).run([.visitDirectory(directory + "/visits")])
        let connection = try instance.connect(as: .owner)
        document = try instance.currentGeneration(on: connection).document
        try connection.execute("CREATE SCHEMA ppdb")
        for table in ["DiaObject", "DiaSource", "DiaForcedSource", "SSSource"] {
            try connection.execute("CREATE TABLE ppdb.\"\(table)\" AS SELECT * FROM apdb.\"\(table)\"")
        }
        // Forced photometry of each object on every other visit-detector: values do not matter here, only whose they are.
        try connection.execute(
            """
            INSERT INTO ppdb."DiaForcedSource" ("diaObjectId", "visit", "detector", "ra", "dec", "midpointMjdTai", "band", "psfFlux", "psfFluxErr",
                "timeProcessedMjdTai", "pixelId", "tile")
            SELECT o."diaObjectId", s."visit", s."detector", o."ra", o."dec", s."midpointMjdTai", s."band", s."psfFlux", s."psfFluxErr",
                s."midpointMjdTai", o."pixelId", o."tile"
            FROM ppdb."DiaObject" AS o JOIN ppdb."DiaSource" AS s ON s."diaObjectId" = o."diaObjectId"
            WHERE o."validityEndMjdTai" IS NULL AND s."visit" % 2 = 0
            """)
    }

    deinit {
        try? instance.cluster?.stop(.immediate)
        instance.cluster?.remove()
        try? FileManager.default.removeItem(atPath: directory)
    }

    func tables() throws -> PpdbTables { PpdbTables(try instance.connect(as: .owner), document: document) }

    func administrator() throws -> PpdbTables {
        let parameters = instance.cluster!.parameters(user: PrivateCluster.superuser, database: Instance.databaseName)
        return PpdbTables(try Connection(parameters), document: document)
    }

    /// A number from the PPDB.
    func int(_ sql: String) throws -> Int { Int(try tables().connection.int64(sql) ?? -1) }

    /// A folder of the fixture's own.
    func place(_ name: String) -> String { directory + "/" + name }
}

/// Python with hats, lsdb and duckdb.
enum ProductTools {
    static let areThere: Bool = {
        guard PackageFolder.hasPython else { return false }
        return
            (try? GoldenScript.program("import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ('hats', 'lsdb', 'duckdb'))))"))
            != nil
    }()
}
