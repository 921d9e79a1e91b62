import Catalog
import Foundation
import Postgres
import Schema
import TestSupport
import Testing

@Suite("Release: begin", .serialized) struct ReleaseBeginTests {
    @Test("a release begins with a generation of its own and everything after the cutoff in its queue, and readers see nothing of it")
    func begins() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture())
        try test.load(fixture.directory)
        let before = try test.rows("SELECT * FROM \"DiaObject\"")
        let outcome = try test.begin(cutoff: fixture.cutoff(after: 7))
        #expect(outcome.isNew && outcome.queued == 8 && outcome.release.state == .loading)
        #expect(outcome.release.fromGeneration == 1 && outcome.release.generation == 2)
        #expect(try test.lag(2) == 8 && test.lag(1) == 0)
        #expect(try test.rows("SELECT * FROM \"DiaObject\"") == before)
        #expect(try test.int("SELECT count(*) FROM apdb_0002.\"DiaObject\"") == 0)
        // Begun again as it was, it stays.
        let again = try test.begin(cutoff: fixture.cutoff(after: 7))
        #expect(!again.isNew && again.queued == 8 && again.release == outcome.release)
        #expect(try Releases(connection: test.connection()).steps(of: "DR1").map(\.kind) == [.begin])
    }

    @Test("what cannot be begun is refused with the reason, and nothing is made")
    func refusals() throws {
        let test = try TestInstance()
        func made() throws -> [String] {
            try test.rows("SELECT nspname FROM pg_namespace") + test.rows("SELECT * FROM skyledger.\"Generation\"")
        }
        let before = try made()
        #expect(test.failure { try test.begin("1st", cutoff: 61_000) }.contains("no name of a release"))
        #expect(test.failure { try test.begin(cutoff: 12) }.contains("no MJD"))
        #expect(test.failure { try test.begin(cutoff: 61_000, schema: "/nowhere.yaml") }.contains("cannot be read"))
        var full = ReleaseBeginning(instance: test.instance, name: "DR1", cutoffMjdTai: 61_000)
        full.freeBytes = { _ in 1000 }
        #expect(test.failure { _ = try full.run() }.contains("make room, or give --skip-disk-check"))
        #expect(try made() == before)
        full.checksDisk = false
        #expect(try full.run().isNew)
        #expect(test.failure { try test.begin("DR2", cutoff: 61_000) }.contains("release DR1 is under way (loading)"))
        #expect(test.failure { try test.begin(cutoff: 61_001) }.contains("with other settings"))
        #expect(
            test.failure { _ = try SchemaMigration(instance: test.instance, path: PackageFolder.schema.path).plan(on: test.connection()) }
                .contains("release DR1 is under way"))
    }

    @Test("a schema document that loses a column is refused and the column named, unless its loss is allowed")
    func losses() throws {
        let test = try TestInstance()
        let path = "/tmp/skyledger-release-\(UInt32.random(in: 0 ... .max)).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ReleaseSchema.without("extendedness", in: "DiaSource").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(test.failure { try test.begin(cutoff: 61_000, schema: path) }.contains("lose what queries use: DiaSource.extendedness"))
        var beginning = ReleaseBeginning(instance: test.instance, name: "DR1", cutoffMjdTai: 61_000)
        beginning.schemaPath = path
        beginning.allowedLosses = ["DiaSource.extendedness", "snr"]
        #expect(test.failure { _ = try beginning.run() }.contains("--allow-loss snr"))
        beginning.allowedLosses = ["extendedness"]
        #expect(try beginning.run().isNew)
    }

    @Test("an abandoned release leaves the current generation as it was, also where the removal was interrupted, and another may begin")
    func abandonment() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 4))
        try test.load(fixture.part(0..<3))
        let before = try test.rows("SELECT * FROM \"DiaObject\"")
        try test.begin(cutoff: fixture.cutoff(after: 1))
        try test.releaseLoad(fixture.part(0..<2, shiftArcsec: 0.05))
        let abandonment = ReleaseAbandonment(instance: test.instance)
        #expect(try !abandonment.run("DR1") { done, _ in done < 3 })
        #expect(try abandonment.run("DR1"))
        #expect(try test.int("SELECT count(*) FROM pg_namespace WHERE nspname IN ('l1_0002', 'apdb_0002')") == 0)
        #expect(try test.rows("SELECT * FROM \"DiaObject\"") == before)
        try test.load(fixture.directory)
        #expect(try test.lag(2) == 0)
        #expect(try test.begin("DR2", cutoff: fixture.cutoff(after: 1)).release.generation == 3)
        #expect(test.failure { try test.releaseLoad(fixture.directory, "DR1") }.contains("abandoned"))
    }
}

/// Variants of the newest schema document.
enum ReleaseSchema {
    static func text() throws -> String { try String(contentsOf: PackageFolder.schema, encoding: .utf8) }

    /// The document without a column of a table.
    static func without(_ column: String, in table: String) throws -> String {
        var lines = try text().components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0 == "- name: \(table)" })
        let first = try #require(lines[start...].firstIndex { $0 == "  - name: \(column)" })
        let next = try #require(lines[(first + 1)...].firstIndex { $0.hasPrefix("  - name: ") || $0.hasPrefix("- name: ") })
        lines.removeSubrange(first..<next)
        return lines.joined(separator: "\n")
    }

    /// The document with a column that may be null put before the first of a table.
    static func with(_ column: String, in table: String) throws -> String {
        var lines = try text().components(separatedBy: "\n")
        let start = try #require(lines.firstIndex { $0 == "- name: \(table)" })
        let first = try #require(lines[start...].firstIndex { $0.hasPrefix("  - name: ") })
        lines.insert(
            contentsOf: [
                "  - name: \(column)", "    \"@id\": \"#\(table).\(column)\"", "    datatype: float", "    description: new of the release",
            ],
            at: first)
        return lines.joined(separator: "\n")
    }
}
