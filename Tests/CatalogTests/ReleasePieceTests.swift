import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Testing

@Suite("Release: pieces", .serialized) struct ReleasePieceTests {
    /// The region of one of the fixture's two detectors, by its centres.
    private static func region(ofDetector detector: Int, _ test: TestInstance) throws -> String {
        let connection = try test.connection()
        let rows = try connection.query(
            "SELECT \"detector\"::bigint AS \"detector\", avg(\"ra\") AS \"ra\", avg(\"dec\") AS \"dec\" FROM \"VisitDetector\" GROUP BY 1 ORDER BY 1"
        )
        let (ra, dec) = (rows["ra"]!.doubles!, rows["dec"]!.doubles!)
        let half = 0.5 * abs(ra[1] - ra[0])
        return "box \(ra[detector] - half) \(dec[detector] - 1) \(ra[detector] + half) \(dec[detector] + 1)"
    }

    /// What a person who knows SQL finds wrong in a generation's objects: means and numbers computed again from the sources.
    static func wrongSummaries(_ test: TestInstance, _ schema: String) throws -> [String] {
        try ["g", "r", "i"].flatMap { band in
            try test.rows(
                """
                SELECT o."diaObjectId", o."\(band)_psfFluxMean", s.mean, o."\(band)_psfFluxNdata", s.n, o."nDiaSources", a.n
                FROM \(schema)."DiaObject" AS o
                JOIN (SELECT "diaObjectId" AS id, count(*) AS n, min("midpointMjdTai") AS first, max("midpointMjdTai") AS last
                      FROM \(schema)."DiaSource" WHERE "timeWithdrawnMjdTai" IS NULL GROUP BY 1) AS a ON a.id = o."diaObjectId"
                LEFT JOIN (SELECT "diaObjectId" AS id, count(*) AS n,
                                  sum("psfFlux"::float8 / "psfFluxErr"::float8 ^ 2) / sum(1 / "psfFluxErr"::float8 ^ 2) AS mean
                           FROM \(schema)."DiaSource"
                           WHERE "band" = '\(band)' AND "timeWithdrawnMjdTai" IS NULL AND NOT coalesce("psfFlux_flag", false) GROUP BY 1) AS s
                    ON s.id = o."diaObjectId"
                WHERE o."validityEndMjdTai" IS NULL
                  AND (coalesce(o."\(band)_psfFluxNdata", 0) <> coalesce(s.n, 0) OR o."nDiaSources" <> a.n
                       OR abs(o."\(band)_psfFluxMean" - s.mean) > 1e-5 * abs(s.mean)
                       OR o."firstDiaSourceMjdTai" <> a.first OR o."lastDiaSourceMjdTai" <> a.last)
                """
            ).filter { $0.hasPrefix("{") }
        }
    }

    private static func faults(_ test: TestInstance, generation: Int) throws -> [String] {
        let connection = try test.connection(.owner)
        return try Doctor.checks(of: test.instance.generation(generation, on: connection), on: connection).flatMap(\.faults)
    }

    /// The doctor finds nothing in the release's generation, and summaries are those of the sources.
    private static func expectWhole(_ test: TestInstance) throws {
        let (faults, wrong) = (try faults(test, generation: 2), try wrongSummaries(test, "l1_0002"))
        #expect(faults == [])
        #expect(wrong == [])
    }

    private static func begin(
        _ test: TestInstance, cutoff: Double, region: String? = nil, since: Double? = nil, copied: (PieceProgress) -> Bool = { _ in true }
    ) throws -> ReleaseBeginning.Outcome {
        var beginning = ReleaseBeginning(instance: test.instance, name: "DR1", cutoffMjdTai: cutoff)
        beginning.piece = try ReleasePiece(regionText: region, sinceMjdTai: since)
        return try beginning.run(copied: copied)
    }

    @Test("a region is replaced: what lies outside stays row by row, its own visits come anew, and every row says which generation made it")
    func region() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture())
        try test.load(fixture.part(0..<9))
        try Self.update(test)
        let region = try Self.region(ofDetector: 0, test)
        let former = try test.rows("SELECT * FROM \"DiaSource\"")
        let outcome = try Self.begin(test, cutoff: fixture.cutoff(after: 5), region: region)
        #expect(outcome.isComplete && outcome.isNew && outcome.release.state == .loading && outcome.release.piece?.regionText == region)
        // Of visits 6 to 8 what lies in the region follows from the nights.
        #expect(outcome.queued == 3)
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"VisitDetector\"") == 9)
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"VisitDetector\" WHERE \"detector\" = 0") == 0)
        try Self.expectCopied(test, "detector\" = 1")
        try Self.expectWhole(test)
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"DiaObject\" WHERE \"generation\" = 2 AND \"validityEndMjdTai\" IS NULL")! > 0)

        try test.load(fixture.part(9..<10))
        let reprocessed = try fixture.part(0..<6, shiftArcsec: 0.05)
        let loaded = try test.releaseLoad(reprocessed)
        #expect(loaded.detectors == 6 && loaded.outsidePiece == 6)
        #expect(try test.releaseLoad(reprocessed).skippedAlreadyLoaded == 6)
        #expect(try test.catchUp().visitDetectors == 5)
        #expect(try test.join())
        try test.load(fixture.part(10..<12))
        #expect(
            try test.rows("SELECT \"visit\", \"detector\" FROM l1_0001.\"VisitDetector\"")
                == test.rows("SELECT \"visit\", \"detector\" FROM l1_0002.\"VisitDetector\""))
        try Self.expectWhole(test)
        // Each row of the region is the reprocessing's, or of a night that followed; each other one the night's that came before the beginning.
        let origins = try test.rows(
            "SELECT DISTINCT \"detector\", \"generation\", \"diaSourceId\" >= 500000000000 AS new FROM l1_0002.\"DiaSource\"")
        #expect(
            origins.filter { $0.hasPrefix("{") } == [
                "{\"detector\":0,\"generation\":2,\"new\":false}", "{\"detector\":0,\"generation\":2,\"new\":true}",
                "{\"detector\":1,\"generation\":1,\"new\":false}", "{\"detector\":1,\"generation\":2,\"new\":false}",
            ])
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"DiaSource\" WHERE \"detector\" = 0 AND \"generation\" <> 2") == 0)
        #expect(
            try test.int(
                "SELECT count(*) FROM l1_0002.\"DiaSource\" AS s JOIN l1_0002.\"VisitDetector\" AS v USING (\"visit\", \"detector\") WHERE s.\"generation\" <> v.\"generation\""
            ) == 0)
        #expect(try test.rows("SELECT * FROM l1_0001.\"DiaSource\"").count > former.count)

        try test.swap(publish: true)
        #expect(try test.int("SELECT count(*) FROM apdb.\"DiaSource\" WHERE \"diaSourceId\" >= 500000000000")! > 0)
        #expect(try test.faults() == [])
        // The summaries' check sees what it is there for.
        try test.connection(.owner).execute("UPDATE l1_0002.\"DiaSource\" SET \"psfFlux\" = 2 * \"psfFlux\"")
        #expect(try !Self.wrongSummaries(test, "l1_0002").isEmpty)
    }

    @Test("a range of time is replaced: earlier and later visits stay, and objects have the sources of both")
    func times() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture())
        try test.load(fixture.directory)
        try Self.update(test)
        let outcome = try Self.begin(test, cutoff: fixture.cutoff(after: 7), since: fixture.cutoff(after: 3))
        #expect(outcome.queued == 0)
        let outside = "midpointMjdTai\" NOT BETWEEN \(fixture.cutoff(after: 3)) AND \(fixture.cutoff(after: 7)) AND \"visit\" > 0"
        try Self.expectCopied(test, outside)
        try Self.expectWhole(test)
        // An object whose first source goes has the number of a source that is left.
        #expect(
            try test.int(
                "SELECT count(*) FROM l1_0002.\"DiaObjectLast\" AS o WHERE NOT EXISTS (SELECT FROM l1_0002.\"DiaSource\" AS s WHERE s.\"diaSourceId\" = o.\"diaObjectId\")"
            ) == 0)
        // The same numbers come again; none meets another.
        let summary = try test.releaseLoad(fixture.directory)
        #expect(summary.detectors == 8 && summary.outsidePiece == 16)
        try Self.expectWhole(test)
        #expect(
            try test.rows("SELECT \"diaSourceId\" FROM l1_0001.\"DiaSource\"")
                == test.rows("SELECT \"diaSourceId\" FROM l1_0002.\"DiaSource\""))
        // A visit of the piece that comes out of order is refused, for all that later visits are there.
        #expect(try test.catchUp().visitDetectors == 0 && test.join())
    }

    @Test("a copy that is stopped, or whose release is given up, leaves nothing; begun again it is made whole, and nights go on meanwhile")
    func stopped() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture())
        try test.load(fixture.part(0..<8))
        let (cutoff, region) = (fixture.cutoff(after: 5), try Self.region(ofDetector: 1, test))
        var steps = 0
        let first = try Self.begin(test, cutoff: cutoff, region: region) { _ in
            steps += 1
            return steps < 4
        }
        #expect(!first.isComplete && first.release.state == .beginning)
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"DiaSource\"") == 0)
        #expect(test.failure { try test.releaseLoad(fixture.directory) }.contains("beginning"))
        #expect(test.failure { try test.join() }.contains("repeat `skyledger release begin`"))
        #expect(test.failure { try test.catchUp() }.contains("repeat `skyledger release begin`"))
        #expect(test.failure { try Self.begin(test, cutoff: cutoff, since: 60_000).release }.contains("with other settings"))
        // A night between: it waits.
        try test.load(fixture.part(8..<9))
        #expect(try test.lag(2) == 2)
        let second = try Self.begin(test, cutoff: cutoff, region: region) { progress in
            // And one while it is copied.
            if case .copying("DiaSource", 0, _) = progress { _ = try? test.load(fixture.part(9..<10)) }
            return true
        }
        #expect(second.isComplete && second.release.state == .loading && !second.isNew)
        #expect(try test.lag(2) == 6 && Self.faults(test, generation: 2) == [])
        #expect(try Self.begin(test, cutoff: cutoff, region: region).release.state == .loading)
        try test.releaseLoad(fixture.part(0..<6, shiftArcsec: 0.05))
        #expect(try test.catchUp().visitDetectors == 6)
        try Self.expectWhole(test)

        #expect(try ReleaseAbandonment(instance: test.instance).run("DR1"))
        var again = ReleaseBeginning(instance: test.instance, name: "DR2", cutoffMjdTai: cutoff)
        again.piece = try ReleasePiece(regionText: region, sinceMjdTai: nil)
        #expect(try !again.run(copied: { _ in false }).isComplete)
        #expect(try ReleaseAbandonment(instance: test.instance).run("DR2"))
        #expect(try test.faults() == [])
    }

    @Test("what cannot be a piece is refused, and nothing is made")
    func refused() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 4))
        try test.load(fixture.directory)
        let cutoff = fixture.cutoff(after: 3)
        #expect(test.failure { _ = try Self.begin(test, cutoff: cutoff, region: "circle 10 80 1") }.contains("there is nothing to replace"))
        #expect(test.failure { _ = try Self.begin(test, cutoff: 61_000, since: 61_000) }.contains("no time lies after"))
        #expect(test.failure { _ = try ReleasePiece(regionText: "circle 10 80", sinceMjdTai: nil) } != "")
        var beginning = ReleaseBeginning(instance: test.instance, name: "DR1", cutoffMjdTai: cutoff)
        beginning.piece = try ReleasePiece(regionText: nil, sinceMjdTai: 60_000)
        beginning.schemaPath = "/nowhere.yaml"
        #expect(test.failure { _ = try beginning.run() }.contains("keeps the schema"))
        #expect(try test.int("SELECT count(*) FROM skyledger.\"Release\"") == 0)
        #expect(try test.int("SELECT count(*) FROM skyledger.\"Generation\"") == 1)
    }

    /// A source withdrawn, two objects merged, one split.
    private static func update(_ test: TestInstance) throws {
        let updates = try test.updates()
        let many = try test.ids(
            "SELECT \"diaObjectId\" FROM \"DiaObjectLast\" WHERE \"nDiaSources\" > 4 ORDER BY 1 LIMIT 4")
        _ = try updates.withdraw(
            sources: test.ids("SELECT max(\"diaSourceId\") FROM \"DiaSource\" WHERE \"diaObjectId\" = \(many[0])"), cause: "test")
        _ = try updates.merge([many[1]], into: many[2], cause: "test")
        _ = try updates.split(
            many[3],
            sources: test.ids("SELECT \"diaSourceId\" FROM \"DiaSource\" WHERE \"diaObjectId\" = \(many[3]) ORDER BY 1 DESC LIMIT 2"),
            cause: "test")
    }

    /// Rows outside the piece are in both, the same but for their keys, and for the number of objects that were founded in the piece.
    private static func expectCopied(_ test: TestInstance, _ condition: String) throws {
        let names = try test.connection().query(
            """
            SELECT attname::text AS "name" FROM pg_attribute WHERE attrelid = 'l1_0001."DiaSource"'::regclass AND attnum > 0
              AND NOT attisdropped AND attname NOT IN ('replicaKey', 'diaObjectId')
            """)
        let columns = (0..<names.rowCount).map { "\"\(names["name"]!.strings![$0])\"" }.joined(separator: ", ")
        let (a, b) = (
            try test.rows("SELECT \(columns) FROM l1_0001.\"DiaSource\" WHERE \"\(condition)"),
            try test.rows("SELECT \(columns) FROM l1_0002.\"DiaSource\"")
        )
        #expect(a == b && a.count > 20)
        #expect(try test.int("SELECT count(*) FROM l1_0002.\"DiaSource\" WHERE \"generation\" <> 1") == 0)
        #expect(
            try test.int(
                """
                SELECT count(*) FROM l1_0002."DiaSource" AS b JOIN l1_0001."DiaSource" AS a USING ("diaSourceId")
                WHERE a."diaObjectId" <> b."diaObjectId"
                  AND EXISTS (SELECT FROM l1_0002."DiaSource" AS f WHERE f."diaSourceId" = a."diaObjectId")
                """) == 0)
        #expect(
            try test.int(
                "SELECT (SELECT count(*) FROM skyledger.\"PieceChange\") + (SELECT sum(\"nRows\")::bigint FROM skyledger.\"Change\" WHERE \"kind\" = 'copy' AND \"generation\" = 2)"
            )
                == test.int(
                    "SELECT (SELECT count(*) FROM l1_0002.\"DiaSource\") + (SELECT count(*) FROM l1_0002.\"DiaForcedSource\") + (SELECT count(*) FROM l1_0002.\"DiaObject\") + (SELECT count(*) FROM l1_0002.\"SSSource\") + (SELECT count(*) FROM l1_0002.\"UpdateRecord\")"
                ))
    }
}
