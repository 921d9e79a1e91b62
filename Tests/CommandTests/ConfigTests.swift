import Foundation
import Testing

@Suite("Configuration commands", .serialized) struct ConfigTests {
    private func file(_ text: String, named name: String = "rules", in sky: LoadedInstance) throws -> String {
        let path = "\(sky.folder)/\(name).yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("what is shown can be set again and changes nothing; what is set is shown, checked against and listed")
    func roundTrip() throws {
        let sky = try LoadedInstance()
        let shown = try sky.run("config", "show")
        #expect(shown.status == 0 && shown.output.contains("radiusArcsec: 1.0") && shown.output.contains("rule: qualified"))
        let same = try file(shown.output, named: "shown", in: sky)
        #expect(try sky.run("config", "check", same).output == "nothing would change\n")
        #expect(try sky.run("config", "set", same).output == "configuration 0 stays: nothing differs\n")
        let other = try file("founding:\n  minimumSnr: 6\nforced:\n  rule: seenRecently\n", in: sky)
        let changes = "founding.minimumSnr: 0.0 -> 6.0\nforced.rule: qualified -> seenRecently\n"
        #expect(try sky.run("config", "check", other).output == changes)
        #expect(try sky.run("config", "show").output == shown.output)
        #expect(try sky.run("config", "set", other, "--cause", "fainter").output == "configuration 1\n" + changes)
        #expect(try sky.run("config", "check", other).output == "nothing would change\n")
        #expect(try sky.run("config", "show").output.contains("minimumSnr: 6.0"))
        #expect(try sky.run("config", "set", same).output.hasPrefix("configuration 2\n"))
        let history = try sky.run("config", "history", "--format", "csv").output.split(separator: "\n")
        #expect(history.count == 3 && history[0] == "number,changedAt,cause,changes")
        #expect(history[1].hasPrefix("1,") && history[1].contains("fainter") && history[1].contains("founding.minimumSnr: 0.0 -> 6.0"))
        #expect(try sky.run("config", "show", "--number", "1").output.contains("rule: seenRecently"))
    }

    @Test("a configuration that says what cannot be is refused with one sentence that names file, line and setting, and nothing is set")
    func refused() throws {
        let sky = try LoadedInstance(count: 1)
        let cases = [
            ("association:\n  matsch:\n    radiusArcsec: 1\n", "line 2: there is no setting association.matsch"),
            ("association:\n  match:\n    radiusArcsec: -3\n", "line 3: the setting association.match.radiusArcsec is -3.0"),
            ("asociation: {}\n", "line 1: there is no setting asociation"),
            ("founding:\n  minimumSnr: five\n", "line 2: the setting founding.minimumSnr"),
            ("founding:\n  minimumSnr:\n", "line 2: the setting founding.minimumSnr has no value"),
            ("founding:\n  maximumNewObjects: -1\n", "line 2: the setting founding.maximumNewObjects is -1"),
            ("founding:\n  maximumNewObjects: 1.5\n", "line 2: the setting founding.maximumNewObjects"),
            ("founding: [1]\n", "line 1: founding must hold settings"), ("forced:\n  rule: qualifed\n", "line 2: the setting forced.rule"),
            ("summaries:\n  readSourcesMonths: 0\n", "line 2: the setting summaries.readSourcesMonths is 0"),
            ("forced:\n  precoveryDays: .nan\n", "line 2: the setting forced.precoveryDays"),
            ("forced:\n  minimumSources: 1\n  minimumSources: 2\n", "minimumSources"), ("forced: {\n", "rules.yaml"),
        ]
        for (text, words) in cases {
            let path = try file(text, in: sky)
            for command in ["check", "set"] {
                let outcome = try sky.run("config", command, path)
                #expect(outcome.status == 2)
                #expect(outcome.errors.contains("rules.yaml") && outcome.errors.contains(words), "\(outcome.errors)")
                #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.output.isEmpty, "\(outcome.errors)")
            }
        }
        #expect(try sky.run("config", "check", sky.folder + "/none.yaml").status == 2)
        #expect(try sky.run("config", "show", "--number", "7").status == 2)
        #expect(try sky.run("config", "show").output.hasPrefix("# configuration 0\n"))
    }

    @Test("visits keep the number of the configuration that they were loaded under")
    func numbers() throws {
        let sky = try LoadedInstance()
        _ = try sky.run("config", "set", try file("founding:\n  minimumReliability: 0.2\n", in: sky))
        let more = try sky.variant { _ in }
        defer { try? FileManager.default.removeItem(atPath: more) }
        #expect(try sky.run("load", more).status == 0)
        let numbers = try sky.run(
            "sql", "SELECT DISTINCT \"visit\" = 200000 AS late, \"configuration\" FROM \"VisitDetector\" ORDER BY 1", "--format", "csv")
        #expect(numbers.output == "late,configuration\nfalse,0\ntrue,1\n")
    }
}
