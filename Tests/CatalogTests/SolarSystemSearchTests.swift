import Catalog
import Columns
import Foundation
import Ingest
import SolarSystem
import TestSupport
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

/// A dozen asteroids of the main belt, and a visit of each: the asteroid 0.1 arcsec from where it is predicted, and fixed stars around it.
final class SolarSurvey {
    struct Asteroid {
        var designation: String
        var ssObjectId: Int64
        var orbit: Orbit
        var diaSourceId: Int64
    }

    static let mjdTai = 61041.3
    private(set) var objects: [Asteroid] = []
    let file: String
    let orbits: String

    static var isPossible: Bool { PackageFolder.planetsPath != nil }
    static func planets() throws -> Planets { try Planets(path: PackageFolder.planetsPath!) }

    init() throws {
        let ephemeris = Ephemeris(planets: try Self.planets())
        let (moment, rubin) = (try Moment(tai: Self.mjdTai), try ObservatoryChoice.observatory("X05"))
        var sources: [MadeSource] = []
        var lines = [
            "designation,packed_primary_provisional_designation,unpacked_primary_provisional_designation,q,e,i,node,argperi,peri_time,epoch_mjd,h,g,u_param"
        ]
        for i in 0..<12 {
            let number = Double(i)
            let orbit = Orbit(
                q: 2.1 + 0.05 * number, e: 0.05 + 0.01 * number, inclination: 2 + number, node: 29 * number,
                argumentOfPerihelion: 29 * number + 11,
                perihelionTime: 60500 + 41 * number, epoch: 61000)
            let name = try Designation("2031 A\(Character(UnicodeScalar(65 + UInt8(i < 8 ? i : i + 1))))\(i + 1)")
            let seen = try ephemeris.predict(orbit.state(), at: moment, from: rubin)
            let id = Int64(1000 * (i + 1))
            objects.append(Asteroid(designation: name.unpacked, ssObjectId: name.ssObjectId!, orbit: orbit, diaSourceId: id))
            lines.append(
                "\(name.unpacked),\(name.packed),\(name.unpacked),\(orbit.q),\(orbit.e),\(orbit.inclination),\(orbit.node),\(orbit.argumentOfPerihelion),\(orbit.perihelionTime),\(orbit.epoch),16.5,0.15,0"
            )
            func source(_ offset: Int64, _ ra: Double, _ dec: Double) -> MadeSource {
                MadeSource(
                    id: id + offset, ra: (seen.ra + ra).truncatingRemainder(dividingBy: 360), dec: seen.dec + dec, visit: Int64(i + 1),
                    midpointMjdTai: Self.mjdTai)
            }
            sources.append(source(0, 0, 0.1 / 3600))
            // Stars from 5 arcsec to 0.1 degrees.
            for star in 1...20 {
                sources.append(
                    source(Int64(star), 0.005 * Double(star) * (star % 2 == 0 ? 1 : -1), 5.0 / 3600 * Double(star % 7 - 3) + 0.002))
            }
        }
        file = try MadeSource.write(sources)
        orbits = "/tmp/skyledger-orbits-\(UInt32.random(in: 0 ... .max)).csv"
        try (lines.joined(separator: "\n") + "\n").write(toFile: orbits, atomically: true, encoding: .utf8)
    }

    deinit { for path in [file, orbits] { try? FileManager.default.removeItem(atPath: path) } }

    /// For each asteroid's source its SSObject.
    var owners: [Int64: Int64] { Dictionary(uniqueKeysWithValues: objects.map { ($0.diaSourceId, $0.ssObjectId) }) }

    func loadOrbits(into test: TestInstance, release: String? = nil) throws {
        let outcome = try OrbitLoad(instance: test.instance, release: release).run([orbits], isComplete: true)
        #expect(outcome.new == objects.count)
    }

    func prepare(_ test: TestInstance, release: String? = nil) throws {
        let rubin = try ObservatoryChoice.observatory("X05")
        _ = try Preparation(instance: test.instance, planets: Self.planets(), release: release)
            .run(NightSpan(containing: Moment(tai: Self.mjdTai).utc, at: rubin))
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
