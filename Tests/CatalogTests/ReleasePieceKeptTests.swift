import Catalog
import Foundation
import Ingest
import Postgres
import SolarSystem
import Testing

/// What a piece leaves alone although it lies in no visit: what retention removed, and moving objects.
@Suite("Release: what pieces keep", .serialized) struct ReleasePieceKeptTests {
    private static func doctor(_ test: TestInstance) throws -> [String] {
        let connection = try test.connection(.owner)
        return try Doctor.checks(of: test.instance.generation(2, on: connection), on: connection).flatMap(\.faults)
    }

    /// How many more sources open objects say than they have.
    private static func retired(_ test: TestInstance, _ schema: String) throws -> Int64 {
        try test.int(
            """
            SELECT sum(o."nDiaSources" - coalesce(s.n, 0))::bigint FROM \(schema)."DiaObjectLast" AS o
            LEFT JOIN (SELECT "diaObjectId", count(*) AS n FROM \(schema)."DiaSource" GROUP BY 1) AS s USING ("diaObjectId")
            """) ?? 0
    }

    @Test("sources that retention removed count on in the objects of the new generation, and visits of their months stay as they are")
    func retention() throws {
        let survey = try RetentionSurvey()
        let test = survey.test
        try survey.replicate(verifiedBefore: 2021)
        _ = try survey.apply()
        let lost = try Self.retired(test, "l1_0001")
        try #require(lost > 0)
        // From before the months that are gone until a while ago.
        var beginning = ReleaseBeginning(instance: test.instance, name: "P1", cutoffMjdTai: 60_450)
        beginning.piece = try ReleasePiece(regionText: nil, sinceMjdTai: RetentionSurvey.startMjdTai - 1)
        #expect(try beginning.run().isComplete)
        let faults = try Self.doctor(test)
        #expect(faults == [])
        let removed = "\"midpointMjdTai\" < \(30 * RetentionSurvey.removedMonths.upperBound)"
        #expect(
            try test.int("SELECT count(*) FROM l1_0002.\"VisitDetector\" WHERE \(removed) AND \"generation\" = 1")
                == test.int("SELECT count(*) FROM \"VisitDetector\" WHERE \(removed)"))
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"DiaSource\" WHERE \"midpointMjdTai\" BETWEEN 60280 AND 60450") == 0)
        let kept = try Self.retired(test, "l1_0002")
        #expect(kept == lost)
        // The visits of the piece come again; then everything counts as before, but for objects that have nothing left but what was removed.
        var options = LoadTask.Options()
        (options.target, options.clock) = (.release("P1"), .visit)
        let summary = try LoadTask(instance: test.instance, options: options).run([.visitDirectory(survey.directory)])
        #expect(summary.outsidePiece > 0 && summary.diaSources > 0)
        let after = try Self.doctor(test)
        #expect(after == [])
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"DiaSource\"") == test.int("SELECT count(*) FROM \"DiaSource\""))
    }

    @Test(
        "orbits, identifications and the sources of moving objects outside the piece are taken over; inside they are found again",
        .enabled(if: SolarSurvey.isPossible, "needs the planets' ephemeris: run tools/bootstrap"))
    func movingObjects() throws {
        let (test, survey) = (try TestInstance(), try SolarSurvey())
        try survey.loadOrbits(into: test)
        try survey.prepare(test)
        try test.load(survey.file)
        let owners = try test.owners()
        let centre = try test.connection().query("SELECT \"ra\", \"dec\" FROM \"VisitDetector\" ORDER BY \"visit\", \"detector\" LIMIT 1")
        let region = "circle \(centre["ra"]!.doubles![0]) \(centre["dec"]!.doubles![0]) 0.01"
        var beginning = ReleaseBeginning(instance: test.instance, name: "P1", cutoffMjdTai: SolarSurvey.mjdTai + 100)
        beginning.piece = try ReleasePiece(regionText: region, sinceMjdTai: nil)
        #expect(try beginning.run().isComplete)
        for table in ["mpc_orbits", "SSObjectState", "SSObjectDesignation", "OrbitCatalog", "SSObject"] {
            #expect(try test.rows("SELECT * FROM l1_0002.\"\(table)\"") == test.rows("SELECT * FROM l1_0001.\"\(table)\""))
        }
        let n = try test.int("SELECT count(*) FROM \"SSSource\"")!
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"SSSource\" WHERE \"generation\" = 1") == n - 1)
        let faults = try Self.doctor(test)
        #expect(faults == [])
        try survey.prepare(test, release: "P1")
        var options = LoadTask.Options()
        (options.target, options.clock) = (.release("P1"), .visit)
        let summary = try LoadTask(instance: test.instance, options: options).run([LoadInput(path: survey.file)])
        #expect(summary.detectors == 1 && summary.ssSources == 1)
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"SSSource\"") == n)
        try test.swap("P1", publish: true)
        #expect(try test.owners() == owners)
        #expect(try test.faults() == [])
    }
}
