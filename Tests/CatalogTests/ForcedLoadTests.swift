import Catalog
import Columns
import Foundation
import Ingest
import Testing

@Suite("Forced load", .serialized) struct ForcedLoadTests {
    /// An instance with visits, and measurements of all that is due in them.
    private func prepared(visits count: Int = 6) throws -> (test: TestInstance, rows: Table) {
        let (test, visits) = (try TestInstance(), try LoadTests.visits(count, sources: 100))
        defer { try? FileManager.default.removeItem(atPath: visits) }
        try test.load(visits)
        return (test, Measurement.of(try test.allTargets()))
    }

    @Test("rows are stored once: the same file again does nothing, and more rows add only themselves")
    func again() throws {
        let (test, rows) = try prepared()
        let n = rows.rowCount
        let part = try test.forcedLoad().run(rows.gather(Array(0..<(n / 3))), source: "a third")
        #expect(part.diaForcedSources == n / 3 && part.alreadyStored == 0 && part.diaObjectsUpdated == 0)
        let whole = try test.forcedLoad().run(rows, source: "all", refresh: true)
        #expect(whole.diaForcedSources == n - n / 3 && whole.alreadyStored == n / 3 && whole.diaObjectsUpdated > 0)
        let before = try test.rows("SELECT * FROM \"DiaForcedSource\"") + test.rows("SELECT * FROM \"DiaObject\"")
        let again = try test.forcedLoad(clock: { 61501 }).run(rows.gather((0..<n).shuffled()), source: "again", refresh: true)
        #expect(again.diaForcedSources == 0 && again.alreadyStored == n && again.diaObjectsUpdated == 0)
        #expect(try test.rows("SELECT * FROM \"DiaForcedSource\"") + test.rows("SELECT * FROM \"DiaObject\"") == before)
        #expect(try test.connection().int64("SELECT sum(\"nDiaForcedSources\") FROM \"VisitDetector\"") == Int64(n))
        #expect(try test.faults() == [])
    }

    @Test("what the file leaves out is filled: the object's position, the visit-detector's time and band, the time of the load")
    func filled() throws {
        let (test, rows) = try prepared()
        _ = try test.forcedLoad().run(rows, source: "all")
        let wrong = try test.connection().int64(
            """
            SELECT count(*) FROM "DiaForcedSource" AS f JOIN "DiaObjectLast" AS o USING ("diaObjectId")
            JOIN "VisitDetector" AS v ON v."visit" = f."visit" AND v."detector" = f."detector"
            WHERE f."ra" <> o."ra" OR f."dec" <> o."dec" OR f."midpointMjdTai" <> v."midpointMjdTai" OR f."band" <> v."band"
               OR f."timeProcessedMjdTai" <> 61500 OR f."tile" <> o."tile"
            """)
        #expect(wrong == 0)
        #expect(try test.connection().int64("SELECT count(*) FROM \"DiaForcedSource\"") == Int64(rows.rowCount))
    }

    @Test("a load that is stopped half way is finished by the same load again")
    func interrupted() throws {
        let (test, rows) = try prepared()
        var done = 0
        let first = try test.forcedLoad().run(rows, source: "all", refresh: true) { progress in
            done = progress.visitDetectorsDone
            return done < 3
        }
        #expect(done == 3 && first.visitDetectors == 3 && first.diaForcedSources < rows.rowCount)
        let second = try test.forcedLoad().run(rows, source: "all", refresh: true)
        #expect(second.alreadyStored == first.diaForcedSources)
        #expect(second.diaForcedSources == rows.rowCount - first.diaForcedSources)
    }

    @Test("two loads of one file at once store each row once")
    func concurrent() throws {
        let (test, rows) = try prepared()
        let (instance, failures) = (test.instance, Failures())
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            do { _ = try instance.forcedLoad().run(rows, source: "all", refresh: true) } catch { failures.add("\(error)") }
        }
        #expect(failures.all == [])
        #expect(try test.connection().int64("SELECT count(*) FROM \"DiaForcedSource\"") == Int64(rows.rowCount))
        #expect(try test.connection().int64("SELECT sum(\"nDiaForcedSources\") FROM \"VisitDetector\"") == Int64(rows.rowCount))
        #expect(try test.faults() == [])
    }

    @Test("bad rows of each kind are refused with one sentence that names them, and nothing is stored")
    func refused() throws {
        let (test, rows) = try prepared()
        let half = rows.rowCount / 2
        _ = try test.forcedLoad().run(rows.gather(Array(0..<half)), source: "half")
        let before = try test.forcedCounts()
        func refuse(_ bad: Table, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
            let error = #expect(throws: CatalogError.self, sourceLocation: sourceLocation) {
                try test.forcedLoad().run(bad, source: "bad.parquet", refresh: true)
            }
            let text = error?.description ?? ""
            for word in ["bad.parquet"] + words { #expect(text.contains(word), "\(text)", sourceLocation: sourceLocation) }
            #expect(!text.contains("\n") && error?.isBadRequest == true, sourceLocation: sourceLocation)
            #expect(try test.forcedCounts() == before, sourceLocation: sourceLocation)
        }
        func changed(_ name: String, _ row: Int, _ value: Int64) -> Table {
            var out = rows
            var values = out[name]!.numbers!.map { Int64($0) }
            if let whole = out[name]!.int64s { values = whole }
            values[row] = value
            out.set(Column(name, .int64(values)))
            return out
        }
        let (object, id) = (rows["diaObjectId"]!.int64s!, rows["diaForcedSourceId"]!.int64s!)
        let last = rows.rowCount - 1
        try refuse(changed("diaObjectId", last, 5), "row \(last + 1)", "DiaObject 5", "does not exist")
        try refuse(changed("visit", last, 5), "row \(last + 1)", "visit 5 detector", "is not stored")
        try refuse(changed("detector", last, 99), "row \(last + 1)", "detector 99", "is not stored")
        try refuse(rows.appending(rows.gather([3])), "rows 4 and \(last + 2)", "DiaObject \(object[3])")
        try refuse(changed("diaForcedSourceId", last, id[last - 1]), "rows \(last) and \(last + 1)", "\(id[last - 1])")
        // Stored rows of which one value is another; and an identifier that another stored row has.
        try refuse(changed("diaForcedSourceId", 2, 7), "row 3", "DiaObject \(object[2])", "another diaForcedSourceId")
        try refuse(changed("diaForcedSourceId", last, id[0]).gather(Array(half...last)), "\(id[0])", "DiaObject \(object[0])", "unique")
        for (name, value) in [("psfFlux", Float(-1)), ("psfFluxErr", .nan)] {
            var (other, values) = (rows, rows[name]!.singles!)
            values[0] = value
            other.set(Column(name, .float(values)))
            try refuse(other, "row 1", "another \(name)")
        }
        var without = rows
        without.remove("psfFlux_flag")
        try refuse(without, "another psfFlux_flag")
        without.remove("visit")
        try refuse(without, "no column visit")
        var timed = rows
        timed.set(Column("midpointMjdTai", .double(.init(repeating: 61000.5, count: rows.rowCount))))
        try refuse(timed, "row 1", "the time 61000.5")
        var banded = rows
        banded.set(Column("band", .string(.init([String](repeating: "x", count: rows.rowCount)))))
        try refuse(banded, "row 1", "the band x")
        var placed = rows
        placed.set(Column("ra", .double(.init(repeating: 400, count: rows.rowCount))))
        placed.set(Column("dec", .double(.init(repeating: 0, count: rows.rowCount))))
        try refuse(placed, "row 1", "ra 400")
        // An object that was closed in the meantime.
        let ingest = try test.connection(.ingest)
        let updates = Updates(
            connection: ingest, generation: try test.instance.currentGeneration(on: ingest),
            pixelization: try test.instance.pixelization(on: ingest), configuration: Configuration(), clock: { 61499 })
        _ = try updates.close(objects: [object[last]], cause: "test")
        let closed = try test.forcedCounts()
        let error = #expect(throws: CatalogError.self) { try test.forcedLoad().run(rows, source: "bad.parquet") }
        #expect(error?.description.contains("DiaObject \(object[last]), which was closed") == true)
        #expect(try test.forcedCounts() == closed)
    }

    @Test("Parquet, FITS and CSV files of the same measurements store the same rows")
    func forms() throws {
        let (test, rows) = try prepared(visits: 4)
        let generation = try test.instance.currentGeneration(on: test.connection())
        let path = "/tmp/skyledger-forced-\(UInt32.random(in: 0 ... .max))"
        let files = [path + ".parquet", path + ".fits", path + ".csv"]
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }
        try ParquetWriter.write(rows, to: files[0])
        try FITSTable.write(rows, to: files[1])
        var text = TextBuffer()
        try CSV.write(rows, to: &text)
        try text.text.write(toFile: files[2], atomically: true, encoding: .utf8)
        let read = try files.map { try ForcedFile.read($0, generation: generation, absent: ForcedFile.filledByLoad(generation)) }
        _ = try test.forcedLoad().run(read[0], source: files[0])
        for (file, table) in zip(files, read).dropFirst() {
            #expect(try test.forcedLoad().run(table, source: file).alreadyStored == rows.rowCount)
        }
    }
}
