import Catalog
import Columns
import Foundation
import Ingest
import Simulation
import TestSupport
import Testing

@Suite("Load", .serialized) struct LoadTests {
    /// A visit directory of a synthetic survey.
    static func visits(_ count: Int = 12, sources: Double = 150, ra: Double = 150, dec: Double = -30) throws -> String {
        var survey = SyntheticSurvey()
        survey.visits = count
        survey.sourcesPerVisit = sources
        survey.centreRa = ra
        survey.centreDec = dec
        let directory = "/tmp/skyledger-visits-\(UInt32.random(in: 0 ... .max))"
        _ = try survey.write(to: directory)
        return directory
    }

    /// The true partition of a synthetic survey's sources: those of one object together. Noise, which founds an object or does not, is no
    /// part of it.
    static func truth(_ directory: String) throws -> Set<Set<Int64>> {
        var groups: [Int64: Set<Int64>] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: directory + "/truth") {
            let table = try ParquetReader(path: "\(directory)/truth/\(file)").read()
            for (id, object) in zip(table["diaSourceId"]!.int64s!, table["trueObject"]!.int64s!) where object >= 0 {
                groups[object, default: []].insert(id)
            }
        }
        return Set(groups.values)
    }

    @Test("a synthetic survey's variables are recovered, the doctor finds nothing, and a second load does nothing")
    func synthetic() throws {
        let (test, visits) = (try TestInstance(), try Self.visits())
        defer { try? FileManager.default.removeItem(atPath: visits) }
        let first = try test.load(visits)
        #expect(first.visits == 12 && first.detectors == 48 && first.skippedAlreadyLoaded == 0)
        #expect(first.diaSources == (try Int(test.connection().int64("SELECT count(*) FROM \"DiaSource\"") ?? -1)))
        let (ours, truth) = (try test.partition(), try Self.truth(visits))
        #expect(Double(ours.intersection(truth).count) > 0.99 * Double(truth.count))
        #expect(try test.faults() == [])
        let before = try test.rows("SELECT * FROM \"DiaObject\"")
        let second = try test.load(visits)
        #expect(second.skippedAlreadyLoaded == 48 && second.diaSources == 0)
        #expect(try test.rows("SELECT * FROM \"DiaObject\"") == before)
    }

    @Test("two loaders at once give the partition that one gives, and so do visits in reverse order, with S2 cells as with trixels")
    func orderAndConcurrency() throws {
        let visits = try Self.visits(16)
        defer { try? FileManager.default.removeItem(atPath: visits) }
        let one = try TestInstance()
        try one.load(visits)
        let expected = try one.partition()

        let two = try TestInstance(pixelization: "s2-20")
        let instance = two.instance
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            do { _ = try LoadTask(instance: instance, options: .withoutAlerts).run([.visitDirectory(visits)]) } catch {
                failures.add("\(error)")
            }
        }
        #expect(failures.all == [])
        #expect(try two.partition() == expected)
        #expect(try two.faults() == [])

        let reverse = try TestInstance()
        let files = try FileManager.default.contentsOfDirectory(atPath: visits).filter { $0.hasPrefix("visit_") }.sorted()
        for file in files.reversed() { try reverse.load("\(visits)/\(file)") }
        #expect(try reverse.partition() == expected)
    }

    @Test("visit-detectors without sources are recorded")
    func emptyDetectors() throws {
        let (test, visits) = (try TestInstance(), try Self.visits(2, sources: 3))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.load(visits)
        let empty = try test.connection().int64("SELECT count(*) FROM \"VisitDetector\" WHERE \"nDiaSources\" = 0") ?? 0
        #expect(empty > 0)
        #expect(try test.connection().int64("SELECT count(*) FROM \"VisitDetector\"") == 8)
    }

    @Test("a field on RA 0 and one around the pole load as soundly as any")
    func edges() throws {
        for (ra, dec) in [(0.0, 20.0), (75.0, 79.9)] {
            let (test, visits) = (try TestInstance(), try Self.visits(6, ra: ra, dec: dec))
            defer { try? FileManager.default.removeItem(atPath: visits) }
            try test.load(visits)
            let (ours, truth) = (try test.partition(), try Self.truth(visits))
            #expect(Double(ours.intersection(truth).count) > 0.99 * Double(truth.count))
        }
    }

    @Test(
        "the ZTF visits make exactly 5,449 objects, each of one true object",
        .enabled(if: PackageFolder.hasData("ztf-dr5-visits"), "needs SKYLEDGER_DATA/ztf-dr5-visits"))
    func ztf() throws {
        let test = try TestInstance()
        let summary = try test.load(PackageFolder.data.path + "/ztf-dr5-visits")
        #expect(summary.visits == 103 && summary.diaSources == 106_588 && summary.diaObjectsNew == 5449)
        #expect(try test.partition() == Self.truth(PackageFolder.data.path + "/ztf-dr5-visits"))
    }

    @Test(
        "of the survey's 51 objects among real LSST sources at least 48 are recovered exactly, and 51 after duplicates are merged",
        .enabled(if: PackageFolder.hasData("lsst-alerts-fink"), "needs SKYLEDGER_DATA/lsst-alerts-fink"))
    func lsst() throws {
        let file = PackageFolder.data.path + "/lsst-alerts-fink/derived_diaSource.parquet"
        let test = try TestInstance()
        let summary = try test.load(file)
        #expect(summary.visits == 1861 && summary.diaSources == 10_801)
        let table = try ParquetReader(path: file).read(columns: ["diaSourceId", "diaObjectId"])
        let (sources, objects) = (table["diaSourceId"]!.int64s!, table["diaObjectId"]!.int64s!)
        let survey = Dictionary(grouping: sources.indices.filter { objects[$0] != 0 }) { objects[$0] }.values.map {
            Set($0.map { sources[$0] })
        }
        #expect(survey.count == 51)
        #expect(try Set(survey).intersection(test.partition()).count >= 48)
        // Two of ours lie 0.41 arcsec apart and are never seen together.
        #expect(try test.deduplicate().merges.count == 1)
        #expect(try test.partition() == Set(survey))
    }
}

/// Errors of several threads.
///
/// - Note: `@unchecked Sendable` because its one variable is touched only while the lock is held.
final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var messages: [String] = []

    func add(_ message: String) { lock.withLock { messages.append(message) } }
    var all: [String] { lock.withLock { messages } }
}
