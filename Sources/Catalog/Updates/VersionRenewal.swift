import Association
import Columns
import Postgres

/// New versions of known objects, computed from the rows that are stored of them.
struct VersionRenewal {
    let connection: Connection
    let generation: Generation
    let configuration: Configuration

    /// - Parameters:
    ///   - objects: as they were.
    ///   - nDiaSources: how many sources each has from now on, those that retention has removed among them.
    ///   - starts: when the versions begin, MJD TAI.
    /// - Returns: rows of DiaObject for `VersionWriter`, in the order of the objects.
    func versions(of objects: [OpenObject], nDiaSources: [Int32], starts: [Double]) throws -> Table {
        let model = configuration.summaries
        let history = try HistoryReader(connection: connection, generation: generation)
            .history(of: objects.map(\.diaObjectId), last: .init(repeating: -.infinity, count: objects.count), configuration: configuration)
        let spans = history.spans(model)
        let versions = VersionTable(generation.layout)
        let states = objects.enumerated().map { i, old in
            let (n, span) = (nDiaSources[i], spans[i])
            // What retention has dropped still counts, and so does its time.
            let isWhole = span.count >= Int(n)
            func life(_ known: Double, _ present: Double, _ choose: (Double, Double) -> Double) -> Double {
                if span.count == 0 { return isWhole ? .nan : known }
                return isWhole || known.isNaN ? present : choose(known, present)
            }
            return ObjectState(
                diaObjectId: old.diaObjectId, tile: old.tile, ra: old.ra, dec: old.dec, nDiaSources: n,
                firstDiaSourceMjdTai: life(old.firstDiaSourceMjdTai, span.first, min),
                lastDiaSourceMjdTai: life(old.lastDiaSourceMjdTai, span.last, max), nDiaSourcesGood: Int32(span.good),
                validityStart: starts[i])
        }
        return versions.rows(states, summaries: history.summaries(model, columns: versions.summaryColumns))
    }
}
