import Catalog
import Columns

/// Joins the parts of a visit-detector that several files hold.
enum CatalogMerge {
    /// - Throws: `IngestError` where the parts contradict each other: another time or band, or other values for one diaSourceId.
    static func joined(_ a: PreparedVisit, _ b: PreparedVisit, midpoint: String) throws -> PreparedVisit {
        let (first, second) = (a.visitDetector, b.visitDetector)
        guard first.midpointMjdTai == second.midpointMjdTai, first.band == second.band else {
            throw IngestError.mixedTimes(file: second.source, row: 1, visit: second.visit, detector: second.detector)
        }
        let names = a.sources.columnNames + b.sources.columnNames.filter { a.sources[$0] == nil }
        let (left, right) = (widened(a.sources, to: names, like: b.sources), widened(b.sources, to: names, like: a.sources))
        let known = Dictionary(uniqueKeysWithValues: (left["diaSourceId"]?.int64s ?? []).enumerated().map { ($1, $0) })
        var new: [Int] = []
        for (row, id) in (right["diaSourceId"]?.int64s ?? []).enumerated() {
            guard let twin = known[id] else {
                new.append(row)
                continue
            }
            guard
                ContentDigest.of(left.gather([twin]), orderedBy: "diaSourceId")
                    == ContentDigest.of(right.gather([row]), orderedBy: "diaSourceId")
            else {
                throw IngestError.contradictingSource(files: (first.source, second.source), diaSourceId: id)
            }
        }
        var out = a
        out.sources = left.appending(right.gather(new))
        return out
    }

    /// The table with all the columns named, nulls where it has none of its own.
    private static func widened(_ table: Table, to names: [String], like other: Table) -> Table {
        Table(names.map { table[$0] ?? .nulls($0, other[$0]!.type, count: table.rowCount) })
    }
}
