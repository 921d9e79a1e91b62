import Catalog
import Columns
import Foundation
import Testing

@Suite("Which generation made a row, as commands say it", .serialized) struct ProvenanceCommandTests {
    @Test("rows of every query and file, objects, visits and the status say which generation made what they show")
    func shown() throws {
        let sky = try LoadedInstance()
        func run(_ arguments: String...) throws -> String {
            let outcome = try Program.run(arguments + ["--instance", sky.directory])
            #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
            return outcome.output
        }
        func header(_ text: String) -> [Substring] { text.prefix { $0 != "\n" }.split(separator: ",") }
        let owner = try Instance.open(sky.directory, profile: .test).connect(as: .owner)
        // As if detector 2 had been taken over from another generation.
        for table in ["VisitDetector", "DiaSource"] {
            try owner.execute("UPDATE l1_0001.\"\(table)\" SET \"generation\" = 7 WHERE \"detector\" = 2")
        }
        for table in ["DiaObject", "DiaObjectLast", "DiaSource", "DiaForcedSource"] {
            let rows = try run("query", "region", "--circle", "150 -30 5", "--table", table, "--format", "csv")
            #expect(header(rows).contains("generation"), "\(table)")
        }
        let sources = try run(
            "query", "region", "--circle", "150 -30 5", "--table", "DiaSource", "--columns", "detector,generation", "--format", "csv")
        #expect(
            Set(sources.split(separator: "\n").dropFirst()).allSatisfy { $0.hasSuffix(",7") == $0.hasPrefix("2,") }
                && sources.contains("2,7"))
        for suffix in ["parquet", "fits"] {
            let file = sky.folder + "/rows.\(suffix)"
            _ = try run("query", "region", "--circle", "150 -30 5", "--table", "DiaSource", "--format", suffix, "--output", file)
            let table = suffix == "fits" ? try FITSTable.read(file) : try ParquetReader(path: file).read()
            let column = try #require(table["generation"])
            #expect(Set(column.int32s ?? []) == [1, 7])
            #expect(column.comment?.hasPrefix("that made the row") == true, "\(suffix)")
        }
        let id = try run(
            "sql", "SELECT \"diaObjectId\" FROM \"DiaSource\" WHERE \"detector\" = 2 AND \"diaObjectId\" IS NOT NULL LIMIT 1", "--format",
            "csv"
        )
        .split(separator: "\n")[1]
        #expect(try run("object", String(id)).contains("generation"))
        #expect(header(try run("object", String(id), "--format", "csv")).contains("generation"))
        #expect(try run("schema", "show", "--table", "DiaSource").contains("that made the row"))
        let visit = try run("query", "visit", "--visit", "100001", "--format", "csv").split(separator: "\n")
        let place = try #require(visit[0].split(separator: ",").firstIndex(of: "generation"))
        for row in visit.dropFirst() {
            let cells = row.split(separator: ",", omittingEmptySubsequences: false)
            #expect(cells[1] == "2" ? row.contains(",7,") : cells[place - 1] != "7")
        }
        #expect(try run("status").contains("made by         generation 1: 9, generation 7: 3 visit-detectors"))
        let json = try JSONSerialization.jsonObject(with: Data(run("status", "--format", "json").utf8)) as? [String: Any]
        #expect(json?["madeBy"] as? [String: Int] == ["1": 9, "7": 3])
        _ = try run("release", "begin", "DR1", "--cutoff", "60000")
        #expect(header(try run("release", "status", "--format", "csv")).last == "visitDetectorsTakenOver")
    }
}
