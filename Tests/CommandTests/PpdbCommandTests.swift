import Foundation
import TestSupport
import Testing

/// `skyledger ppdb`, run as an operator and a reader would.
@Suite("PPDB commands", .serialized) struct PpdbCommandTests {
    private func json(_ outcome: Program.Outcome) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test("the morning's commands make, fill, verify and serve a PPDB, and say what they did")
    func morning() throws {
        let sky = try LoadedInstance(count: 2)
        let missing = try sky.run("ppdb", "export")
        #expect(missing.status == 2 && missing.errors.contains("make one with `skyledger ppdb init`"))
        #expect(try sky.run("ppdb", "init").output.hasPrefix("made the PPDB "))
        #expect(try sky.run("ppdb", "init").status == 2)

        let wanted = try Int(sky.run("sql", "SELECT count(*) AS n FROM \"DiaSource\"", "--format", "csv").output.split(separator: "\n")[1])
        let export = try json(sky.run("ppdb", "export", "--format", "json"))
        #expect(export["rows"] as? Int ?? 0 > wanted!)
        #expect(try json(sky.run("ppdb", "export", "--format", "json"))["rows"] as? Int == 0)
        let verified = try json(sky.run("ppdb", "verify", "--format", "json"))
        #expect(verified["verified"] as? Int == verified["chunks"] as? Int && (verified["faults"] as? [Any])?.isEmpty == true)
        #expect(try json(sky.run("ppdb", "status", "--format", "json"))["lagChanges"] as? Int == 0)

        // Readers: a role with bounds, and queries within them.
        #expect(try sky.run("ppdb", "sql", "SELECT 1").status != 0, "there is no role yet")
        #expect(try sky.run("ppdb", "index").status == 0)
        #expect(try sky.run("ppdb", "roles", "--rows", "50", "--timeout", "20").output.contains("50 rows"))
        let count = try sky.run("ppdb", "sql", "SELECT count(*) AS n FROM \"DiaSource\"", "--format", "csv")
        #expect(count.output == "n\n\(wanted!)\n")
        let cut = try sky.run("ppdb", "sql", "SELECT \"diaSourceId\" FROM ppdb.\"DiaSource\"", "--format", "csv")
        #expect(cut.output.split(separator: "\n").count == 51 && cut.errors.contains("there are more rows than the 50"))
        for statement in ["DELETE FROM ppdb.\"DiaSource\"", "SELECT 1; SELECT 2", "SELECT nothing FROM ppdb.\"DiaSource\""] {
            let refused = try sky.run("ppdb", "sql", statement)
            #expect(refused.status == 1 || refused.status == 2)
            #expect(refused.errors.split(separator: "\n").count == 1, Comment(rawValue: refused.errors))
        }
        #expect(try sky.run("ppdb", "sql", "SELECT 1", "--rows", "51").status == 2)
        #expect(try sky.run("ppdb", "sql", "SELECT pg_sleep(5)", "--timeout", "1").status == 1)
    }

    @Test("a night's files come with a manifest whose checksums are theirs, and a night without visits is an empty product")
    func products() throws {
        let sky = try LoadedInstance(count: 2)
        for command in ["init", "export"] { try #require(sky.run("ppdb", command).status == 0) }
        let mjd = try #require(
            Double(
                sky.run("sql", "SELECT min(\"midpointMjdTai\") AS t FROM \"DiaSource\"", "--format", "csv").output.split(separator: "\n")[1]
            ))
        // Chile's noon is at 16:42 UTC: what comes before belongs to the evening before.
        let evening = String(Int(mjd - 0.7))
        let folder = sky.folder + "/night"
        let made = try sky.run("ppdb", "products", "--night", evening, "--output", folder)
        try #require(made.status == 0, Comment(rawValue: made.errors))
        let files = try #require(FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String })
        #expect(files.contains { $0.hasSuffix("DiaSource.parquet") })
        let manifest = try #require(files.first { $0.contains("manifest") })
        let text = try String(contentsOfFile: "\(folder)/\(manifest)", encoding: .utf8)
        let parquet = try #require(files.first { $0.hasSuffix("DiaSource.parquet") })
        let sum = try GoldenScript.program("import hashlib; print(hashlib.sha256(open('\(parquet)', 'rb').read()).hexdigest())", in: folder)
        #expect(text.contains(sum.trimmingCharacters(in: .whitespacesAndNewlines)))

        let none = try sky.run("ppdb", "products", "--night", "1999-01-01", "--output", folder, "--format", "csv")
        #expect(none.status == 0 && none.output.split(separator: "\n").dropFirst().allSatisfy { $0.split(separator: ",")[1] == "0" })
        #expect(try sky.run("ppdb", "products", "--night", "yesterday", "--output", sky.folder + "/none").status == 2)
    }
}
