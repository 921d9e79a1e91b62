import Catalog
import Columns
import Foundation
import Testing

@Suite("What a release made of alerts, sources and objects, asked by commands", .serialized) struct ReleaseTraceTests {
    private static let shift: Int64 = 1_000_000_000_000_000

    /// The survey's visits as another pipeline gives them: other numbers, 0.05 arcseconds to the north.
    private func reprocessed(_ sky: LoadedInstance) throws -> String {
        let folder = sky.folder + "/again"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for file in try FileManager.default.contentsOfDirectory(atPath: sky.visits) where file.hasSuffix(".parquet") {
            var columns = try ParquetReader(path: "\(sky.visits)/\(file)").read().columns
            if file.hasPrefix("visit_") {
                columns.editIds { for row in $0.indices { $0[row] += Self.shift } }
                columns.edit("dec") { for row in $0.indices { $0[row] += 0.05 / 3600 } }
            }
            try ParquetWriter.write(Table(columns), to: "\(folder)/\(file)")
        }
        return folder
    }

    /// The release's generation in the place of the former one, as a publication leaves them.
    private func swap(_ sky: LoadedInstance) throws {
        let owner = try Instance.open(sky.directory, profile: .test).connect(as: .owner)
        try owner.transaction {
            try owner.execute(
                """
                UPDATE skyledger."Generation" SET "state" = 'former' WHERE "generationId" = 1;
                UPDATE skyledger."Generation" SET "state" = 'current' WHERE "generationId" = 2;
                UPDATE skyledger."Release" SET "state" = 'published';
                ALTER SCHEMA apdb RENAME TO apdb_0001;
                ALTER SCHEMA apdb_0002 RENAME TO apdb
                """)
        }
    }

    @Test("every alert traces to the new generation, and old numbers of objects and sources say what they are now")
    func traces() throws {
        let sky = try LoadedInstance(count: 4)
        func done(_ arguments: String...) throws -> Program.Outcome {
            let outcome = try Program.run(arguments + ["--instance", sky.directory])
            #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
            return outcome
        }
        _ = try done("release", "begin", "DR1", "--cutoff", "61100")
        _ = try done("release", "load", "DR1", reprocessed(sky))
        _ = try done("release", "join", "DR1")
        let json = try done("release", "crosswalk", "DR1", "--format", "json")
        #expect(json.output.contains("\"isNew\":true"))
        #expect(try done("release", "crosswalk", "DR1").output.contains("stands: nothing was stored since it was made"))
        let objects = try done("sql", "SELECT \"diaObjectId\" FROM \"DiaObjectLast\" ORDER BY 1", "--format", "csv").output
        let old = try #require(objects.split(separator: "\n").dropFirst().first.map(String.init))
        try swap(sky)

        let all = try done("alerts", "trace", "--all", "--format", "csv")
        let rows = all.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(rows.count > 50)
        for row in rows {
            #expect(row[3] == "found" && Int64(row[5]) == Int64(row[2]).map { $0 + Self.shift }, "\(row)")
        }
        let alert = String(try #require(rows.first)[0])
        let one = try AlertsFixture.json(done("alerts", "trace", alert, "--format", "json").output)
        #expect(one["state"] as? String == "asIssued" && one["generation"] as? Int == 2)
        let step = try #require((one["sourceSteps"] as? [[String: Any]])?.first)
        #expect(step["finding"] as? String == "matched" && (step["separationArcsec"] as? Double).map { abs($0 - 0.05) < 0.001 } == true)
        #expect((one["objectSteps"] as? [[String: Any]])?.isEmpty == false)
        #expect(try done("alerts", "trace", alert).output.contains("in generation 2 (release DR1)"))

        let now = try #require(Int64(old)) + Self.shift
        let object = try done("object", old, "--format", "json")
        #expect(object.errors.contains("DiaObject \(old) is \(now) in generation 2 (release DR1)"), "\(object.errors)")
        #expect(object.output.contains("\(now)"))
        let ids = try done("query", "ids", old, "--columns", "diaObjectId", "--format", "csv")
        #expect(ids.errors.contains("diaObjectId \(old) of generation 1 is \(now) in generation 2"), "\(ids.errors)")
        #expect(try done("release", "trace", "--object", old).output.contains("DiaObject \(old) of generation 1 is \(now) in generation 2"))
        let back = try done("release", "trace", "--source", "\(now)", "--from", "2", "--to", "1", "--format", "json")
        #expect(back.output.contains("\"becomes\":\(old)"))

        #expect(try sky.run("object", "77").status == 2)
        #expect(try sky.run("release", "trace", "--object", "77").status == 2)
        #expect(try sky.run("release", "trace").status == 2)
        #expect(try sky.run("release", "crosswalk", "DR9").status == 2)
        #expect(try sky.run("alerts", "trace").status == 2)
    }
}
