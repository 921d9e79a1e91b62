import Catalog
import Columns
import Foundation
import TestSupport
import Testing

@Suite("Forced means", .serialized) struct ForcedMeansTests {
    /// Runs tools/golden/forced_means.py against an instance.
    private func compare(_ test: TestInstance) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = PackageFolder.python
        process.arguments = [PackageFolder.root.path + "/tools/golden/forced_means.py", test.instance.cluster!.socketDirectory, "12"]
        process.environment = ["PYTHONDONTWRITEBYTECODE": "1"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    @Test(
        "after a later load with refresh, and one more with precovery, the objects' forced means are those that numpy computes"
    )
    func refreshed() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(8, sources: 120))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.load(visits)
        let versions = try test.connection().int64("SELECT count(*) FROM \"DiaObject\"")!
        let due = try test.forcedLoad().run(Measurement.of(test.allTargets()), source: "due", refresh: true)
        #expect(due.diaObjectsUpdated > 0)
        let before = try compare(test)
        #expect(before.status == 0, "\(before.output)")
        let early = try test.targets().precovery(since: 0)
        let more = try test.forcedLoad(clock: { 61500.5 }).run(Measurement.of(early), source: "precovery", refresh: true)
        let after = try compare(test)
        #expect(after.status == 0, "\(after.output)")
        #expect(after.output != before.output)
        #expect(
            try test.connection().int64("SELECT count(*) FROM \"DiaObject\"") == versions
                + Int64(due.diaObjectsUpdated + more.diaObjectsUpdated))
        #expect(try test.faults() == [])
    }

    @Test("without refresh objects keep their versions, and the same load with refresh brings the means up to date")
    func later() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(6, sources: 120))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.load(visits)
        let before = try test.rows("SELECT * FROM \"DiaObject\"")
        let rows = Measurement.of(try test.allTargets())
        _ = try test.forcedLoad().run(rows, source: "due")
        #expect(try test.rows("SELECT * FROM \"DiaObject\"") == before)
        #expect(try compare(test).output.contains("is None, the rows give"))
        _ = try test.forcedLoad().run(rows, source: "due", refresh: true)
        let after = try compare(test)
        #expect(after.status == 0, "\(after.output)")
    }

    @Test("a refresh changes nothing of an object but its forced means, its window of validity and its good sources")
    func otherwise() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(6, sources: 120))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.load(visits)
        let names = try test.instance.currentGeneration(on: test.connection()).document[table: "DiaObject"]!.columns.map(\.name)
            .filter { !$0.contains("fpFlux") && !$0.hasPrefix("validity") }
        let columns = (names + ["pixelId", "tile", "summaryStartMjdTai"]).map { "\"\($0)\"" }.joined(separator: ", ")
        let open = "SELECT \(columns) FROM \"DiaObject\" WHERE \"validityEndMjdTai\" IS NULL"
        let (before, last) = (try test.rows(open), try test.rows("SELECT * FROM \"DiaObjectLast\""))
        let outcome = try test.forcedLoad().run(Measurement.of(test.allTargets()), source: "due", refresh: true)
        #expect(outcome.diaObjectsUpdated > 0)
        #expect(try test.rows(open) == before)
        #expect(try test.rows("SELECT \"diaObjectId\", \"ra\", \"dec\", \"nDiaSources\" FROM \"DiaObjectLast\"").count == last.count)
    }
}
