import Catalog
import Columns
import Foundation
import Ingest
import TestSupport
import Testing

/// Real surveys' sources, associated here, against the objects that the surveys made of them.
@Suite("Surveys' objects", .serialized) struct SurveyAssociationTests {
    /// The sources of each object by any key, as sets.
    static func groups(_ sources: [Int64], by keys: [some Hashable]) -> Set<Set<Int64>> {
        Set(Dictionary(grouping: sources.indices) { keys[$0] }.values.map { Set($0.map { sources[$0] }) })
    }

    @Test(
        "all 296 HiTS objects are recovered at 1 arcsec when every source may found one, as there",
        .enabled(if: PackageFolder.hasData("hits2015"), "needs SKYLEDGER_DATA/hits2015"))
    func hits() throws {
        let test = try TestInstance()
        try test.configure {
            $0.founding.minimumReliability = 0
            $0.founding.flags = []
        }
        let files = ["411420", "419802"].map {
            "\(PackageFolder.data.path)/hits2015/preloaded_dia_source_DECam_\($0)_S22_dia_catalogs_apdb.parq"
        }
        var survey: [Int64: Int64] = [:]
        for file in files {
            let table = try ParquetReader(path: file).read(columns: ["diaSourceId", "diaObjectId"])
            for (source, object) in zip(table["diaSourceId"]!.int64s!, table["diaObjectId"]!.int64s!) { survey[source] = object }
        }
        let summary = try test.load(files[0], files[1])
        #expect(summary.diaSources == survey.count)
        let expected = Self.groups(survey.keys.sorted(), by: survey.keys.sorted().map { survey[$0]! })
        #expect(expected.count == 296)
        #expect(try test.partition() == expected)
    }

    @Test(
        "of ZTF's 425 objects at least 379 are recovered exactly at 1.5 arcsec, and what differs was moved, split or lies wider",
        .enabled(if: PackageFolder.hasData("ztf-detections-finkmm"), "needs SKYLEDGER_DATA/ztf-detections-finkmm"))
    func ztfDetections() throws {
        let detections = try ZTFDetections(PackageFolder.data.path + "/ztf-detections-finkmm/derived_detections.parquet")
        let file = "/tmp/skyledger-ztf-\(UInt32.random(in: 0 ... .max)).parquet"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try ParquetWriter.write(detections.table, to: file)
        let test = try TestInstance()
        try test.configure { $0.association.match.radiusArcsec = 1.5 }
        let summary = try test.load(file)
        #expect(summary.diaSources == 2902)
        let survey = Self.groups(detections.candid, by: detections.object)
        let ours = try test.partition()
        #expect(survey.count == 425)
        #expect(survey.intersection(ours).count >= 379)
        // Every survey object that differs has a reason that can be seen in its detections.
        for object in Set(detections.object) {
            let rows = detections.candid.indices.filter { detections.object[$0] == object }
            guard !ours.contains(Set(rows.map { detections.candid[$0] })) else { continue }
            #expect(
                rows.contains { detections.isMoved[$0] } || detections.spreadArcsec(rows) > 1.5 || detections.hasTwoInOneExposure(rows),
                "\(object) differs for no reason that is known")
        }
    }
}
