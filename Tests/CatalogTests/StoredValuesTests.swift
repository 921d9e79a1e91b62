import Catalog
import Foundation
import Schema
import TestSupport
import Testing

@Suite("Stored values", .serialized) struct StoredValuesTests {
    /// Runs tools/golden/stored.py against an instance.
    private func compare(_ test: TestInstance, _ files: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = PackageFolder.python
        process.arguments = [PackageFolder.root.path + "/tools/golden/stored.py", test.instance.cluster!.socketDirectory] + files
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    @Test("what a synthetic survey wrote is what pyarrow and psycopg2 find stored")
    func synthetic() throws {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(4))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.load(visits)
        let files = try FileManager.default.contentsOfDirectory(atPath: visits).filter { $0.hasPrefix("visit_") }.map { "\(visits)/\($0)" }
        let result = try compare(test, files)
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(
        "the HiTS files, of an older schema, keep every value of every column that the newest schema has",
        .enabled(if: PackageFolder.hasData("hits2015"), "needs SKYLEDGER_DATA/hits2015"))
    func hits() throws {
        let files = ["411420", "419802"].map {
            "\(PackageFolder.data.path)/hits2015/preloaded_dia_source_DECam_\($0)_S22_dia_catalogs_apdb.parq"
        }
        let test = try TestInstance()
        try test.load(files[0], files[1], map: ShippedMaps.read("hits2015"))
        let result = try compare(test, files)
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.hasPrefix("328 rows"))
        #expect(try test.faults() == [])
    }
}
