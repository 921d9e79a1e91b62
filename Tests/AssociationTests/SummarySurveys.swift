import Columns
import Foundation
import TestSupport
import Testing

@testable import Association

/// Histories of real surveys, with the surveys' own rows of DiaObject in the same order.
enum SummarySurveys {
    /// HiTS as Rubin's pipelines wrote it: what was in the APDB before the visit.
    static func hits(visit: String) throws -> (SourceHistory, ForcedHistory, Table) {
        func table(_ kind: String) throws -> Table {
            let name = "hits2015/preloaded_\(kind)_DECam_\(visit)_"
            let folder = PackageFolder.data.appendingPathComponent("hits2015").path
            let file = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first { "hits2015/\($0)".hasPrefix(name) })
            return try ParquetReader(path: folder + "/" + file).read(skippingUnsupported: true)
        }
        return histories(sources: try table("dia_source"), forced: try table("dia_forced_source"), objects: try table("dia_object"))
    }

    /// Public LSST alerts of 51 objects; the objects are as of the newest alert.
    static func lsst() throws -> (SourceHistory, ForcedHistory, Table) {
        func table(_ kind: String) throws -> Table {
            let path = PackageFolder.data.appendingPathComponent("lsst-alerts-fink/derived_\(kind).parquet").path
            return try ParquetReader(path: path).read(skippingUnsupported: true)
        }
        return histories(sources: try table("diaSource"), forced: try table("diaForcedSource"), objects: try table("diaObject"))
    }

    private static func histories(sources: Table, forced: Table, objects: Table) -> (SourceHistory, ForcedHistory, Table) {
        let known = Set(objects["diaObjectId"]!.int64s!)
        let owned = sources.gather(sources["diaObjectId"]!.int64s!.indices.filter { known.contains(sources["diaObjectId"]!.int64s![$0]) })
        let (ids, history) = SummaryHistories.sources(owned, by: "diaObjectId")
        let place = Dictionary(uniqueKeysWithValues: objects["diaObjectId"]!.int64s!.enumerated().map { ($1, $0) })
        return (history, SummaryHistories.forced(forced, of: ids), objects.gather(ids.map { place[$0]! }))
    }
}
