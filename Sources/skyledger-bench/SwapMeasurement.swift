import Catalog
import Foundation
import Ingest
import Postgres
import Release

/// How long a publication and a rollback hold stores out, by how many visit-detectors two generations have.
///
/// Visit-detectors have no sources, for a swap looks at none; each has its change in the feed, as a store to both generations leaves it.
enum SwapMeasurement {
    static func run(directory: String, schema: String, visitDetectors: Int) throws {
        let instance = try InstanceCreation(directory: directory, schemaPath: schema).run().instance
        let owner = try instance.connect(as: .owner)
        var beginning = ReleaseBeginning(instance: instance, name: "BENCH", cutoffMjdTai: 61_000)
        beginning.checksDisk = false
        let release = try beginning.run().release
        try fill(instance, release, visitDetectors, on: owner)
        var catchUp = CatchUp(instance: instance)
        catchUp.allowsMissing = true
        _ = try ReleaseJoining(instance: instance).run("BENCH") {
            _ = try catchUp.run("BENCH") { _, _ in true }
            return true
        }
        _ = try CrosswalkMaking(instance: instance, release: "BENCH").run { _ in true }
        let checked = try ReleaseCheck(instance: instance).run("BENCH")
        let hash = try StoredReports.store(checked, on: owner)
        var swap: SwapRecord?
        let published = try seconds { swap = try Publication(instance).run("BENCH", accepting: checked.passes ? nil : hash) }
        var back: SwapRecord?
        let rolledBack = try seconds { back = try Rollback(instance).run("BENCH") }
        report(
            "swap",
            [
                "visitDetectors": Double(visitDetectors), "publishSeconds": published, "publishHeldSeconds": swap?.seconds ?? .nan,
                "rollbackSeconds": rolledBack, "rollbackHeldSeconds": back?.seconds ?? .nan,
            ])
        try instance.cluster?.stop(.fast)
    }

    private static func fill(_ instance: Instance, _ release: ReleaseRecord, _ count: Int, on owner: Connection) throws {
        let tables = try [release.fromGeneration, release.generation].map {
            try instance.generation($0, on: owner).table("VisitDetector")
        }
        try owner.execute(
            """
            INSERT INTO \(tables[0]) ("visit", "detector", "band", "midpointMjdTai", "ra", "dec", "region", "nDiaSources", "processedMjdTai",
                "digest", "source")
            SELECT v / 10, v % 10, 'r', 60000 + v / 10000.0, 10, 10, 'circle 10 10 0.1', 0, 60000 + v / 10000.0, sha256(int8send(v)), 'made'
            FROM generate_series(0::bigint, \(count - 1)) AS v;
            INSERT INTO \(tables[1]) SELECT * FROM \(tables[0]);
            ALTER TABLE skyledger."Change" DISABLE TRIGGER "Feed";
            INSERT INTO skyledger."Change" ("change", "replicaKey", "generation", "kind", "visit", "detector", "nRows", "sizeBytes")
            SELECT v + 1, nextval('skyledger."ReplicaKey"'), CASE v % 2 WHEN 0 THEN \(release.fromGeneration) ELSE \(release.generation) END,
                'store', (v / 2) / 10, (v / 2) % 10, 1, 1 FROM generate_series(0::bigint, \(2 * count - 1)) AS v;
            ALTER TABLE skyledger."Change" ENABLE TRIGGER "Feed";
            ANALYZE \(tables[0]); ANALYZE \(tables[1]); ANALYZE skyledger."Change"
            """)
    }
}
