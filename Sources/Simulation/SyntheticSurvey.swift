import Columns
import Foundation

/// A survey of the synthetic sky: overlapping fields of square detectors, each revisited every few nights, in six bands.
///
/// Half of the detections are one-off noise, the rest variables and a few transients. The rules follow Rubin's load test of the APDB
/// (l1dbproto), with a footprint, light curves and detection probabilities added.
public struct SyntheticSurvey: Sendable {
    public var visits: Int = 20
    /// Overlapping fields, columns and rows.
    public var fieldColumns = 2
    public var fieldRows = 2
    /// Detectors of the camera, columns and rows.
    public var detectorColumns = 2
    public var detectorRows = 2
    /// Side of a field in degrees.
    public var sideDegrees = 0.5
    /// DiaSources of a visit in the mean.
    public var sourcesPerVisit = 200.0
    /// Fraction of detections that are noise, and that are transients.
    public var noiseFraction = 0.5
    public var transientFraction = 0.05
    /// Days between visits of one field.
    public var revisitDays = 3.0
    /// First night, MJD TAI.
    public var startMjdTai = 61041.0
    /// Centre of the footprint, ICRS degrees.
    public var centreRa = 150.0
    public var centreDec = -30.0
    public var seed: UInt64 = 20_261_121

    /// Scatter of a measured position along each axis, degrees.
    static let astrometricScatter = 0.08 / 3600
    static let bands = ["u", "g", "r", "i", "z", "y"]

    public init() {}

    /// Number of detections that noise does not explain, and of all, after `write`.
    public struct Summary: Sendable, Equatable {
        public var visits: Int
        public var visitDetectors: Int
        public var diaSources: Int
        public var variables: Int
        public var transients: Int
    }

    /// Writes visits.parquet, visit_NNNNNN.parquet and truth/ into a directory, which is made.
    ///
    /// - Parameter progress: called after each visit with the number done; return false to stop.
    /// - Throws: `ColumnsError` when a file cannot be written.
    public func write(to directory: String, progress: (Int) -> Bool = { _ in true }) throws -> Summary {
        do {
            try FileManager.default.createDirectory(atPath: directory + "/truth", withIntermediateDirectories: true)
        } catch {
            throw ColumnsError.unwritable(path: directory, reason: error.localizedDescription)
        }
        let (sky, centres) = makeSky()
        var visitTable = VisitTable()
        var sources = 0
        for v in 0..<visits {
            let made = makeVisit(v, sky: sky, centres: centres)
            let number = String(made.visit)
            let name = "visit_" + String(repeating: "0", count: max(0, 6 - number.count)) + number + ".parquet"
            try ParquetWriter.write(made.sources, to: "\(directory)/\(name)")
            try ParquetWriter.write(made.truth, to: "\(directory)/truth/\(name)")
            visitTable.append(made, survey: self)
            sources += made.sources.rowCount
            if !progress(v + 1) { break }
        }
        try ParquetWriter.write(visitTable.table, to: "\(directory)/visits.parquet")
        return Summary(
            visits: visits, visitDetectors: visitTable.count, diaSources: sources,
            variables: sky.objects.count { $0.life == nil }, transients: sky.objects.count { $0.life != nil })
    }

    func makeSky() -> (Sky, [(x: Double, y: Double)]) {
        let step = sideDegrees * 0.85
        let centres = (0..<(fieldColumns * fieldRows)).map { f in
            (
                x: (Double(f % fieldColumns) - Double(fieldColumns - 1) / 2) * step,
                y: (Double(f / fieldColumns) - Double(fieldRows - 1) / 2) * step
            )
        }
        let halfWidth = Double(fieldColumns - 1) / 2 * step + 0.6 * sideDegrees
        let halfHeight = Double(fieldRows - 1) / 2 * step + 0.6 * sideDegrees
        let perField = 4 * halfWidth * halfHeight / (sideDegrees * sideDegrees)
        let meanProbability = 0.7 * 0.9 + 0.3 * 0.3
        // A sky that does not depend on the number of visits, so that a longer run repeats a shorter one.
        let span = 400.0
        let sky = Sky(
            seed: seed, plane: TangentPlane(ra: centreRa, dec: centreDec), halfWidth: halfWidth, halfHeight: halfHeight,
            variables: (1 - noiseFraction - transientFraction) * sourcesPerVisit / meanProbability * perField,
            transients: transientFraction * sourcesPerVisit / 0.8 / 60 * perField * (span + 100),
            days: startMjdTai..<(startMjdTai + span))
        return (sky, centres)
    }
}
