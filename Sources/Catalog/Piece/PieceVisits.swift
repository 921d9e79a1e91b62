import Columns
import Postgres
import Sphere

/// The visit-detectors of a generation that belong to a piece.
///
/// Those whose month retention has removed do not: their rows are in the PPDB alone, and there is nothing to be replaced.
struct PieceVisits {
    let piece: ReleasePiece
    let cutoffMjdTai: Double
    let visit: [Int64]
    let detector: [Int32]
    let midpointMjdTai: [Double]
    /// Those that would belong to it, were their rows still there.
    let retired: Int

    /// - Parameter waiting: the generation whose queue is left out: what waits for it is not taken over anyhow.
    init(
        _ piece: ReleasePiece, cutoffMjdTai: Double, of generation: Generation, waiting: Int? = nil, on connection: Connection
    ) throws {
        (self.piece, self.cutoffMjdTai) = (piece, cutoffMjdTai)
        let times = piece.sinceMjdTai.map { "v.\"midpointMjdTai\" > \($0) AND v.\"midpointMjdTai\" <= \(cutoffMjdTai)" } ?? "true"
        let queued = waiting.map {
            " AND NOT EXISTS (SELECT FROM skyledger.\"ReleaseQueue\" AS q WHERE q.\"generation\" = \($0) AND q.\"visit\" = v.\"visit\" AND q.\"detector\" = v.\"detector\")"
        }
        let rows = try connection.query(
            """
            SELECT v."visit", v."detector", v."midpointMjdTai", v."ra", v."dec", CASE WHEN v."ra" IS NULL THEN v."region" END AS "region",
                   EXISTS (SELECT FROM skyledger."RetentionRecord" AS r
                           WHERE r."generation" = $1 AND r."tableName" = 'DiaSource' AND r."state" = 'done'
                             AND v."midpointMjdTai" >= r."lowerMjdTai" - 1 AND v."midpointMjdTai" < r."upperMjdTai" + 1) AS "isRetired"
            FROM \(generation.table("VisitDetector")) AS v WHERE \(times)\(queued ?? "")
            """, [.int32(Int32(generation.id))])
        let (visits, detectors) = (rows["visit"]!.int64s!, rows["detector"]!.int32s!)
        let (times_, isRetired) = (rows["midpointMjdTai"]!.doubles!, rows["isRetired"]!.bools!)
        let inside = try Self.inside(piece, rows)
        let chosen = visits.indices.filter { inside[$0] && !isRetired[$0] }
        visit = chosen.map { visits[$0] }
        detector = chosen.map { detectors[$0] }
        midpointMjdTai = chosen.map { times_[$0] }
        retired = visits.indices.count { inside[$0] && isRetired[$0] }
    }

    /// For each row whether its centre lies in the region.
    private static func inside(_ piece: ReleasePiece, _ rows: Table) throws -> [Bool] {
        guard let region = piece.region else { return .init(repeating: true, count: rows.rowCount) }
        var (ra, dec) = (rows["ra"]!.numbers!, rows["dec"]!.numbers!)
        let text = rows["region"]!
        for row in 0..<rows.rowCount where !text.isNull(row) {
            // An entry from before centres were kept.
            guard let covered = try? Region(parsing: text.strings![row]) else {
                throw CatalogError.inconsistent(
                    "the region \(text.strings![row]) of a visit-detector cannot be read: run `skyledger doctor`")
            }
            (ra[row], dec[row]) = covered.boundingCircle.center.raDec
        }
        return region.contains(ra: ra, dec: dec)
    }

    var count: Int { visit.count }

    /// Puts the visit-detectors that are not taken over into the temporary table `piece_visit`: the piece, and what waits for the new generation.
    ///
    /// - Returns: how many of the piece come after the cutoff and were queued: they follow from the nights.
    func store(for generation: Int, on connection: Connection) throws -> Int {
        try connection.execute(
            "CREATE TEMPORARY TABLE piece_visit (\"visit\" bigint NOT NULL, \"detector\" integer NOT NULL, \"midpointMjdTai\" double precision NOT NULL) ON COMMIT DROP"
        )
        try connection.copyIn(
            Table([
                Column("visit", .int64(visit)), Column("detector", .int32(detector)), Column("midpointMjdTai", .double(midpointMjdTai)),
            ]), to: "piece_visit")
        let queued = try connection.run(
            """
            INSERT INTO skyledger."ReleaseQueue" ("generation", "midpointMjdTai", "visit", "detector")
            SELECT $1, "midpointMjdTai", "visit", "detector" FROM piece_visit WHERE "midpointMjdTai" > $2
            """, [.int32(Int32(generation)), .double(cutoffMjdTai)])
        try connection.run(
            """
            INSERT INTO piece_visit SELECT q."visit", q."detector", q."midpointMjdTai" FROM skyledger."ReleaseQueue" AS q
            WHERE q."generation" = $1
              AND NOT EXISTS (SELECT FROM piece_visit AS v WHERE v."visit" = q."visit" AND v."detector" = q."detector")
            """, [.int32(Int32(generation))])
        try connection.execute("CREATE UNIQUE INDEX ON piece_visit (\"visit\", \"detector\"); ANALYZE piece_visit")
        return queued
    }
}
