import Columns
import Foundation
import TestSupport
import Testing

@testable import Association

/// Runs tools/golden/matching.py with the python of the dependencies.
enum MatchingScript {
    static let missing: Comment = "needs scipy: run tools/bootstrap, or set SKYLEDGER_DEPS"

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
        let text = try GoldenScript.run("matching.py", paths)
        return try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
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
