import Columns

/// The rows of visits.parquet: one for each visit and detector.
struct VisitTable {
    private var visit: [Int64] = []
    private var detector: [Int32] = []
    private var band = ByteStrings()
    private var mjd: [Double] = []
    private var ra: [Double] = []
    private var dec: [Double] = []
    private var region = ByteStrings()

    var count: Int { visit.count }

    mutating func append(_ made: SyntheticVisit, survey: SyntheticSurvey) {
        let half = survey.sideDegrees / 2
        let (columns, rows) = (survey.detectorColumns, survey.detectorRows)
        for d in 0..<(columns * rows) {
            let (i, j) = (Double(d % columns), Double(d / columns))
            let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)].map { x, y in
                let (ra, dec) = made.pointing.sky(
                    -half + x * survey.sideDegrees / Double(columns), -half + y * survey.sideDegrees / Double(rows))
                return "\(ra) \(dec)"
            }
            visit.append(made.visit)
            detector.append(Int32(d))
            band.append(made.band.utf8)
            mjd.append(made.mjd)
            ra.append(made.pointing.ra)
            dec.append(made.pointing.dec)
            region.append(corners.joined(separator: ", ").utf8)
        }
    }

    var table: Table {
        Table([
            Column("visit", .int64(visit)), Column("detector", .int32(detector)), Column("band", .string(band)),
            Column("mjd", .double(mjd), unit: "d"), Column("ra", .double(ra), unit: "deg"), Column("dec", .double(dec), unit: "deg"),
            Column("region", .string(region)),
        ])
    }
}
