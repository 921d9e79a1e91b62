import Columns
import Foundation
import TestSupport
import Testing

@testable import Association

@Suite("Summary statistics against numpy and scipy", .enabled(if: PackageFolder.hasPython, Comment(rawValue: SummaryData.missingPython)))
struct SummaryGoldenTests {
    /// Computes here and there, and throws where the two differ by more than a millionth.
    static func compare(_ sources: SourceHistory, _ forced: ForcedHistory, _ model: SummaryModel) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("summaries-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let summary = Summaries.compute(sources, forced, model: model, columns: Set(Summaries.columnNames))
        for (name, table) in [
            ("sources", SummaryHistories.table(sources)), ("forced", SummaryHistories.table(forced)), ("summary", summary),
        ] {
            try ParquetWriter.write(table, to: directory.appendingPathComponent("\(name).parquet").path)
        }
        try GoldenScript.run("summaries.py", [directory.path, String(model.readSourcesMonths), String(model.readForcedSourcesMonths)])
    }

    @Test("made light curves, with all that is awkward, have the same statistics", arguments: 1...3)
    func synthetic(seed: UInt64) throws {
        let (sources, forced) = SummarySynthetic.histories(objects: 300, seed: seed)
        try Self.compare(sources, forced, SummaryModel(readSourcesMonths: 12, readForcedSourcesMonths: seed == 2 ? 3 : 12))
    }

    @Test(
        "ZTF light curves of three years have the same statistics",
        .enabled(if: PackageFolder.hasData("ztf-dr5-visits"), Comment(rawValue: SummaryData.missingData)), arguments: [12, 60])
    func ztf(months: Int) throws {
        let truth = try SummaryData.read(
            SummaryData.files("ztf-dr5-visits/truth", prefix: "visit_", suffix: ".parquet"), columns: ["diaSourceId", "trueObject"])
        let columns = [
            "diaSourceId", "midpointMjdTai", "ra", "dec", "raErr", "decErr", "band", "psfFlux", "psfFluxErr", "scienceFlux",
            "scienceFluxErr", "pixelFlags",
        ]
        var rows = try SummaryData.read(
            SummaryData.files("ztf-dr5-visits", prefix: "visit_", suffix: ".parquet"), columns: columns)
        let owner = Dictionary(uniqueKeysWithValues: zip(truth["diaSourceId"]!.int64s!, truth["trueObject"]!.int64s!))
        rows.set(Column("object", .int64(rows["diaSourceId"]!.int64s!.map { owner[$0]! })))
        let (ids, sources) = SummaryHistories.sources(rows, by: "object", flagged: "pixelFlags")
        #expect(ids.count == 5449)
        try Self.compare(sources, ForcedHistory(objects: ids.count), SummaryModel(readSourcesMonths: months))
    }

    @Test(
        "HiTS light curves have the same statistics",
        .enabled(if: PackageFolder.hasData("hits2015"), Comment(rawValue: SummaryData.missingData)), arguments: ["411420", "419802"])
    func hits(visit: String) throws {
        let (sources, forced, _) = try SummarySurveys.hits(visit: visit)
        try Self.compare(sources, forced, SummaryModel())
    }

    @Test(
        "LSST light curves have the same statistics",
        .enabled(if: PackageFolder.hasData("lsst-alerts-fink"), Comment(rawValue: SummaryData.missingData)))
    func lsst() throws {
        let (sources, forced, _) = try SummarySurveys.lsst()
        try Self.compare(sources, forced, SummaryModel())
    }
}
