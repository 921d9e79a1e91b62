import Columns
import Postgres
import Sphere

/// A visit-detector as its row in the database says.
struct StoredVisitDetector {
    var visit: Int64
    var detector: Int32
    var band: String?
    var midpointMjdTai: Double
    /// When it was stored, by the clock that stamps object versions.
    var processedMjdTai: Double
    var region: Region

    /// What names one.
    struct Key: Hashable, Comparable {
        var visit: Int64
        var detector: Int32

        init(_ row: Updates.ForcedKey) { (visit, detector) = (row.visit, row.detector) }

        static func < (a: Key, b: Key) -> Bool { (a.visit, a.detector) < (b.visit, b.detector) }
    }

    /// Rows of a condition, in the order of visit and detector.
    /// - Parameter suffix: what comes after, `FOR UPDATE`.
    /// - Throws: `CatalogError.inconsistent` where a region cannot be read.
    static func read(
        where condition: String, _ parameters: [Parameter], of generation: Generation, on connection: Connection, suffix: String = ""
    ) throws -> [StoredVisitDetector] {
        let rows = try connection.query(
            """
            SELECT "visit", "detector", "band", "midpointMjdTai", "processedMjdTai", "region" FROM \(generation.table("VisitDetector"))
            WHERE \(condition) ORDER BY "visit", "detector" \(suffix)
            """, parameters)
        guard rows.rowCount > 0, let visit = rows["visit"]?.int64s, let detector = rows["detector"]?.int32s, let band = rows["band"],
            let midpoint = rows["midpointMjdTai"]?.doubles, let processed = rows["processedMjdTai"]?.doubles,
            let region = rows["region"]?.strings
        else { return [] }
        return try visit.indices.map { row in
            do {
                return StoredVisitDetector(
                    visit: visit[row], detector: detector[row], band: band.isNull(row) ? nil : band.strings?[row],
                    midpointMjdTai: midpoint[row], processedMjdTai: processed[row], region: try Region(parsing: region[row]))
            } catch let error as SphereError {
                throw CatalogError.inconsistent("the region of visit \(visit[row]) detector \(detector[row]) cannot be read: \(error)")
            }
        }
    }
}
