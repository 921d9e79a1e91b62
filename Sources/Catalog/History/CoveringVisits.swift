import Postgres
import Sphere

/// Earlier visit-detectors that looked at a part of the sky, and how deep: what upper limits are made of.
public struct CoveringVisits: Sendable {
    public struct Visit: Sendable {
        public var visit: Int64
        public var detector: Int32
        public var band: String?
        public var midpointMjdTai: Double
        /// Noise of the difference image for point sources, nJy.
        public var diaNoise: Float?
        public var region: Region
    }

    /// In the order of time.
    public let visits: [Visit]

    /// Those that may share a point with a visit-detector's region; a few beside it may come.
    ///
    /// - Parameters:
    ///   - since: MJD TAI, exclusive. Visits later than the visit-detector are left out, and so is it.
    public init(around visitDetector: VisitDetector, since: Double, generation: Generation, on connection: Connection) throws {
        // Right ascension wraps: a box that reaches over 0 or 360 is looked for on both sides.
        let rows = try connection.query(
            """
            SELECT v."visit", v."detector", v."band", v."midpointMjdTai", v."diaNoise", v."region"
            FROM \(generation.table("VisitDetector")) AS v
            WHERE (\(["skyledger.cover($1, $2, $3)", "skyledger.cover($1, $2 + 360, $3)", "skyledger.cover($1, $2 - 360, $3)"]
                .map { "skyledger.cover(v.\"region\", v.\"ra\", v.\"dec\") && \($0)" }.joined(separator: " OR ")))
              AND v."midpointMjdTai" > $4 AND v."midpointMjdTai" <= $5 AND NOT (v."visit" = $6 AND v."detector" = $7)
            ORDER BY v."midpointMjdTai", v."visit", v."detector"
            """,
            [
                .text(visitDetector.regionText), .double(visitDetector.region.boundingCircle.center.raDec.ra),
                .double(visitDetector.region.boundingCircle.center.raDec.dec), .double(since), .double(visitDetector.midpointMjdTai),
                .int64(visitDetector.visit), .int32(visitDetector.detector),
            ], name: "covering_visits")
        guard rows.rowCount > 0, let visit = rows["visit"]?.int64s, let detector = rows["detector"]?.int32s, let band = rows["band"],
            let midpoint = rows["midpointMjdTai"]?.doubles, let noise = rows["diaNoise"], let region = rows["region"]?.strings
        else {
            visits = []
            return
        }
        visits = try visit.indices.map { row in
            do {
                return Visit(
                    visit: visit[row], detector: detector[row], band: band.isNull(row) ? nil : band.strings?[row],
                    midpointMjdTai: midpoint[row], diaNoise: noise.isNull(row) ? nil : noise.floats?[row],
                    region: try Region(parsing: region[row]))
            } catch let error as SphereError {
                throw CatalogError.inconsistent("the region of visit \(visit[row]) detector \(detector[row]) cannot be read: \(error)")
            }
        }
    }
}
