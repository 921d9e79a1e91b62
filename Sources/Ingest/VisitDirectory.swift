import Catalog
import Foundation

/// A visit directory: visits.parquet and one visit_NNNNNN.parquet a visit.
public struct VisitDirectory: Sendable {
    private let pointings: Pointings
    private let files: [String]
    private let reader: VisitReader

    /// - Throws: `ColumnsError`, `IngestError` where visits.parquet is wrong or a visit's file is missing.
    public init(_ path: String, generation: Generation) throws {
        try self.init(path, reader: VisitReader(generation: generation, map: nil))
    }

    init(_ path: String, reader: VisitReader) throws {
        func file(_ visit: Int64) -> String {
            let number = String(visit)
            return "\(path)/visit_\(String(repeating: "0", count: max(0, 6 - number.count)))\(number).parquet"
        }
        self.reader = reader
        pointings = try Pointings(path: path + "/visits.parquet", visitFile: file)
        files = pointings.visits.map(file)
        for (visit, file) in zip(pointings.visits, files) where !FileManager.default.fileExists(atPath: file) {
            throw IngestError.missingFile(path: file, visit: visit)
        }
    }

    /// Visits, in the order of time.
    public var count: Int { files.count }

    /// The time of each visit's first exposure, MJD TAI.
    public var mjd: [Double] { pointings.visits.map { visit in pointings.detectors[visit]!.map(\.midpointMjdTai).min()! } }

    /// Its visits, in the order of time.
    var works: [LoadWork] {
        pointings.visits.indices.map { index in
            let (listed, file) = (pointings.detectors[pointings.visits[index]]!, files[index])
            return LoadWork(visitDetectors: listed) { reader in try reader.visit(listed, file: file) }
        }
    }

    /// Reads, translates and checks a visit.
    public func prepare(_ index: Int) throws -> [PreparedVisit] {
        try reader.visit(pointings.detectors[pointings.visits[index]]!, file: files[index])
    }
}
