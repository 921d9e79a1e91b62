import Catalog
import Foundation
import Postgres

/// The beginning of a release that replaces a piece: the copy of everything else, beside a plain copy of the same tables without indexes, keys and
/// checks. The release is given up afterwards.
enum PieceMeasurement {
    static func run(directory: String) throws {
        let instance = try Instance.open(directory)
        let owner = try instance.connect(as: .owner)
        let generation = try instance.currentGeneration(on: owner)
        let visits = generation.table("VisitDetector")
        let facts = try owner.query(
            """
            SELECT max("midpointMjdTai") AS "end", percentile_cont(0.1) WITHIN GROUP (ORDER BY "dec") AS "tenth", min("dec") AS "lowest",
                   count(*) AS "n" FROM \(visits)
            """)
        func fact(_ name: String) -> Double { facts[name]!.numbers![0] }
        let tables = ["DiaSource", "DiaForcedSource", "DiaObject", "DiaObjectLast"]
        var plainRows = 0
        let plainSeconds = try seconds {
            try owner.transaction {
                for table in tables {
                    try owner.execute("CREATE UNLOGGED TABLE skyledger.bench_copy AS TABLE \(generation.table(table))")
                    plainRows += Int(try owner.int64("SELECT count(*) FROM skyledger.bench_copy") ?? 0)
                    try owner.execute("DROP TABLE skyledger.bench_copy")
                }
            }
        }
        // Names of releases that were given up are not given again.
        let name = "bench-\(ProcessInfo.processInfo.processIdentifier)"
        var beginning = ReleaseBeginning(instance: instance, name: name, cutoffMjdTai: fact("end"))
        // A tenth of the visit-detectors, those farthest south.
        beginning.piece = try ReleasePiece(regionText: "box 0 \(fact("lowest") - 1) 359.999999 \(fact("tenth"))", sinceMjdTai: nil)
        beginning.checksDisk = false
        var outcome: ReleaseBeginning.Outcome?
        let beginSeconds = try seconds { outcome = try beginning.run() }
        guard let release = outcome?.release else { return }
        let new = try instance.generation(release.generation, on: owner)
        let rows =
            try owner.int64(
                "SELECT sum(\"nRows\")::bigint FROM skyledger.\"Change\" WHERE \"generation\" = \(new.id) AND \"kind\" = 'copy'") ?? 0
        let renewed = try owner.int64("SELECT count(*) FROM \(new.table("DiaObject")) WHERE \"generation\" = \(new.id)") ?? 0
        let kept = try owner.int64("SELECT count(*) FROM \(new.table("VisitDetector"))") ?? 0
        _ = try ReleaseAbandonment(instance: instance).run(name)
        report(
            "piece",
            [
                "visitDetectors": fact("n"), "keptVisitDetectors": Double(kept), "rows": Double(rows), "renewedObjects": Double(renewed),
                "seconds": beginSeconds, "rowsPerSecond": Double(rows) / beginSeconds, "plainRows": Double(plainRows),
                "plainSeconds": plainSeconds, "plainRowsPerSecond": Double(plainRows) / plainSeconds,
            ])
    }
}
