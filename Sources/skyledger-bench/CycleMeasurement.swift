import Association
import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Rehearsal
import Sphere

/// The cycle of alert production at several depths of history, seconds a visit: all that alerts need of each detector's region (objects,
/// sources and forced sources of the window, in all columns), then reading of the objects under lock, association, summaries, store.
///
/// Visits between depths are loaded by the same code. One transaction a visit-detector; the history is read by two connections.
struct CycleMeasurement {
    let store: Store
    let connection: Connection
    /// Reads sources while the other reads objects and forced sources.
    let other: Connection
    let visits: VisitDirectory
    let load = VisitDetectorLoad(forced: SyntheticForced())

    init(_ instance: Instance, workload: String) throws {
        connection = try instance.connect(as: .ingest)
        other = try instance.connect(as: .ingest)
        let generation = try instance.currentGeneration(on: connection)
        store = try Store(connection: connection, generation: generation, pixelization: instance.pixelization(on: connection))
        visits = try VisitDirectory(workload, generation: generation)
    }

    static func run(instance path: String, workload: String, depths: [Int], perDepth: Int) throws {
        let instance = try Instance.open(path)
        let cycle = try Self(instance, workload: workload)
        let (owner, visits) = (try instance.connect(as: .owner), cycle.visits)
        let fields = visits.mjd.prefix { $0 < visits.mjd[0] + 2.999 }.count
        var done = 0
        for depth in depths {
            let first = min(depth * fields, visits.count)
            let begun = Date()
            while done < first {
                for piece in try visits.prepare(done) { _ = try cycle.load.run(piece, in: cycle.store) }
                done += 1
            }
            let bulk = Date().timeIntervalSince(begun)
            for table in ["DiaObject", "DiaObjectLast", "DiaSource", "DiaForcedSource", "VisitDetector"] {
                try owner.execute("VACUUM ANALYZE \(cycle.store.generation.table(table))")
            }
            var sum = Times()
            let last = min(first + perDepth, visits.count)
            let measured = Double(last - done)
            while done < last {
                // Reading the file is not part of the cycle, as it is not for the reference.
                for piece in try visits.prepare(done) { try cycle.measure(piece, &sum) }
                done += 1
            }
            report("cycle", ["depth": Double(depth), "visits": measured, "bulkSeconds": bulk].merging(sum.perVisit(measured)) { $1 })
        }
    }

    private func measure(_ piece: PreparedVisit, _ sum: inout Times) throws {
        let history = RegionHistory(
            region: piece.visitDetector.region, mjdTai: piece.visitDetector.midpointMjdTai,
            sourceMonths: store.configuration.summaries.readSourcesMonths,
            forcedSourceMonths: store.configuration.summaries.readForcedSourcesMonths)
        let begun = DispatchTime.now().uptimeNanoseconds
        let answer = try history.read(on: connection, beside: other, generation: store.generation, pixelization: store.pixelization)
        sum.history += Double(DispatchTime.now().uptimeNanoseconds - begun) / 1e9
        sum.objects += answer.diaObjects.rowCount
        sum.sources += answer.diaSources.rowCount
        sum.forced += answer.diaForcedSources.rowCount
        if case .stored(let counts) = try load.run(piece, in: store, times: &sum.load) { sum.forcedStored += counts.diaForcedSources }
    }

    /// Summed over visit-detectors; seconds and rows.
    private struct Times {
        var history = 0.0
        var objects = 0
        var sources = 0
        var forced = 0
        var forcedStored = 0
        var load = VisitDetectorLoad.Times()

        func perVisit(_ visits: Double) -> [String: Double] {
            let cycle = load.read + load.associate + load.store
            return [
                "secondsPerVisit": history + cycle, "readHistorySeconds": history, "readObjectsSeconds": load.read,
                "associateSeconds": load.associate, "storeSeconds": load.store, "objectsRead": Double(objects),
                "sourcesRead": Double(sources), "forcedRead": Double(forced), "diaSources": Double(load.diaSources),
                "forcedStored": Double(forcedStored), "objectsLocked": Double(load.objectsRead),
            ].mapValues { $0 / visits }
        }
    }
}
