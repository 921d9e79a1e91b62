import Columns
import Foundation
import Testing

@Suite("Query commands", .serialized) struct QueryCommandTests {
    /// Lines of a CSV answer after the header.
    private func lines(_ outcome: Program.Outcome) -> [String] { outcome.output.split(separator: "\n").dropFirst().map(String.init) }

    @Test("identifiers, visits, changed objects and the past are answered as SQL answers them")
    func answers() throws {
        let sky = try LoadedInstance()
        func sql(_ statement: String) throws -> [String] { lines(try sky.run("sql", statement, "--format", "csv")) }
        let ids = try sql("SELECT \"diaObjectId\" FROM \"DiaObjectLast\" ORDER BY 1 LIMIT 3")
        let found = try sky.run("query", "ids", ids[0], ids[1], "7", "--columns", "diaObjectId", "--format", "csv")
        #expect(found.status == 0 && lines(found) == Array(ids.prefix(2)))
        #expect(found.errors.contains("1 of 3 identifiers"))
        let file = sky.folder + "/ids.csv"
        try ("diaSourceId\n" + sql("SELECT \"diaSourceId\" FROM \"DiaSource\" ORDER BY 1 LIMIT 4").joined(separator: "\n") + "\n")
            .write(toFile: file, atomically: true, encoding: .utf8)
        #expect(lines(try sky.run("query", "ids", "--sources", "--file", file, "--columns", "ra", "--format", "csv")).count == 4)

        let visit = try sky.run("query", "visit", "--visit", "100001", "--detector", "2", "--format", "csv")
        #expect(visit.status == 0 && lines(visit).count == 1 && lines(visit)[0].hasPrefix("100001,2,"))
        #expect(lines(try sky.run("query", "visit", "--visit", "999", "--format", "csv")) == [])

        let all = try sql("SELECT \"diaObjectId\" FROM \"DiaObjectLast\" ORDER BY 1")
        let since = try sky.run("query", "since", "50000", "--created", "--columns", "diaObjectId", "--format", "csv")
        #expect(lines(since) == all.map { $0 + ",created" })

        let whole = ["query", "region", "--circle", "150 -30 180", "--columns", "diaObjectId", "--format", "csv"]
        #expect(lines(try Program.run(whole + ["--instance", sky.directory])) == all)
        #expect(lines(try Program.run(whole + ["--as-of", "50000", "--instance", sky.directory])) == [])
    }

    @Test("withdrawn sources are left out, unless they are asked for, and nights count those without object")
    func withdrawn() throws {
        let sky = try LoadedInstance()
        let id = lines(
            try sky.run("sql", "SELECT \"diaSourceId\" FROM \"DiaSource\" ORDER BY 1 LIMIT 1", "--format", "csv"))[0]
        try #require(sky.run("update", "withdraw", id, "--cause", "test").status == 0)
        let query = ["query", "ids", id, "--sources", "--columns", "diaSourceId", "--format", "csv", "--instance", sky.directory]
        #expect(lines(try Program.run(query)) == [])
        #expect(lines(try Program.run(query + ["--include-withdrawn"])) == [id])
        let condition = "\"diaObjectId\" IS NULL AND \"ssObjectId\" IS NULL AND \"timeWithdrawnMjdTai\" IS NULL"
        let expected = lines(
            try sky.run(
                "sql", "SELECT floor(\"midpointMjdTai\")::int, count(*) FROM \"DiaSource\" WHERE \(condition) GROUP BY 1 ORDER BY 1",
                "--format", "csv"))
        let counts = lines(try sky.run("query", "counts", "--format", "csv"))
        #expect(counts.map { $0.split(separator: ",").prefix(2).joined(separator: ",") } == expected)
    }

    @Test("preload reads every announced pointing, from Parquet and from CSV, and says what it read")
    func preload() throws {
        let sky = try LoadedInstance()
        let announced = try sky.run("preload", "--visits", sky.visits + "/visits.parquet", "--format", "csv")
        #expect(announced.status == 0 && lines(announced).count == 12 && lines(announced).allSatisfy { $0.hasSuffix(",true") })
        let file = sky.folder + "/tonight.csv"
        try "visit,detector,ra,dec,radius\n5,1,150,-30,5\n6,0,10,60,0.1\n".write(toFile: file, atomically: true, encoding: .utf8)
        let objects = lines(try sky.run("sql", "SELECT count(*) FROM \"DiaObjectLast\"", "--format", "csv"))[0]
        let circles = lines(try sky.run("preload", "--visits", file, "--format", "csv"))
        #expect(circles.count == 2 && circles[0].hasPrefix("5,1,\(objects),") && circles[1].hasPrefix("6,0,0,0,0,"))
        try "visit,detector,ra,dec,radius\n5,1,150,-95,5\n".write(toFile: file, atomically: true, encoding: .utf8)
        let wrong = try sky.run("preload", "--visits", file)
        #expect(wrong.status == 2 && wrong.errors.contains("tonight.csv: row 1") && wrong.errors.split(separator: "\n").count == 1)
    }

    @Test("requests that contradict themselves are refused in one sentence with exit code 2")
    func refused() throws {
        let sky = try LoadedInstance(count: 1)
        for (arguments, words) in [
            (["query", "cone", "--ra", "1", "--dec", "1", "--radius-arcsec", "1", "--table", "DiaObjectLast", "--as-of", "61000"], "past"),
            (["query", "ids", "x"], "whole number"), (["query", "ids"], "name diaObjectId"),
            (["query", "unassociated", "--singles"], "night"), (["query", "unassociated", "--night", "61041", "--since", "1"], "not both"),
            (["query", "since", "61041", "--columns", "none"], "no column none"),
        ] {
            let outcome = try Program.run(arguments + ["--instance", sky.directory])
            #expect(outcome.status == 2 && outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1)
        }
    }
}
