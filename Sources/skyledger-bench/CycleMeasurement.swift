import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Sphere

/// The load cycle at several depths of history: reading the objects of each detector's region, association, store; seconds a visit.
///
/// Visits between depths are loaded by the same code. One thread, one connection, one transaction a visit-detector.
enum CycleMeasurement {
    static func run(instance path: String, workload: String, depths: [Int], perDepth: Int) throws {
        let instance = try Instance.open(path)
        let connection = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        let store = try Store(connection: connection, generation: generation, pixelization: instance.pixelization(on: connection))
        let visits = try VisitDirectory(workload, generation: generation)
        let load = VisitDetectorLoad()
        let fields = visits.mjd.prefix { $0 < visits.mjd[0] + 2.999 }.count
        var done = 0
        for depth in depths {
            let first = min(depth * fields, visits.count)
            let begun = Date()
            while done < first {
                for piece in try visits.prepare(done) { _ = try load.run(piece, in: store) }
                done += 1
            }
            let bulk = Date().timeIntervalSince(begun)
            let owner = try instance.connect(as: .owner)
            for table in ["DiaObject", "DiaObjectLast", "DiaSource", "DiaForcedSource", "VisitDetector"] {
                try owner.execute("VACUUM ANALYZE \(generation.table(table))")
            }
            var times = VisitDetectorLoad.Times()
            let last = min(first + perDepth, visits.count)
            let measured = Double(last - done)
            while done < last {
                // Reading the file is not part of the cycle, as it is not for the reference.
                for piece in try visits.prepare(done) { _ = try load.run(piece, in: store, times: &times) }
                done += 1
            }
            report(
                "cycle",
                [
                    "depth": Double(depth), "visits": measured, "secondsPerVisit": (times.read + times.associate + times.store) / measured,
                    "readObjectsSeconds": times.read / measured, "associateSeconds": times.associate / measured,
                    "storeSeconds": times.store / measured,
                    "objectsRead": Double(times.objectsRead) / measured, "diaSources": Double(times.diaSources) / measured,
                    "bulkSeconds": bulk,
                ])
        }
    }
}
