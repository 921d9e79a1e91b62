import Catalog
import Foundation

/// A visit of an input: what it covers, and how its files are read, on any thread.
struct LoadWork: Sendable {
    /// Those of its detectors that the input has, in their order.
    var visitDetectors: [VisitDetector]
    /// Reads, translates and checks them for a generation's document.
    var prepare: @Sendable (VisitReader) throws -> [PreparedVisit]

    /// The time of its first exposure, MJD TAI.
    var mjdTai: Double { visitDetectors.lazy.map(\.midpointMjdTai).min() ?? .nan }

    /// The visits of each directory, and of all catalogs together, each in the order of time.
    static func list(_ inputs: [LoadInput], _ reader: VisitReader) throws -> [LoadWork] {
        var works: [LoadWork] = []
        var files: [String] = []
        for input in inputs {
            switch input {
            case .visitDirectory(let path): works += try VisitDirectory(path, reader: reader).works
            case .catalog(let path): files.append(path)
            }
        }
        guard !files.isEmpty else { return works }
        // Read whole: a visit-detector may be spread over files, and visits are stored in the order of time.
        let catalogs = CatalogContents(files)
        let visits = Dictionary(grouping: try catalogs.visits(reader)) { $0.visitDetector.visit }
        let ordered = visits.values.sorted { Self.key($0[0].visitDetector) < Self.key($1[0].visitDetector) }
        return works
            + ordered.map { pieces in
                let visit = pieces[0].visitDetector.visit
                return LoadWork(visitDetectors: pieces.map(\.visitDetector)) { reader in
                    try catalogs.visits(reader).filter { $0.visitDetector.visit == visit }
                }
            }
    }

    /// All of them in the order of time.
    static func inOrderOfTime(_ works: [LoadWork]) -> [LoadWork] {
        works.enumerated().sorted { ($0.element.mjdTai, $0.offset) < ($1.element.mjdTai, $1.offset) }.map(\.element)
    }

    private static func key(_ a: VisitDetector) -> (Double, Int64) { (a.midpointMjdTai, a.visit) }
}

/// What files without a visit table hold, read once for each schema document.
///
/// - Note: `@unchecked Sendable` because its one variable is read and written only while the lock is held.
private final class CatalogContents: @unchecked Sendable {
    private let files: [String]
    private let lock = NSLock()
    private var known: [String: [PreparedVisit]] = [:]

    init(_ files: [String]) { self.files = files }

    func visits(_ reader: VisitReader) throws -> [PreparedVisit] {
        try lock.withLock {
            if let visits = known[reader.documentYAML] { return visits }
            let visits = try reader.catalogs(files)
            known[reader.documentYAML] = visits
            return visits
        }
    }
}
