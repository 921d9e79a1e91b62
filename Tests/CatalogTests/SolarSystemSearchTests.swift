import Catalog
import Columns
import Foundation
import Ingest
import SolarSystem
import Testing

/// Known objects from the catalog of orbits to rows of SSSource, on a real server.
@Suite("Known objects in visits", .serialized, .enabled(if: SolarSurvey.isPossible, "needs the planets' ephemeris: run tools/bootstrap"))
struct SolarSystemSearchTests {
    /// All but the key of the change that brought them.
    private static let ssSources = "SELECT to_jsonb(s) - 'replicaKey' AS s FROM \"SSSource\" AS s"

    @Test("known objects among a visit's sources get ssObjectId and SSSource, no DiaObject; their neighbours found objects as ever")
    func load() throws {
        let (test, survey) = (try TestInstance(), try SolarSurvey())
        try survey.loadOrbits(into: test)
        try survey.prepare(test)
        let summary = try test.load(survey.file)
        #expect(summary.ssSources == survey.objects.count && summary.withoutEphemerides == 0)
        #expect(try test.owners() == survey.owners)
        let rows = try test.connection().query("SELECT * FROM \"SSSource\"")
        #expect(rows.rowCount == survey.objects.count)
        // Each source was put 0.1 arcsec north of its object.
        #expect(rows["ephOffsetDec"]!.numbers!.allSatisfy { abs($0 - 0.1) < 2e-3 })
        #expect(rows["ephOffsetRa"]!.numbers!.allSatisfy { abs($0) < 2e-3 })
        #expect(rows["diaDistanceRank"]!.numbers!.allSatisfy { $0 == 1 })
        // With the brackets of an array.
        let visits = try test.rows(
            "SELECT DISTINCT \"solarSystem\", \"nSSObjects\" >= 1 AS \"some\", \"nSSSources\" FROM \"VisitDetector\"")
        #expect(visits.contains("{\"solarSystem\":\"matched\",\"some\":true,\"nSSSources\":1}") && visits.count == 3)
        #expect(try test.int("SELECT count(*) FROM \"DiaObject\" WHERE \"diaObjectId\" IN (SELECT \"diaSourceId\" FROM \"SSSource\")") == 0)
        #expect(try test.faults() == [])
        // The digest is that of the file's rows, whatever was found in them.
        #expect(try test.load(survey.file).skippedAlreadyLoaded == survey.objects.count)
    }

    @Test(
        "visits stored before there were orbits, or while these were stale, say so, and a rematch gives what a load would have; twice changes nothing"
    )
    func rematch() throws {
        let (late, survey) = (try TestInstance(), try SolarSurvey())
        try late.load(survey.file)
        #expect(try late.int("SELECT count(*) FROM \"VisitDetector\" WHERE \"solarSystem\" <> 'noCatalog'") == 0)
        #expect(try late.int("SELECT count(*) FROM \"DiaSource\" WHERE \"ssObjectId\" IS NOT NULL") == 0)
        try survey.loadOrbits(into: late)
        // Not carried to the night yet.
        let stale = try late.rematch()
        #expect(stale.withoutEphemerides == survey.objects.count)
        #expect(stale.withoutEphemeridesReason?.contains("skyledger solarsystem prepare") == true)
        try survey.prepare(late)
        let outcome = try late.rematch()
        #expect(outcome.diaSources == survey.objects.count && outcome.diaObjectsClosed == survey.objects.count)
        #expect(try late.owners() == survey.owners)
        #expect(try late.faults() == [])
        #expect(
            try late.int("SELECT count(*) FROM \"UpdateRecord\" WHERE \"updateType\" = '\(UpdateType.reassignSourceToSSObject.rawValue)'")
                == Int64(survey.objects.count))

        let direct = try TestInstance()
        try survey.loadOrbits(into: direct)
        try survey.prepare(direct)
        try direct.load(survey.file)
        #expect(try late.rows(Self.ssSources) == direct.rows(Self.ssSources))

        let before = try late.rows("SELECT * FROM \"DiaSource\"") + late.rows("SELECT * FROM \"VisitDetector\"")
        let again = try late.rematch(onlyUnmatched: false)
        #expect(again.diaSources == 0 && again.visitDetectors == survey.objects.count)
        #expect(try late.rows("SELECT * FROM \"DiaSource\"") + late.rows("SELECT * FROM \"VisitDetector\"") == before)
    }

    @Test("a night that is not prepared stops no load: every visit-detector is stored and says that it is stale")
    func stale() throws {
        let (test, survey) = (try TestInstance(), try SolarSurvey())
        try survey.loadOrbits(into: test)
        let summary = try test.load(survey.file)
        #expect(summary.detectors == survey.objects.count && summary.withoutEphemerides == survey.objects.count)
        #expect(summary.withoutEphemeridesReason != nil)
        #expect(try test.int("SELECT count(*) FROM \"VisitDetector\" WHERE \"solarSystem\" = 'stale'") == Int64(survey.objects.count))
    }

    @Test("SSSource goes when a source is taken from its SSObject, and SSObject counts what is left")
    func reassigned() throws {
        let (test, survey) = (try TestInstance(), try SolarSurvey())
        try survey.loadOrbits(into: test)
        try survey.prepare(test)
        try test.load(survey.file)
        let connection = try test.connection(.ingest)
        let generation = try test.instance.currentGeneration(on: connection)
        #expect(try Characterise.run(generation: generation, on: connection).ssObjects == survey.objects.count)
        let named =
            "SELECT count(*) FROM \"SSObject\" WHERE \"nObs\" = 1 AND \"MOIDEarth\" > 0.1 AND \"tisserand_J\" BETWEEN 3 AND 4 AND \"designation\" IS NOT NULL"
        #expect(try test.int(named) == Int64(survey.objects.count))
        #expect(try Characterise.run(generation: generation, on: connection).changed == 0)
        let source = try #require(try test.int("SELECT min(\"diaSourceId\") FROM \"SSSource\""))
        let object = try #require(try test.int("SELECT min(\"diaObjectId\") FROM \"DiaObjectLast\""))
        _ = try test.updates().reassign([(source, object)], cause: "no asteroid")
        #expect(try test.int("SELECT count(*) FROM \"SSSource\" WHERE \"diaSourceId\" = \(source)") == 0)
        #expect(try test.int("SELECT count(*) FROM \"SSSource\"") == Int64(survey.objects.count - 1))
        #expect(try test.faults() == [])
    }
}

extension TestInstance {
    /// Sources of SSObjects and whose they are.
    func owners() throws -> [Int64: Int64] {
        let rows = try connection().query("SELECT \"diaSourceId\", \"ssObjectId\" FROM \"DiaSource\" WHERE \"ssObjectId\" IS NOT NULL")
        return Dictionary(uniqueKeysWithValues: zip(rows["diaSourceId"]?.int64s ?? [], rows["ssObjectId"]?.int64s ?? []))
    }

    func rematch(onlyUnmatched: Bool = true) throws -> Rematch.Outcome {
        let connection = try connection(.ingest)
        let generation = try instance.currentGeneration(on: connection)
        let nights = SolarSystemNight(connection: connection, generation: generation, planets: try SolarSurvey.planets())
        let search = SolarSystemSearch(
            StoredOrbits(
                nights: nights, catalog: OrbitCatalog(connection: connection, generation: generation),
                observatory: try ObservatoryChoice.observatory("X05")),
            rules: Configuration().solarSystem.match, dec: "dec")
        let visits = StoredVisits(connection: connection, generation: generation)
        return try Rematch(visits: visits, updates: try updates(), search: search).run(visits.list(onlyUnmatched: onlyUnmatched))
    }
}
