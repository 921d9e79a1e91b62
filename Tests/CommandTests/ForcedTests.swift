import Columns
import Foundation
import Testing

@Suite("Forced photometry commands", .serialized) struct ForcedTests {
    /// Rows of DiaForcedSource and versions of objects.
    private func counts(_ sky: LoadedInstance) throws -> String {
        try sky.run("sql", "SELECT (SELECT count(*) FROM \"DiaForcedSource\"), (SELECT count(*) FROM \"DiaObject\")", "--format", "csv")
            .output
    }

    @Test("targets printed to a file, measured, and loaded from Parquet or CSV are targets no more; a second load does nothing")
    func round() throws {
        for form in ["parquet", "csv"] {
            let sky = try LoadedInstance(count: 5)
            let path = sky.folder + "/targets.parquet"
            #expect(try sky.run("forced", "targets", "--visit", "100004", "--format", "parquet", "--output", path).status == 0)
            let targets = try ParquetReader(path: path).read()
            let n = targets.rowCount
            #expect(n > 0)
            #expect(
                targets.columnNames == ["diaObjectId", "ra", "dec", "visit", "detector", "band", "midpointMjdTai", "isPrecovery"])
            let rows = Table([
                Column("diaForcedSourceId", .int64((0..<n).map(Int64.init))), targets["diaObjectId"]!, targets["visit"]!,
                targets["detector"]!, Column("psfFlux", .float((0..<n).map { Float($0) + 0.5 })),
                Column("psfFluxErr", .float(.init(repeating: 2, count: n))),
            ])
            let measured = "\(sky.folder)/measured.\(form)"
            if form == "csv" {
                var text = TextBuffer()
                try CSV.write(rows, to: &text)
                try text.text.write(toFile: measured, atomically: true, encoding: .utf8)
            } else {
                try ParquetWriter.write(rows, to: measured)
            }
            let first = try sky.run("forced", "load", measured, "--refresh", "--format", "json")
            #expect(first.status == 0 && first.output.contains("\"diaForcedSources\":\(n)"), "\(first.errors)")
            let after = try counts(sky)
            let second = try sky.run("forced", "load", measured, "--refresh", "--format", "json")
            #expect(second.status == 0 && second.output.contains("\"alreadyStored\":\(n)"), "\(second.errors)")
            #expect(try counts(sky) == after)
            #expect(try sky.run("forced", "targets", "--visit", "100004", "--format", "json").output.contains("diaObjectId") == false)
            #expect(try sky.run("doctor").status == 0)
        }
    }

    @Test("requests and files that cannot be met end with 2 and one sentence, and nothing is stored")
    func refused() throws {
        let sky = try LoadedInstance()
        let before = try counts(sky)
        func csv(_ name: String, _ text: String) throws -> String {
            try text.write(toFile: "\(sky.folder)/\(name).csv", atomically: true, encoding: .utf8)
            return "\(sky.folder)/\(name).csv"
        }
        let header = "diaForcedSourceId,diaObjectId,visit,detector,psfFlux\n"
        let requests: [([String], String)] = [
            (["targets", "--visit", "7"], "visit 7 is not stored"), (["targets", "--visit", "100000", "--detector", "99"], "detector 99"),
            (["load", sky.folder + "/none.parquet"], "none.parquet"), (["load", try csv("empty", "")], "empty.csv"),
            (["load", try csv("columns", "diaObjectId,visit\n1,2\n")], "diaForcedSourceId"),
            (["load", try csv("values", header + "1,2,100000,0,bright\n")], "line 2, column psfFlux"),
            (["load", try csv("count", header + "1,2,100000,0\n")], "line 2 has 4 values"),
            (["load", try csv("object", header + "1,2,100000,0,5\n")], "DiaObject 2, which does not exist"),
            (["load", try csv("visit", header + "1,2,7,0,5\n")], "visit 7 detector 0, which is not stored"),
            (["load", try csv("null", header + "1,,100000,0,5\n")], "diaObjectId"),
            (["load", try csv("quote", header + "1,2,100000,0,\"5\n")], "quotation"),
        ]
        for (request, word) in requests {
            let outcome = try Program.run(["forced"] + request + ["--instance", sky.directory])
            #expect(outcome.status == 2, "\(request): \(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.errors.contains(word), "\(request): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        for request in [["targets"], ["targets", "--visit", "1", "--precovery"], ["targets", "--precovery", "--detector", "1"], ["load"]] {
            #expect(try Program.run(["forced"] + request + ["--instance", sky.directory]).status == 2)
        }
        #expect(try counts(sky) == before)
    }
}
