import Foundation
import TestSupport
import Testing

@Suite("release check and the standing of a plan, through the program", .serialized) struct ReleaseCheckCommandTests {
    private func file(_ text: String, _ suffix: String) throws -> String {
        let path = Program.temporary(suffix)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("thresholds are printed, and those that cannot be are refused with their line before anything is opened")
    func thresholds() throws {
        let printed = try Program.run(["release", "check", "--print-thresholds"])
        #expect(printed.status == 0 && printed.output.contains("astrometry:\n  medianArcsec: 0.1\n"))
        let path = try file("lag:\n  visitDetectors: many\n", ".yaml")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let refused = try Program.run(["release", "check", "DR1", "--thresholds", path, "--instance", "/no/instance"])
        #expect(refused.status == 2 && refused.errors.contains("\(path): line 2: lag.visitDetectors is many"), "\(refused.errors)")
        #expect(try Program.run(["release", "check", "DR1", "--excuse", "/no/file"]).status == 2)
        #expect(try Program.run(["release", "check"]).status == 2)
    }

    @Test("a release that lacks its visits fails with exit code 1, its report is stored and printed again, and a plan shows that it runs")
    func check() throws {
        let sky = try LoadedInstance(count: 3)
        #expect(try sky.run("release", "check", "DR1").status == 2, "there is no such release")
        let begun = try sky.run("release", "begin", "DR1", "--cutoff", "61100")
        try #require(begun.status == 0, "\(begun.errors)")
        let page = sky.folder + "/check.html"
        let checked = try sky.run("release", "check", "DR1", "--html", page, "--format", "json")
        #expect(checked.status == 1, "\(checked.errors)")
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(checked.output.utf8)) as? [String: Any])
        let name = try #require(answer["report"] as? String)
        let json = try #require(answer["json"] as? [String: Any])
        let verdicts = try #require(json["verdicts"] as? [[String: Any]])
        let fails = verdicts.filter { $0["outcome"] as? String == "fails" }.compactMap { $0["check"] as? String }
        #expect(fails.first == "completeness.missingVisitDetectors" && fails.contains("unmatched.oldFraction"))
        let text = try String(contentsOfFile: page, encoding: .utf8)
        #expect(text.contains("SkyLedger: check of release DR1") && text.contains("Bokeh"))
        // The same report again, by the beginning of its name; nothing is checked.
        let again = try sky.run("release", "check", "DR1", "--report", String(name.prefix(10)))
        #expect(again.status == 0 && again.output.contains("report \(name) of release DR1"), "\(again.errors)")
        #expect(try sky.run("release", "check", "DR1", "--report", "nothing").status == 2)

        let example = try Program.run(["release", "plan", "--example"])
        let plan = try file(example.output, ".yaml")
        defer { try? FileManager.default.removeItem(atPath: plan) }
        let standing = try sky.run("release", "plan", plan, "--today", "2027-06-01", "--format", "json")
        #expect(standing.status == 0, "\(standing.errors)")
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(standing.output.utf8)) as? [[String: Any]])
        func state(_ step: String) -> String? {
            rows.first { $0["release"] as? String == "DR1" && $0["step"] as? String == step }?["state"] as? String
        }
        #expect(state("inputCutoff") == "done" && state("level1Reprocessing") == "running" && state("checks") == "failed")
        #expect(standing.errors.contains("DR1 goes on, but nobody said that templateGeneration, movingObjectProcessing is done"))
    }
}
