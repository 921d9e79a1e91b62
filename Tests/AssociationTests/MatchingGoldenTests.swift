import Columns
import Foundation
import Testing

@testable import Association

@Suite(
    "Association by likelihood beside scipy",
    .enabled(if: MatchingGoldenTests.isAvailable, "needs scipy: run tools/bootstrap, or set SKYLEDGER_DEPS"))
struct MatchingGoldenTests {
    static var packageRoot: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    static var python: URL {
        let dependencies = ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"].map { URL(fileURLWithPath: $0) }
        return (dependencies ?? packageRoot.appendingPathComponent(".deps")).appendingPathComponent("python/bin/python")
    }

    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: python.path) }

    /// What tools/golden/matching.py prints, as far as it is used here.
    struct Answer: Decodable {
        var totalCost: Double
        var givenCost: Double
        var matched: Int
        var pairs: Int
    }

    static func answer(sources: MatchingFixture, objects: MatchingFixture, assignment: Assignment) throws -> Answer {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("matching-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = ["sources", "objects", "pairs"].map { folder.appendingPathComponent("\($0).parquet").path }
        try ParquetWriter.write(sources.table, to: paths[0])
        try ParquetWriter.write(objects.table, to: paths[1])
        let rows = assignment.objectRow.indices.filter { assignment.objectRow[$0] != nil }
        let pairs = Table([
            Column("source", .int64(rows.map(Int64.init))), Column("object", .int64(rows.map { Int64(assignment.objectRow[$0]!) })),
        ])
        try ParquetWriter.write(pairs, to: paths[2])
        let process = Process()
        process.executableURL = python
        process.arguments = [packageRoot.appendingPathComponent("tools/golden/matching.py").path] + paths
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try JSONDecoder().decode(Answer.self, from: data)
    }

    /// Count of each side, half-width of the square in arcseconds, and where: a crowded field of two to three candidates a source in one
    /// giant component, the pole, RA 0, and the density of a Rubin visit.
    static let fields: [(Int, Double, Double, Double)] = [
        (20_000, 80, 0, -30), (5_000, 45, 40, 90), (5_000, 60, 0, 88), (100_000, 6_300, 200, -5),
    ]

    @Test("the total of costs is that of the cheapest matching that scipy finds", arguments: fields)
    func total(_ field: (Int, Double, Double, Double)) throws {
        var generator = SeededGenerator(state: 9)
        let (count, spread, ra, dec) = field
        func crowd(_ firstId: Int64) -> MatchingFixture {
            MatchingFixture.crowd(count, ra: ra, dec: dec, spreadArcsec: spread, firstId: firstId, using: &generator)
                .withErrors(using: &generator)
        }
        let objects = crowd(1_000_000)
        var sources = crowd(1)
        // Half of the sources lie near objects.
        for i in 0..<count / 2 {
            sources.dec[i] = max(-90, min(90, objects.dec[i] + Double.random(in: -0.3...0.3, using: &generator) / 3600))
            sources.ra[i] = objects.ra[i]
        }
        let model = MatchModel()
        let assignment = OptimalAssignment.associate(sources: sources.positions, objects: objects.positions, model: model)
        let answer = try Self.answer(sources: sources, objects: objects, assignment: assignment)
        let own = OptimalAssignment.totalCost(
            of: assignment, sources: sources.positions, objects: objects.positions, model: model)
        #expect(abs(answer.givenCost - answer.totalCost) <= 1e-9 * abs(answer.totalCost))
        #expect(abs(own - answer.totalCost) <= 1e-9 * abs(answer.totalCost))
        #expect(answer.matched == assignment.matchedCount)
        #expect(answer.pairs > count / 3)
    }
}

extension MatchingFixture {
    var table: Table {
        Table([
            Column("id", .int64(id)), Column("ra", .double(ra)), Column("dec", .double(dec)), Column("raErr", .float(errors!.raErr)),
            Column("decErr", .float(errors!.decErr)), Column("ra_dec_Cov", .float(errors!.raDecCov)),
        ])
    }
}
