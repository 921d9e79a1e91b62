import Columns
import Foundation
import Testing

@Suite("Bad input", .serialized) struct BadInputTests {
    /// Asserts that loading a path fails with one sentence that says these things, and stores nothing.
    private func refuse(_ sky: LoadedInstance, _ path: String, saying words: String..., status: Int32 = 2) throws {
        let before = try sky.counts()
        let outcome = try sky.run("load", path)
        #expect(outcome.status == status, "\(path): \(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        for word in words { #expect(outcome.errors.contains(word), "\(word) is not in: \(outcome.errors)") }
        #expect(try sky.counts() == before)
    }

    @Test("files that are damaged, no tables, missing or empty are refused by name, and nothing of them is stored")
    func files() throws {
        let sky = try LoadedInstance()
        let whole = try Data(contentsOf: URL(fileURLWithPath: sky.visits + "/visit_100000.parquet"))
        let truncated = sky.folder + "/truncated.parquet"
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: truncated))
        try refuse(sky, truncated, saying: "truncated.parquet")
        let image = sky.folder + "/image.fits"
        let header = ["SIMPLE  =                    T", "BITPIX  =                    8", "NAXIS   =                    0", "END"]
        let cards = header.map { $0.padding(toLength: 80, withPad: " ", startingAt: 0) }.joined()
        try cards.padding(toLength: 2880, withPad: " ", startingAt: 0).write(toFile: image, atomically: true, encoding: .ascii)
        try refuse(sky, image, saying: "image.fits", "table")
        let text = sky.folder + "/text.fits"
        try "hello".write(toFile: text, atomically: true, encoding: .utf8)
        try refuse(sky, text, saying: "text.fits")
        let empty = sky.folder + "/empty.parquet"
        try Data().write(to: URL(fileURLWithPath: empty))
        try refuse(sky, empty, saying: "empty.parquet")
        try refuse(sky, sky.folder + "/nothing", saying: "nothing")
        let folder = sky.folder + "/folder"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try refuse(sky, folder, saying: "visits.parquet")
    }

    @Test(
        "rows with wrong values are refused with file, row and column",
        arguments: [
            "ra is NaN", "ra is 400", "dec is 91", "an id twice", "an unknown band", "text in a float column", "no such time",
        ])
    func values(_ name: String) throws {
        let sky = try LoadedInstance()
        let file = try sky.variant { columns in
            switch name {
            case "ra is NaN": columns.edit("ra") { $0[4] = .nan }
            case "ra is 400": columns.edit("ra") { $0[4] = 400 }
            case "dec is 91": columns.edit("dec") { $0[4] = 91 }
            case "an id twice": columns.editIds { $0[4] = $0[3] }
            case "an unknown band":
                let n = columns[0].count
                columns.replace("band", .string(.init((0..<n).map { $0 == 4 ? "Q" : "g" })))
            case "text in a float column":
                let n = columns[0].count
                columns.replace("psfFlux", .string(.init((0..<n).map { _ in "bright" })))
            default: columns.edit("midpointMjdTai") { $0[4] = 0 }
            }
        }
        defer { try? FileManager.default.removeItem(atPath: file) }
        try refuse(sky, file, saying: file, name.hasPrefix("text") ? "row 1" : (name == "an id twice" ? "rows 4 and 5" : "row 5"))
    }

    @Test(
        "a column that the schema demands and the file lacks is named",
        arguments: ["ra", "dec", "diaSourceId", "midpointMjdTai", "visit", "detector"])
    func columns(_ column: String) throws {
        let sky = try LoadedInstance()
        let file = try sky.variant { $0.rename(column, to: column + "_of_mine") }
        defer { try? FileManager.default.removeItem(atPath: file) }
        try refuse(sky, file, saying: file, column)
    }

    @Test("identifiers and visit-detectors that are stored already with other content are refused with both names")
    func stored() throws {
        let sky = try LoadedInstance()
        let twice = try sky.variant { $0.editIds { $0[4] = 100_000_000_003 } }
        try refuse(sky, twice, saying: "100000000003", "visit 100000", status: 1)
        let rows = try ParquetReader(path: sky.visits + "/visit_100000.parquet").read()
        let other = sky.folder + "/other.parquet"
        try ParquetWriter.write(rows.gather(Array(0..<5)), to: other)
        try refuse(sky, other, saying: "other.parquet", "visit_100000.parquet", status: 1)
    }

    @Test("visit directories that contradict themselves are refused: regions, visits and detectors that are not listed, missing files")
    func directories() throws {
        let sky = try LoadedInstance()
        let listed = try ParquetReader(path: sky.visits + "/visits.parquet").read()
        func directory(_ name: String, _ change: (Table) -> Table) throws -> String {
            let path = "\(sky.folder)/\(name)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let file = try sky.variant { _ in }
            try FileManager.default.moveItem(atPath: file, toPath: path + "/visit_200000.parquet")
            let detectors = listed["visit"]!.int64s!.indices.filter { listed["visit"]!.int64s![$0] == 100_000 }
            var rows = listed.gather(detectors)
            rows.set(Column("visit", .int64(.init(repeating: 200_000, count: rows.rowCount))))
            try ParquetWriter.write(change(rows), to: path + "/visits.parquet")
            return path
        }
        let far = try directory("far") { rows in
            var out = rows
            let moved = (0..<rows.rowCount).map { _ in "10 10, 11 10, 11 11, 10 11" }
            out.set(Column("region", .string(.init(moved))))
            return out
        }
        try refuse(sky, far, saying: "visit_200000.parquet", "region", "detector")
        let bad = try directory("bad") { rows in
            var out = rows
            out.set(Column("region", .string(.init((0..<rows.rowCount).map { _ in "1 2, 3" }))))
            return out
        }
        try refuse(sky, bad, saying: "visits.parquet", "row 1", "region")
        let unlisted = try directory("unlisted") { $0.gather([0]) }
        try refuse(sky, unlisted, saying: "visit_200000.parquet", "does not list")
        let missing = try directory("missing") { $0 }
        try FileManager.default.removeItem(atPath: missing + "/visit_200000.parquet")
        try refuse(sky, missing, saying: "visit_200000.parquet is missing")
    }

    @Test("requests that cannot be met end with 2, one sentence, and nothing done")
    func requests() throws {
        let sky = try LoadedInstance()
        let before = try sky.counts()
        let requests: [([String], String)] = [
            (["load", sky.visits, "--radius-arcsec", "0"], "radius"), (["load", sky.visits, "--radius-arcsec", "-1"], "radius"),
            (["load", sky.visits, "--map", "no-such-map"], "no-such-map"),
            (["query", "cone", "--ra", "1", "--dec", "-91", "--radius-arcsec", "1"], "-91"),
            (["query", "cone", "--ra", "1", "--dec", "1", "--radius-arcsec", "1", "--columns", "foo"], "foo"),
            (["query", "cone", "--ra", "1", "--dec", "1", "--radius-arcsec", "1", "--table", "foo"], "foo"),
            (["query", "region", "--polygon", "1 2, 3"], "vertex 2"), (["query", "region", "--circle", "1 2 x"], "circle"),
            (["query", "region", "--box", "1 5 2 3"], "declination"), (["query", "region"], "polygon"), (["object", "5"], "5"),
            (["sql", "SELECT nonsense"], "nonsense"), (["sql", "SELECT 1; SELECT 2"], "multiple"),
            (["sql", "DELETE FROM \"DiaObjectLast\""], "read-only"),
            (["sql", "CREATE TABLE x (a int)"], "read-only"), (["sql", "SELECT set_config('role', 'skyledger_owner', false)"], "role"),
        ]
        for (request, word) in requests {
            let outcome = try Program.run(request + ["--instance", sky.directory])
            #expect(outcome.status == 2, "\(request): \(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.errors.contains(word), "\(request): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        #expect(try sky.counts() == before)
        let summaries = ["close", "withdraw"].map {
            ["update", $0, "1", "--cause", "none", "--format", "csv", "--instance", sky.directory]
        }
        for request in [["frobnicate"], ["status", "--format", "xml"], ["query", "cone"], ["load"]] + summaries {
            #expect(try Program.run(request).status == 2)
        }
        #expect(try Program.run(["status", "--instance", sky.folder + "/none"]).status == 2)
        #expect(try Program.run(["init", sky.directory]).status == 2)
        for arguments in [["--schema", "/etc/hostname"], ["--pixelization", "foo"], ["--schema", "/nowhere"]] {
            #expect(try Program.run(["init", sky.folder + "/new"] + arguments).status == 2)
            #expect(!FileManager.default.fileExists(atPath: sky.folder + "/new"))
        }
    }
}
