import Foundation
import TestSupport
import Testing

/// `skyledger sizing`, run as a person would.
@Suite struct SizingTests {
    private static let script = PackageFolder.dependencies.appendingPathComponent("plots/bokeh.min.js").path

    private struct Report: Decodable {
        struct Table: Decodable {
            var table: String
            var rows, bytes: Int64
        }
        struct Beside: Decodable {
            var label: String
            var bytes: Int64
        }
        var bytes, bytesInAll: Int64
        var tables: [Table]
        var beside: [Beside]
    }

    private struct Projected: Decodable {
        struct Component: Decodable {
            struct Bytes: Decodable { var low, expected, high: Double }
            var component, place, origin, basis: String
            var rows: Double
            var bytes: Bytes
        }
        struct Moment: Decodable { var components: [Component] }
        struct Projection: Decodable { var moments: [Moment] }
        var projection: Projection
        var end: [Component] { projection.moments.last?.components ?? [] }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    @Test("a projection made from the first third of a load predicts the measured end within 10 percent, in all and by table")
    func predicts() throws {
        let sky = try LoadedInstance(count: 1)
        let (directory, first, whole) = (sky.folder + "/other", sky.folder + "/first", sky.folder + "/whole")
        defer { _ = try? Program.run(["stop", "--instance", directory]) }
        try #require(Program.run(["init", directory]).status == 0)
        for (path, visits) in [(first, "20"), (whole, "60")] {
            try #require(Program.run(["simulate", path, "--visits", visits, "--sources", "250"]).status == 0)
        }
        try #require(Program.run(["load", first, "--instance", directory]).status == 0)
        let told = try Program.run(["sizing", "project", "--to-visits", "60", "--format", "json", "--instance", directory])
        try #require(told.status == 0, "\(told.errors)")
        let projected = try Self.decode(Projected.self, told.output).end.filter { $0.place == "apdb" || $0.place == "ledger" }
        try #require(Program.run(["load", whole, "--instance", directory]).status == 0)
        let report = try Self.decode(Report.self, Program.run(["sizing", "report", "--format", "json", "--instance", directory]).output)

        let total = projected.reduce(0) { $0 + $1.bytes.expected }
        #expect(abs(total / Double(report.bytes) - 1) < 0.1, "in all: \(total) projected, \(report.bytes) measured")
        for table in ["DiaSource", "DiaObject", "DiaObjectLast", "Alert"] {
            let measured = try #require(report.tables.first { $0.table == table })
            let component = try #require(projected.first { $0.component == table })
            // Versions that ended leave room that the server takes back when its autovacuum comes, which is chance in a short load.
            let tolerance = table.hasPrefix("DiaObject") ? 0.25 : 0.1
            #expect(abs(component.bytes.expected / Double(measured.bytes) - 1) < tolerance, "\(component) \(measured)")
            #expect(abs(component.rows / Double(measured.rows) - 1) < 0.1, "\(component) \(measured)")
            #expect(
                component.bytes.low <= Double(measured.bytes) && Double(measured.bytes) <= component.bytes.high, "\(component) \(measured)")
        }
    }

    @Test("rows of the report are those that an independent count finds, and bytes those of PostgreSQL's own functions")
    func measures() throws {
        let sky = try LoadedInstance()
        let report = try Self.decode(Report.self, sky.run("sizing", "report", "--format", "json").output)
        let counted = try sky.counts().split(separator: "\n")[1].split(separator: ",").map { Int64($0) }
        let rows = ["DiaSource", "DiaObject", "DiaObjectLast", "VisitDetector"].map { name in report.tables.first { $0.table == name }?.rows
        }
        #expect(rows == counted)
        let sizes = try sky.run(
            "sql",
            """
            SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class AS c
            WHERE c.relkind = 'r' AND c.relnamespace IN ('l1_0001'::regnamespace, 'ledger'::regnamespace, 'skyledger'::regnamespace)
            """, "--format", "csv"
        ).output.split(separator: "\n")
        #expect(sizes.last.flatMap { Int64($0) } == report.bytes)
    }

    @Test("while a release is open the report and the projection say what its other generation takes, and the sum of both")
    func release() throws {
        let sky = try LoadedInstance(count: 6)
        let before = try Self.decode(Report.self, sky.run("sizing", "report", "--format", "json").output)
        #expect(before.beside.isEmpty && before.bytesInAll == before.bytes)
        for arguments in [["begin", "DR1", "--cutoff", "70000"], ["load", "DR1", sky.visits]] {
            try #require(sky.run(["release"] + arguments).status == 0)
        }
        let report = try Self.decode(Report.self, sky.run("sizing", "report", "--format", "json").output)
        let beside = try #require(report.beside.first)
        #expect(report.beside.count == 1 && beside.label == "generation l1_0002 of release DR1 (loading)")
        let sizes = try sky.run(
            "sql",
            """
            SELECT sum(pg_total_relation_size(c.oid))::bigint FROM pg_class AS c
            WHERE c.relkind = 'r' AND c.relnamespace = 'l1_0002'::regnamespace
            """, "--format", "csv"
        ).output.split(separator: "\n")
        #expect(sizes.last.flatMap { Int64($0) } == beside.bytes)
        #expect(report.bytesInAll == report.bytes + beside.bytes)
        let text = try sky.run("sizing", "report").output
        #expect(text.contains("beside them") && text.contains("\ngeneration l1_0002 of release DR1 (loading)\n"))

        let projected = try Self.decode(Projected.self, sky.run("sizing", "project", "--to-visits", "12", "--format", "json").output)
        let (now, end) = (projected.projection.moments[0].components, projected.end)
        #expect(now.first { $0.component == beside.label }?.bytes.expected == Double(beside.bytes))
        let later = try #require(end.first { $0.component == beside.label })
        let names = ["DiaSource", "DiaForcedSource", "SSSource", "DiaObject", "DiaObjectLast", "VisitDetector", "UpdateRecord"]
        let own = end.filter { names.contains($0.component) }.reduce(0) { $0 + $1.bytes.expected }
        // The same files: about as much as the current one, and gone at the least.
        #expect(abs(later.bytes.expected / own - 1) < 0.25 && later.bytes.low == 0 && later.place == "apdb")
        #expect(end.contains { $0.component == "PPDB, l1_0002" && $0.bytes.expected > 0 })

        try #require(sky.run("release", "abandon", "DR1").status == 0)
        #expect(try Self.decode(Report.self, sky.run("sizing", "report", "--format", "json").output).beside.isEmpty)
    }

    @Test(
        "a page holds the numbers of the JSON and the script that draws them, and no address that a browser would fetch",
        .enabled(if: FileManager.default.fileExists(atPath: script) && PackageFolder.hasPython, "tools/bootstrap has not installed bokeh"))
    func page() throws {
        let sky = try LoadedInstance()
        for command in [["report"], ["project", "--model", "lsst", "--years", "3", "--compare-retention-months", "24"]] {
            let (page, json) = (sky.folder + "/page.html", sky.folder + "/page.json")
            for (format, path) in [("html", page), ("json", json)] {
                let outcome = try Program.run(["sizing"] + command + ["--format", format, "--output", path, "--instance", sky.directory])
                #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
            }
            let said = try GoldenScript.run("sizing_page.py", [page, json, Self.script])
            #expect(said == "the page is whole\n")
        }
    }

    @Test("without the plotting library a page is refused with one sentence that says what to do")
    func noLibrary() throws {
        let outcome = try Program.run(
            ["sizing", "project", "--model", "lsst", "--years", "1", "--format", "html"], environment: ["SKYLEDGER_PLOTS": "/nowhere"])
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("tools/bootstrap") && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }

    @Test("a model without an instance is projected from typical values, and each number says so")
    func typical() throws {
        for model in ["lsst", "small-telescope"] {
            let outcome = try Program.run(["sizing", "project", "--model", model, "--years", "2", "--format", "json"])
            let end = try Self.decode(Projected.self, outcome.output).end
            #expect(!end.isEmpty && end.allSatisfy { $0.origin == "projectedFromTypical" || $0.origin == "projectedFromModel" })
            #expect(end.allSatisfy { !$0.basis.isEmpty && $0.bytes.low <= $0.bytes.expected && $0.bytes.expected <= $0.bytes.high })
        }
    }

    @Test("requests and models that say what cannot be end with exit code 2 and one sentence that names the line")
    func refused() throws {
        let sky = try LoadedInstance(count: 1)
        let path = sky.folder + "/model.yaml"
        let good = try Program.run(["sizing", "project", "--model", "lsst", "--show-model"]).output
        func model(_ from: String, _ to: String) throws -> [String] {
            try good.replacing(from, with: to).write(toFile: path, atomically: true, encoding: .utf8)
            return ["--model", path, "--years", "1"]
        }
        let cases: [(() throws -> [String], String)] = [
            ({ try model("skyDegrees2:", "skyDegres2:") }, "line 13: there is no setting skyDegres2"),
            ({ try model("skyDegrees2: 18000", "skyDegrees2: -1") }, "line 13: the setting skyDegrees2 is -1"),
            ({ try model("skyDegrees2: 18000", "skyDegrees2: wide") }, "line 13: the setting skyDegrees2 must be a number"),
            (
                { try model("skyDegrees2: 18000", "skyDegrees2: [3, 2, 1]") },
                "line 13: the setting skyDegrees2 has bounds in the wrong order"
            ),
            ({ try model("skyDegrees2: 18000\n", "") }, "the setting skyDegrees2 is missing"), ({ try model(good, "[1]") }, "line 1"),
            ({ try model(good, "a: {") }, "model.yaml"), ({ ["--model", "lssst", "--years", "1"] }, "lssst"),
            ({ ["--model", "lsst", "--years", "0"] }, "--years is 0"), ({ ["--model", "lsst"] }, "--years"),
            ({ ["--model", "lsst", "--to-visits", "5"] }, "--to-visits goes with"),
            ({ ["--model", "lsst", "--years", "1", "--retention-months", "0"] }, "--retention-months"),
            ({ ["--to-visits", "9"] }, "the instance has 1 visits"),
        ]
        for (arguments, words) in cases {
            let outcome = try Program.run(["sizing", "project"] + arguments() + ["--instance", sky.directory])
            #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errors.contains(words), "\(words): \(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        }
    }

    @Test("a retention policy in a file changes a projection as its months do, and one with a fault is refused with the line named")
    func policy() throws {
        let folder = Program.temporary()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/policy.yaml"
        let longer = "DiaSource:\n  months: 24\nDiaObject:\n  months: 24\nDiaObjectLast:\n  singleDetectionDays: 720\n"
        try longer.write(toFile: path, atomically: true, encoding: .utf8)
        func projection(_ more: String...) throws -> Program.Outcome {
            try Program.run(["sizing", "project", "--model", "lsst", "--years", "4", "--format", "json"] + more)
        }
        let (byMonths, byPolicy) = (try projection("--compare-retention-months", "24"), try projection("--compare-policy", path))
        // The model keeps images as long as the policy's defaults.
        #expect(byPolicy.status == 0 && byPolicy.output == byMonths.output)
        #expect(try byPolicy.output != projection().output)

        try "DiaSource:\n  month: 24\n".write(toFile: path, atomically: true, encoding: .utf8)
        let refused = try projection("--compare-policy", path)
        #expect(refused.status == 2 && refused.errors.contains("line 2: there is no setting DiaSource.month"))
        #expect(try projection("--compare-policy", path + "x").status == 2)
        #expect(try projection("--compare-policy", path, "--compare-retention-months", "3").status == 2)
    }
}
