import Foundation
import Testing

@Suite("Retention commands", .serialized) struct RetentionTests {
    /// An instance with visits of 20 months, loaded by their own clock.
    private final class Months {
        let folder = Program.temporary()
        var directory: String { folder + "/sky" }

        init(visits: Int = 40) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try #require(Program.run(["init", directory]).status == 0)
            let simulate = [
                "simulate", folder + "/visits", "--visits", "\(visits)", "--sources", "24", "--fields", "1x1", "--detectors", "1x1",
                "--revisit", "15.2", "--start", "60000",
            ]
            try #require(Program.run(simulate).status == 0)
            try #require(Program.run(["load", folder + "/visits", "--visit-clock", "--instance", directory]).status == 0)
        }

        deinit {
            _ = try? Program.run(["stop", "--instance", directory])
            try? FileManager.default.removeItem(atPath: folder)
        }

        func run(_ arguments: String...) throws -> Program.Outcome { try Program.run(arguments + ["--instance", directory]) }

        func file(_ text: String, named name: String = "policy.yaml") throws -> String {
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            return "\(folder)/\(name)"
        }

        static let all = ["retention", "apply", "--now", "60610", "--unverified", "DiaSource", "DiaForcedSource", "DiaObject"]

        /// Everything that retention changes.
        func state() throws -> String {
            let query = """
                SELECT (SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM "DiaSource" AS t),
                       (SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM "DiaObject" AS t),
                       (SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM "DiaObjectLast" AS t),
                       (SELECT string_agg(line, ',' ORDER BY line) FROM
                        (SELECT "tableName" || coalesce("partition", '') || ' ' || sum("nRows") AS line FROM "RetentionRecord"
                         WHERE "state" = 'done' GROUP BY "tableName", "partition") AS r)
                """
            return try run("sql", query, "--format", "csv").output
        }
    }

    @Test("every wrong policy is refused with one sentence that names file and line, and nothing is set")
    func policies() throws {
        let sky = try LoadedInstance(count: 1)
        let cases = [
            ("DiaSuorce:\n  months: 12\n", "line 1: there is no setting DiaSuorce: known here are DiaForcedSource, DiaObject"),
            ("DiaSource:\n  month: 12\n", "line 2: there is no setting DiaSource.month: known here are months"),
            ("VisitDetector:\n  months: 12\n", "line 1: there is no setting VisitDetector"),
            ("DiaSource:\n  months: -3\n", "line 2: the setting DiaSource.months is -3"),
            ("DiaSource:\n  months: 0\n", "line 2: the setting DiaSource.months is 0"),
            ("DiaSource:\n  months: twelve\n", "line 2: the setting DiaSource.months has a value of the wrong kind"),
            ("DiaSource:\n  months: 12.5\n", "line 2: the setting DiaSource.months has a value of the wrong kind"),
            ("DiaSource:\n  months:\n", "line 2: the setting DiaSource.months has no value"),
            ("DiaSource: 12\n", "line 1: DiaSource must hold settings"),
            ("- DiaSource\n", "line 1: the document must hold settings"),
            ("DiaSource:\n  months: 24\n", "the setting DiaObject.months is 12: it must be at least 24"),
            ("DiaObjectLast:\n  singleDetectionDays: -1\n", "line 2: the setting DiaObjectLast.singleDetectionDays is -1"),
            ("DiaObjectLast:\n  singleDetectionDays: 0\n", "line 2: the setting DiaObjectLast.singleDetectionDays is 0"),
            ("DiaObjectLast:\n  singleDetectionDays: .nan\n", "line 2: the setting DiaObjectLast.singleDetectionDays is nan"),
            ("replica:\n  daysAfterVerification: -30\n", "line 2: the setting replica.daysAfterVerification is -30"),
            ("images:\n  rawDays: -60\n", "line 2: the setting images.rawDays is -60"),
            ("images:\n  rawDays: .inf\n", "line 2: the setting images.rawDays is inf"),
            ("images:\n  rowDays: 60\n", "line 2: there is no setting images.rowDays"),
            ("alerts:\n  months: 12\n", "line 1: alerts: issued alerts are kept for ever"),
            ("DiaSource:\n  months: 12\nledger:\n  Alert: 1\n", "line 3: ledger: issued alerts are kept for ever"),
            ("images:\n  alertDays: 3\n", "line 2: images.alertDays: issued alerts are kept for ever"),
            ("Alert: 12\n", "line 1: Alert: issued alerts are kept for ever"),
            ("DiaSource: {\n", "policy.yaml"),
            (
                "DiaSource:\n  months: 6\n",
                "keeps 6 months by DiaSource.months, and summaries.readSourcesMonths of the configuration reads 12"
            ),
        ]
        let path = "\(sky.folder)/policy.yaml"
        for (text, words) in cases {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            for command in [
                ["policy", "check", path], ["policy", "set", path], ["plan", "--policy", path], ["apply", "--policy", path],
            ] {
                let outcome = try Program.run(["retention"] + command + ["--instance", sky.directory])
                #expect(outcome.status == 2 && outcome.output.isEmpty, "\(text) \(outcome.output)")
                #expect(outcome.errors.contains(words) && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
            }
        }
        #expect(try sky.run("retention", "policy", "show").output.hasPrefix("# retention policy 0;"))
        #expect(try sky.run("retention", "report", "--format", "csv").output.split(separator: "\n").count == 1)
        #expect(try sky.run("retention", "policy", "check", sky.folder + "/none.yaml").status == 2)
        #expect(try sky.run("retention", "apply", "--unverified", "Alert").status == 2)
    }

    @Test("what is shown can be set again and changes nothing; what is set is shown and kept in the history")
    func history() throws {
        let sky = try LoadedInstance(count: 1)
        let path = "\(sky.folder)/policy.yaml"
        let shown = try sky.run("retention", "policy", "show").output
        try shown.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try sky.run("retention", "policy", "check", path).output == "nothing would change\n")
        try "DiaObject:\n  months: 18\nimages:\n  rawDays: 90\n".write(toFile: path, atomically: true, encoding: .utf8)
        let changes = "DiaObject.months: 12 -> 18\nimages.rawDays: 60.0 -> 90.0\n"
        #expect(try sky.run("retention", "policy", "check", path).output == changes)
        #expect(try sky.run("retention", "policy", "set", path, "--cause", "disks").output == "policy 1\n" + changes)
        #expect(try sky.run("retention", "policy", "show").output.contains("months: 18"))
        #expect(try sky.run("retention", "policy", "show", "--number", "0").output.contains("rawDays: 60.0"))
        #expect(try sky.run("retention", "policy", "history", "--format", "csv").output.contains("disks"))
        #expect(try sky.run("retention", "policy", "show", "--number", "4").status == 2)
    }

    @Test("killed at random moments and repeated, a run ends as the undisturbed one")
    func killed() throws {
        let (calm, hunted) = (try Months(), try Months())
        #expect(try calm.run("retention", "apply", "--now", "60610").status == 1)
        let first = Date()
        #expect(try Program.run(Months.all + ["--instance", calm.directory]).status == 0)
        let seconds = Date().timeIntervalSince(first)
        var kills = 0
        for round in 0..<12 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Program.path)
            process.arguments = Months.all + ["--instance", hunted.directory]
            process.environment = ProcessInfo.processInfo.environment.merging(["SKYLEDGER_PROFILE": "test"]) { $1 }
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            Thread.sleep(forTimeInterval: seconds * (0.25 + 0.05 * Double(round)) * Double.random(in: 0.6...1))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal { kills += 1 }
        }
        #expect(kills > 3)
        // A server process that the killed program has left may still be at work for a moment.
        var last = try Program.run(Months.all + ["--instance", hunted.directory])
        for _ in 0..<50 where last.status != 0 {
            Thread.sleep(forTimeInterval: 0.2)
            last = try Program.run(Months.all + ["--instance", hunted.directory])
        }
        #expect(last.status == 0, "\(last.errors)")
        #expect(try hunted.state() == calm.state())
        #expect(try hunted.run("doctor").status == 0)
    }

    @Test("a plan is saved, shown as rows and as JSON, and applied; the report tells it")
    func plan() throws {
        let months = try Months()
        let plan = months.folder + "/plan.json"
        let shown = try months.run("retention", "plan", "--now", "60610", "--output", plan)
        #expect(shown.status == 0 && shown.output.contains("DiaSource_2000") && shown.output.contains("not verified in the PPDB"))
        #expect(try months.run("retention", "plan", "--now", "60610", "--format", "json").output.contains("\"hash\""))
        let refused = try months.run("retention", "apply", "--plan", plan)
        #expect(refused.status == 1 && refused.errors.contains("were not done"))
        #expect(try months.run("retention", "apply", "--plan", plan, "--now", "60610").status == 2)
        #expect(try months.run("retention", "apply", "--plan", months.directory + "/instance.json").status == 2)
        let applied = try Program.run(
            [
                "retention", "apply", "--plan", plan, "--unverified", "DiaSource", "DiaForcedSource", "DiaObject", "--instance",
                months.directory,
            ])
        #expect(applied.status == 0, "\(applied.errors)")
        let report = try months.run("retention", "report", "--format", "csv").output
        #expect(report.contains("DiaSource_2000") && report.contains("unverified, by the word of"))
        #expect(try months.run("doctor").status == 0)
    }

    @Test("images are added, listed, checked and expired by the program")
    func images() throws {
        let sky = try LoadedInstance(count: 1)
        let path = "\(sky.folder)/raw.fits"
        try Data(count: 2880).write(to: URL(fileURLWithPath: path))
        let added = try sky.run("images", "add", path, "--visit", "100000", "--detector", "3", "--kind", "raw", "--days", "5")
        #expect(added.status == 0 && added.output.hasPrefix("image 1: "))
        #expect(try sky.run("images", "check", "--deep").status == 0)
        let file = try FileManager.default.contentsOfDirectory(atPath: sky.directory + "/images/raw/100000")
        try Data(count: 2881).write(to: URL(fileURLWithPath: "\(sky.directory)/images/raw/100000/\(file[0])"))
        let check = try sky.run("images", "check")
        #expect(check.status == 1 && check.output.hasPrefix("grew "))
        #expect(try sky.run("images", "list", "--format", "csv").output.split(separator: "\n").count == 2)
        #expect(try sky.run("images", "expire").output == "0 images deleted, 0 bytes\n")
        #expect(try sky.run("images", "expire", "--now", "70000").output == "1 images deleted, 2880 bytes\n")
        #expect(try sky.run("images", "check").status == 0)
        #expect(try sky.run("images", "add", path, "--visit", "1", "--detector", "3", "--kind", "coadd").status == 2)
        #expect(try sky.run("images", "add", path, "--visit", "1", "--detector", "3", "--kind", "raw", "--days", "-1").status == 2)
    }
}
