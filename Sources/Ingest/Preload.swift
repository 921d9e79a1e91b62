import Association
import Catalog
import Columns
import Foundation
import Postgres
import Sphere

/// Reads what announced pointings will need before they are observed, so that the server and the system below it have it in memory.
///
/// The very statements of the store are run (the state of objects near the detector) and those of the alert cycle (their history).
/// Nothing is written: it can be interrupted and repeated at any time.
public struct Preload {
    /// What was read of one pointing.
    public struct Outcome: Sendable, Codable, Equatable {
        public var visit: Int64
        public var detector: Int32
        public var objects: Int
        public var sources: Int
        public var forcedSources: Int
        public var seconds: Double
        /// Whether all of it was read; false for those that an interrupted run did not come to.
        public var ready: Bool
    }

    let instance: Instance

    public init(instance: Instance) { self.instance = instance }

    /// - Parameters:
    ///   - pointings: from `AnnouncedPointings.read`.
    ///   - progress: called after each; return false to stop after it.
    /// - Returns: what was read, pointing by pointing.
    /// - Throws: `PostgresError`, `CatalogError`
    public func run(_ pointings: [VisitDetector], progress: (Int, Int) -> Bool = { _, _ in true }) throws -> [Outcome] {
        let connection = try instance.connect(as: .reader)
        let generation = try instance.currentGeneration(on: connection)
        let pixelization = try instance.pixelization(on: connection)
        let rules = try ConfigurationRecord.current(on: connection).configuration
        let padding = (rules.association.match.radiusArcsec + rules.association.driftArcsec) / 3600 * .pi / 180
        var out: [Outcome] = []
        for pointing in pointings {
            let started = DispatchTime.now().uptimeNanoseconds
            let region = pointing.region.padded(by: padding)
            // Announced times may be missing or wrong; the newest rows are what is wanted.
            let answer = try RegionHistory(
                region: region, mjdTai: max(pointing.midpointMjdTai, ProcessingClock.machineMjdTai()),
                sourceMonths: rules.summaries.readSourcesMonths, forcedSourceMonths: rules.summaries.readForcedSourcesMonths
            ).read(on: connection, generation: generation, pixelization: pixelization)
            // The objects' newest state by position, and the light curves by identifier, the ways that the store goes.
            var last = RegionQuery(region: region)
            last.table = "DiaObjectLast"
            let near = try last.run(on: connection, generation: generation, pixelization: pixelization)
            let ids = near["diaObjectId"]?.int64s ?? []
            for table in ["DiaSource", "DiaForcedSource", "DiaObject"] where !ids.isEmpty {
                var curves = IdentifierQuery(diaObjectIds: ids, table: table)
                curves.columns = ["diaObjectId", "ra"]
                _ = try curves.run(on: connection, generation: generation, pixelization: pixelization)
            }
            out.append(
                Outcome(
                    visit: pointing.visit, detector: pointing.detector, objects: answer.diaObjects.rowCount,
                    sources: answer.diaSources.rowCount, forcedSources: answer.diaForcedSources.rowCount,
                    seconds: Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9, ready: true))
            if !progress(out.count, pointings.count) { break }
        }
        return out
            + pointings.dropFirst(out.count).map {
                Outcome(visit: $0.visit, detector: $0.detector, objects: 0, sources: 0, forcedSources: 0, seconds: 0, ready: false)
            }
    }
}

extension Preload.Outcome {
    /// Outcomes as rows: visit, detector, objects, sources, forcedSources, seconds, ready.
    public static func table(_ outcomes: [Preload.Outcome]) -> Table {
        Table([
            Column("visit", .int64(outcomes.map(\.visit))), Column("detector", .int32(outcomes.map(\.detector))),
            Column("objects", .int64(outcomes.map { Int64($0.objects) })), Column("sources", .int64(outcomes.map { Int64($0.sources) })),
            Column("forcedSources", .int64(outcomes.map { Int64($0.forcedSources) })),
            Column("seconds", .double(outcomes.map(\.seconds)), unit: "s"), Column("ready", .bool(outcomes.map(\.ready))),
        ])
    }
}
