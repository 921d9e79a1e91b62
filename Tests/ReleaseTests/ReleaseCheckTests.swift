import Columns
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Catalog
@testable import Release

@Suite("The check of a release, against two generations", .serialized) struct ReleaseCheckTests {
    /// Two generations whose rows add up, fluxes 2 percent more in the new one.
    static func sky(visits: Int = 6) throws -> TwoGenerations {
        let sky = try TwoGenerations(visits: visits)
        try sky.owner().execute(
            """
            UPDATE l1_0002."DiaSource" SET "psfFlux" = "psfFlux" * 1.02;
            UPDATE l1_0002."VisitDetector" AS v SET "nDiaSources" =
                (SELECT count(*) FROM l1_0002."DiaSource" AS s WHERE s."visit" = v."visit" AND s."detector" = v."detector");
            UPDATE l1_0002."DiaSource" SET "disposition" = 'marginal' WHERE "diaObjectId" IS NULL AND "disposition" <> 'marginal';
            DELETE FROM l1_0002."DiaObject" AS o WHERE NOT EXISTS (SELECT FROM l1_0002."DiaSource" AS s WHERE s."diaObjectId" = o."diaObjectId");
            DELETE FROM l1_0002."DiaObjectLast" AS o WHERE NOT EXISTS (SELECT FROM l1_0002."DiaSource" AS s WHERE s."diaObjectId" = o."diaObjectId");
            UPDATE l1_0002."DiaObject" AS o SET "nDiaSources" =
                (SELECT count(*) FROM l1_0002."DiaSource" AS s WHERE s."diaObjectId" = o."diaObjectId")
            """)
        return sky
    }

    static func check(_ sky: TwoGenerations, excuses: ExcuseList = ExcuseList()) throws -> CheckReport {
        try ReleaseCheck(instance: sky.instance, excuses: excuses).run(TwoGenerations.release)
    }

    static func failing(_ report: CheckReport) -> [String] { report.verdicts.filter { $0.outcome == .fails }.map(\.check) }

    @Test("numbers of sources, offsets and ratios are those of the rows, and a good release passes")
    func numbers() throws {
        let sky = try Self.sky()
        try sky.crosswalk()
        let report = try Self.check(sky)
        #expect(report.passes, "\(report.verdicts.filter { $0.outcome == .fails })")
        let m = report.measurement
        #expect(m.completeness.old == m.completeness.new && m.completeness.missing == 0 && m.completeness.added == 0)
        let bands = try #require(m.sources?.bands)
        for side in [("l1_0001", \SourceComparison.Band.old), ("l1_0002", \.new)] {
            let rows = try sky.reader().query("SELECT \"band\", count(*) AS n FROM \(side.0).\"DiaSource\" GROUP BY 1 ORDER BY 1")
            #expect(rows["n"]?.int64s.map(Array.init) == bands.map { $0[keyPath: side.1] })
        }
        let shift = TwoGenerations.shift
        // What the fixture did, without the crosswalk.
        let dropped = try sky.int(
            "SELECT count(*) FROM l1_0001.\"DiaSource\" AS a WHERE NOT EXISTS (SELECT FROM l1_0002.\"DiaSource\" AS b WHERE b.\"diaSourceId\" = a.\"diaSourceId\" + \(shift))"
        )
        let added = try sky.int("SELECT count(*) FROM l1_0002.\"DiaSource\" WHERE \"diaSourceId\" > 3 * \(shift)")
        #expect(dropped > 5 && added > 5)
        #expect(bands.reduce(0) { $0 + $1.oldUnmatched } == dropped)
        #expect(bands.reduce(0) { $0 + $1.newUnmatched } == added)
        for (name, unmatched, all) in [
            ("old", dropped, m.sources!.cells.map(\.oldUnmatched)), ("new", added, m.sources!.cells.map(\.newUnmatched)),
        ] {
            #expect(all.reduce(0, +) == unmatched, "\(name)")
        }
        #expect(m.sources!.magnitudes.reduce(0) { $0 + $1.old } == bands.reduce(0) { $0 + $1.old })
        for band in bands {
            #expect(band.pairs == band.old - band.oldUnmatched)
            #expect(band.separations.reduce(0, +) == band.pairs)
            #expect(abs(band.medianArcsec! - 0.05) < 0.0006 && abs(band.medianRaArcsec! - 0.05) < 0.0006)
            #expect(abs(band.medianDecArcsec!) < 0.0006 && band.scatterRaArcsec! < 0.001 && band.scatterDecArcsec! < 0.001)
            #expect(abs(band.medianFluxRatio! - 1.02) < 0.0003 && band.scatterFluxRatio! < 0.0003)
        }
        let nights = try sky.int("SELECT count(DISTINCT (\"band\", floor(\"midpointMjdTai\"))) FROM l1_0001.\"VisitDetector\"")
        #expect(m.nights.count == Int(nights))
        #expect(m.nights.reduce(0) { $0 + $1.newSources } == (try sky.int("SELECT count(*) FROM l1_0002.\"DiaSource\"")))
        #expect(m.disk.newBytes > 0 && m.disk.freeBytes! > 0)
    }

    @Test("sources of a visit-detector that came later than the crosswalk are matched by their identifiers")
    func later() throws {
        let sky = try Self.sky()
        let visit = try sky.int("SELECT max(\"visit\") FROM l1_0001.\"VisitDetector\"")
        // As a joined store leaves it: the same rows in both.
        try sky.owner().execute(
            """
            DELETE FROM l1_0002."DiaSource" WHERE "visit" = \(visit);
            INSERT INTO l1_0002."DiaSource" SELECT * FROM l1_0001."DiaSource" WHERE "visit" = \(visit);
            UPDATE l1_0002."VisitDetector" SET "visit" = -1 WHERE "visit" = \(visit)
            """)
        try sky.crosswalk()
        #expect(try sky.int("SELECT count(*) FROM skyledger.\"CrosswalkSource\" WHERE \"oldDiaSourceId\" / 1000000 = \(visit)") == 0)
        try sky.owner().execute("UPDATE l1_0002.\"VisitDetector\" SET \"visit\" = \(visit) WHERE \"visit\" = -1")
        let bands = try #require(try Self.check(sky).measurement.sources?.bands)
        let unmatched = try sky.int(
            "SELECT count(*) FROM skyledger.\"CrosswalkSource\" WHERE \"newDiaSourceId\" IS NULL")
        #expect(unmatched > 0 && bands.reduce(0) { $0 + $1.oldUnmatched } == unmatched)
    }

    @Test("sources that were withdrawn before the release began and stand in the new generation are counted and named")
    func withdrawnBefore() throws {
        let sky = try Self.sky(visits: 3)
        try sky.crosswalk()
        let kept = try sky.int(
            "SELECT min(\"oldDiaSourceId\") FROM skyledger.\"CrosswalkSource\" WHERE \"oldDiaSourceId\" > 0 AND \"newDiaSourceId\" > 0")
        let vanished = try sky.int("SELECT min(\"oldDiaSourceId\") FROM skyledger.\"CrosswalkSource\" WHERE \"newDiaSourceId\" IS NULL")
        try sky.owner().execute(
            "UPDATE l1_0001.\"DiaSource\" SET \"timeWithdrawnMjdTai\" = 61000 WHERE \"diaSourceId\" IN (\(kept), \(vanished))")
        let report = try Self.check(sky)
        #expect(report.measurement.updates.withdrawnShown == 1 && report.measurement.updates.firstWithdrawnShown == kept)
        #expect(Self.failing(report).contains("updates.withdrawnShown"))
        try sky.owner().execute(
            "UPDATE l1_0002.\"DiaSource\" SET \"timeWithdrawnMjdTai\" = 61000 WHERE \"diaSourceId\" = \(kept + TwoGenerations.shift)")
        #expect(try Self.check(sky).measurement.updates.withdrawnShown == 0)
    }

    @Test("a missing visit fails the check by name until a list excuses it, and an excuse for nothing is told")
    func missing() throws {
        let sky = try Self.sky()
        let visit = try sky.int("SELECT max(\"visit\") FROM l1_0001.\"VisitDetector\"")
        let detectors = Int(try sky.int("SELECT count(*) FROM l1_0001.\"VisitDetector\" WHERE \"visit\" = \(visit)"))
        try sky.owner().execute(
            "DELETE FROM l1_0002.\"VisitDetector\" WHERE \"visit\" = \(visit); DELETE FROM l1_0002.\"DiaSource\" WHERE \"visit\" = \(visit)"
        )
        try sky.crosswalk()
        let bare = try Self.check(sky)
        #expect(bare.measurement.completeness.missing == detectors)
        #expect(bare.verdicts.first { $0.check == "completeness.missingVisitDetectors" }?.says.contains("visit \(visit) detector") == true)
        let excused = try Self.check(sky, excuses: ExcuseList(text: "\(visit) # clouds\n77 3\n", name: "e"))
        #expect(excused.measurement.completeness.missing == 0 && excused.measurement.completeness.excused == detectors)
        #expect(excused.measurement.completeness.named.allSatisfy { $0.visit == visit && $0.excuse == "clouds" })
        #expect(excused.measurement.completeness.idleExcuses == ["77 3"])
        #expect(!Self.failing(excused).contains("completeness.missingVisitDetectors"))
        // Its sources are missing with it, and are not counted as unmatched besides.
        let unmatched = try sky.int("SELECT count(*) FROM skyledger.\"CrosswalkSource\" WHERE \"newDiaSourceId\" IS NULL")
        #expect(bare.measurement.sources?.bands.reduce(0) { $0 + $1.oldUnmatched } == unmatched)
    }

    @Test("a fault of the new generation fails the check though the current one has none")
    func invariants() throws {
        let sky = try Self.sky()
        try sky.crosswalk()
        try sky.owner().execute(
            "UPDATE l1_0002.\"DiaObject\" SET \"nDiaSources\" = \"nDiaSources\" + 1 WHERE \"diaObjectId\" = (SELECT min(\"diaObjectId\") FROM l1_0002.\"DiaObject\")"
        )
        let report = try Self.check(sky)
        #expect(Self.failing(report) == ["invariants.faults"])
        #expect(report.measurement.invariants.flatMap(\.faults).count == 1)
        #expect(try Doctor(sky.instance).run().flatMap(\.faults) == [])
    }

    @Test("a PPDB that has the old generation and not the new one is not ready; one that has as much of both is")
    func ppdb() throws {
        let sky = try Self.sky()
        try FileManager.default.createDirectory(atPath: sky.directory + "/ppdb", withIntermediateDirectories: true)
        try Data("{\"consumer\": \"ppdb\", \"databaseName\": \"ppdb\"}".utf8).write(
            to: URL(fileURLWithPath: sky.directory + "/ppdb/ppdb.json"))
        func behind() throws -> Int64 {
            let ppdb = try #require(try PpdbReadiness(instance: sky.instance, connection: sky.reader()).read(old: 1, new: 2).first)
            return max(ppdb.changesBehind, ppdb.unverifiedMore)
        }
        // Changes of the new generation beside those of the old one.
        let old = try sky.int("SELECT max(\"change\") FROM skyledger.\"Change\"")
        try sky.owner().execute(
            """
            INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "visit", "detector", "nRows", "sizeBytes")
            SELECT nextval('skyledger."ReplicaKey"'), 2, 'store', 1, n, 1, 1 FROM generate_series(1, 3) AS n
            """)
        #expect(try behind() == 0, "nothing was exported of either")
        try sky.owner().execute(
            """
            INSERT INTO skyledger."ReplicaChunk" ("chunk", "firstChange", "lastChange", "nRows", "sizeBytes") VALUES (1, 1, \(old), 1, 1), (2, \(old) + 1, \(old) + 3, 1, 1);
            UPDATE skyledger."Change" SET "chunk" = CASE WHEN "generation" = 1 THEN 1 ELSE 2 END;
            INSERT INTO skyledger."ReplicaExport" ("consumer", "chunk") VALUES ('ppdb', 1)
            """)
        #expect(try behind() == 3)
        try sky.owner().execute("INSERT INTO skyledger.\"ReplicaExport\" (\"consumer\", \"chunk\") VALUES ('ppdb', 2)")
        #expect(try behind() == 0)
        try sky.owner().execute("UPDATE skyledger.\"ReplicaExport\" SET \"verifiedAt\" = now() WHERE \"chunk\" = 1")
        #expect(try behind() == 3)
        try sky.owner().execute("UPDATE skyledger.\"ReplicaExport\" SET \"verifiedAt\" = now() WHERE \"chunk\" = 2")
        #expect(try behind() == 0)
        // A change of the new generation that waits beside one of the old is not behind.
        try sky.owner().execute(
            """
            INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "visit", "detector", "nRows", "sizeBytes")
            SELECT nextval('skyledger."ReplicaKey"'), n, 'store', 2, 1, 1, 1 FROM generate_series(2, 1, -1) AS n
            """)
        #expect(try behind() == 0)
    }

    @Test("a stored report is named by the SHA-256 of its JSON, speaks of the state that it was made of, and gives its page")
    func stored() throws {
        let sky = try Self.sky(visits: 3)
        try sky.crosswalk()
        let report = try Self.check(sky)
        let name = try StoredReports.store(report, on: sky.instance.connect(as: .owner))
        let row = try sky.reader().query(
            "SELECT encode(sha256(convert_to(\"json\", 'UTF8')), 'hex') AS \"digest\", \"state\", \"passes\" FROM skyledger.\"ReleaseReport\" WHERE \"report\" = '\(name)'"
        )
        #expect(row["digest"]?.strings?[0] == name)
        let release = try Releases(connection: sky.reader()).named(TwoGenerations.release)
        let state = try ReleaseState.read(of: release, thresholds: CheckThresholds().digest, on: sky.reader())
        #expect(row["state"]?.strings?[0] == state.digest)
        #expect(row["passes"]?.bools?[0] == report.passes)
        let read = try StoredReports.json(String(name.prefix(8)), of: TwoGenerations.release, on: sky.reader())
        #expect(try JSONDecoder().decode(CheckReport.self, from: Data(read.json.utf8)) == report)
        #expect(throws: CatalogError.self) { try StoredReports.json("xyz", of: TwoGenerations.release, on: sky.reader()) }
        let step = try #require(try Releases(connection: sky.reader()).steps(of: TwoGenerations.release).last)
        #expect(try step.kind == .check && DoneStep(step).passes == report.passes)
        // The page is whole, by the parsers of Python's library.
        let scratch = sky.directory
        let script = "var Bokeh = {Plotting: {}}; // </script> <!-- x"
        try script.write(toFile: scratch + "/library.js", atomically: true, encoding: .utf8)
        try read.json.write(toFile: scratch + "/check.json", atomically: true, encoding: .utf8)
        try CheckPage(report, script: script).html.write(toFile: scratch + "/check.html", atomically: true, encoding: .utf8)
        let said = try GoldenScript.run("sizing_page.py", [scratch + "/check.html", scratch + "/check.json", scratch + "/library.js"])
        #expect(said.contains("the page is whole"))
    }

    @Test("a check that is stopped, or of a release that is closed, stores nothing and says why")
    func stopped() throws {
        let sky = try Self.sky(visits: 3)
        try sky.crosswalk()
        for stop in 0..<6 {
            #expect(throws: CheckError.interrupted) {
                try ReleaseCheck(instance: sky.instance).run(TwoGenerations.release) { done, _, _ in done < stop }
            }
        }
        let report = try Self.check(sky)
        try sky.owner().execute("UPDATE skyledger.\"Release\" SET \"state\" = 'abandoned'")
        #expect(throws: CheckError.closed(release: TwoGenerations.release, state: "abandoned")) { try Self.check(sky) }
        #expect(throws: CheckError.closed(release: TwoGenerations.release, state: "abandoned")) {
            try StoredReports.store(report, on: sky.instance.connect(as: .owner))
        }
        #expect(try sky.int("SELECT count(*) FROM skyledger.\"ReleaseReport\"") == 0)
    }
}
