import Columns
import Foundation
import Testing

@testable import Association

/// Runs tools/golden/matching.py with the python of the dependencies.
enum MatchingScript {
    static let missing: Comment = "needs scipy: run tools/bootstrap, or set SKYLEDGER_DEPS"

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
}

extension MatchingFixture {
    var table: Table {
        Table([
            Column("id", .int64(id)), Column("ra", .double(ra)), Column("dec", .double(dec)), Column("raErr", .float(errors!.raErr)),
            Column("decErr", .float(errors!.decErr)), Column("ra_dec_Cov", .float(errors!.raDecCov)),
        ])
    }
}
