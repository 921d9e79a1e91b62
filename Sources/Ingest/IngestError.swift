/// What is wrong with a visit's files. Each message names file, row and column, or visit and detector.
public enum IngestError: Error, Sendable, Equatable, CustomStringConvertible {
    case notAnInput(path: String, reason: String)
    case badPosition(file: String, row: Int, ra: Double, dec: Double)
    case badTime(file: String, row: Int, value: Double)
    case duplicateSource(file: String, rows: (Int, Int), diaSourceId: Int64)
    case contradictingSource(files: (String, String), diaSourceId: Int64)
    case unknownVisitDetector(file: String, row: Int, visit: Int64, detector: Int32)
    case outsideRegion(file: String, row: Int, visit: Int64, detector: Int32, degrees: Double)
    case badRegion(file: String, row: Int, reason: String)
    case missingFile(path: String, visit: Int64)
    case mixedTimes(file: String, row: Int, visit: Int64, detector: Int32)
    case tooWide(file: String, visit: Int64, detector: Int32, degrees: Int)

    public var description: String {
        switch self {
        case .notAnInput(let path, let reason): "\(path) cannot be loaded: \(reason)"
        case .badPosition(let file, let row, let ra, let dec):
            "\(file): row \(row) has ra \(ra) and dec \(dec), which is not on the sky: ra must be from 0 up to 360 degrees and dec from -90 to 90"
        case .badTime(let file, let row, let value):
            "\(file): row \(row) has the time \(value) in midpointMjdTai, which is no MJD between 1900 and 2100"
        case .duplicateSource(let file, let rows, let id):
            "\(file): diaSourceId \(id) stands in rows \(rows.0) and \(rows.1): identifiers must be unique"
        case .contradictingSource(let files, let id):
            "diaSourceId \(id) has other values in \(files.1) than in \(files.0): remove one of the rows"
        case .unknownVisitDetector(let file, let row, let visit, let detector):
            "\(file): row \(row) belongs to visit \(visit) detector \(detector), which visits.parquet does not list"
        case .outsideRegion(let file, let row, let visit, let detector, let degrees):
            "\(file): row \(row) lies \(degrees) degrees outside the region that visits.parquet gives for visit \(visit) detector \(detector): correct the region or the position"
        case .badRegion(let file, let row, let reason): "\(file): row \(row), column region: \(reason)"
        case .missingFile(let path, let visit): "\(path) is missing: visits.parquet lists visit \(visit)"
        case .mixedTimes(let file, let row, let visit, let detector):
            "\(file): row \(row) has another time or band than the rows of visit \(visit) detector \(detector) before it: a visit-detector has one exposure"
        case .tooWide(let file, let visit, let detector, let degrees):
            "\(file): the sources of visit \(visit) detector \(detector) lie up to \(degrees) degrees apart, which is no one detector's: correct the columns visit and detector, or load a visit directory, whose visits.parquet gives the region"
        }
    }

    public static func == (a: IngestError, b: IngestError) -> Bool { a.description == b.description }
}
