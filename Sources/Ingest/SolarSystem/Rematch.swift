import Catalog
import Columns
import Foundation
import Postgres

/// Looks for known objects among stored sources: of visit-detectors that were stored when ephemerides were missing or stale, or again with
/// better orbits. Sources leave their DiaObjects by update records. What belongs to an SSObject already stays there.
///
/// A visit-detector at a time; interrupted and repeated it goes on where it was, and done twice it changes nothing the second time.
public struct Rematch {
    public struct Outcome: Sendable, Equatable, Codable {
        public var visitDetectors = 0
        /// Those whose night has no ephemerides still.
        public var withoutEphemerides = 0
        /// Why, of the first of them.
        public var withoutEphemeridesReason: String?
        public var predicted = 0
        /// Sources that were given to SSObjects, and DiaObjects that lost their last source.
        public var diaSources = 0
        public var diaObjectsClosed = 0
    }

    let visits: StoredVisits
    let updates: Updates
    let search: SolarSystemSearch

    public init(visits: StoredVisits, updates: Updates, search: SolarSystemSearch) {
        self.visits = visits
        self.updates = updates
        self.search = search
    }

    /// - Parameter progress: done and in all; return false to stop.
    public func run(_ entries: [VisitDetector], progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Outcome {
        var outcome = Outcome()
        for (done, entry) in entries.enumerated() {
            let sources = try visits.sources(of: entry)
            let result = try search.result(entry, sources)
            outcome.visitDetectors += 1
            if result.status == .matched {
                outcome.predicted += result.predictedCount
                let known = sources["ssObjectId"].map { column in (0..<sources.rowCount).count { !column.isNull($0) } } ?? 0
                try store(result, sources, &outcome)
                try visits.record(result, of: entry, ssSources: known + result.ssSources.rowCount)
            } else {
                outcome.withoutEphemerides += 1
                outcome.withoutEphemeridesReason = outcome.withoutEphemeridesReason ?? result.reason
            }
            if !progress(done + 1, entries.count) { break }
        }
        return outcome
    }

    private func store(_ result: SolarSystemResult, _ sources: Table, _ outcome: inout Outcome) throws {
        let id = sources["diaSourceId"]?.int64s ?? []
        let pairs = result.ssObjectId.indices.compactMap { row in
            result.ssObjectId[row].map { (diaSourceId: id[row], ssObjectId: $0) }
        }
        guard !pairs.isEmpty else { return }
        let done = try updates.reassignToSSObjects(pairs, ssSources: result.ssSources, follows: false, cause: "solarsystem rematch")
        outcome.diaSources += done.diaSources
        outcome.diaObjectsClosed += done.diaObjectsClosed.count
    }
}
