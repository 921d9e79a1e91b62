import Catalog
import Foundation
import Ingest
import SolarSystem
import Testing

@Suite("Release: moving objects", .serialized, .enabled(if: SolarSurvey.isPossible, "needs the planets' ephemeris: run tools/bootstrap"))
struct ReleaseOrbitTests {
    private static let identified = "SELECT count(*) FROM apdb_0002.\"DiaSource\" WHERE \"ssObjectId\" IS NOT NULL"

    @Test("a rematch follows into the release's generation, in its own orbits, and is skipped where it has none")
    func rematch() throws {
        let (test, bare, survey) = (try TestInstance(), try TestInstance(), try SolarSurvey())
        for test in [test, bare] {
            try test.begin(cutoff: SolarSurvey.mjdTai - 100)
            try test.load(survey.file)
            try test.catchUp()
            try survey.loadOrbits(into: test)
            try survey.prepare(test)
            #expect(try test.rematch().diaSources == survey.objects.count)
        }
        try survey.loadOrbits(into: test, release: "DR1")
        try survey.prepare(test, release: "DR1")
        #expect(try test.catchUp().updates == survey.objects.count)
        #expect(try test.int(Self.identified) == Int64(survey.objects.count))
        let rows = "\"diaSourceId\", \"ssObjectId\", \"disposition\" FROM"
        #expect(try test.rows("SELECT \(rows) l1_0001.\"DiaSource\"") == test.rows("SELECT \(rows) l1_0002.\"DiaSource\""))
        #expect(try test.int("SELECT count(*) FROM apdb_0002.\"SSSource\"") == Int64(survey.objects.count))
        #expect(try bare.catchUp().updatesSkipped == survey.objects.count)
        #expect(try ReleaseUpdates(connection: bare.connection()).left(of: 2).map(\.reason) == ["no ephemerides"])
        try test.swap(publish: true)
        #expect(try test.faults() == [])
    }

    @Test(
        "a release has orbits of its own: what is caught up and what is joined is compared with those, and neither generation sees the other's"
    )
    func own() throws {
        let (without, with, survey) = (try TestInstance(), try TestInstance(), try SolarSurvey())
        for test in [without, with] {
            try survey.loadOrbits(into: test)
            try survey.prepare(test)
            try test.begin(cutoff: SolarSurvey.mjdTai - 100)
        }
        // Orbits of the current generation say nothing in the release's.
        try without.load(survey.file)
        #expect(try without.owners() == survey.owners)
        #expect(try without.catchUp().diaSources > 0)
        #expect(try without.int(Self.identified) == 0)
        #expect(try without.int("SELECT count(*) FROM apdb_0002.\"VisitDetector\" WHERE \"solarSystem\" <> 'noCatalog'") == 0)

        try survey.loadOrbits(into: with, release: "DR1")
        #expect(try with.int("SELECT count(*) FROM apdb_0002.\"SSObjectState\"") == 0)
        try survey.prepare(with, release: "DR1")
        try with.join()
        #expect(try with.load(survey.file).joined == survey.objects.count)
        #expect(try with.owners() == survey.owners)
        #expect(try with.int(Self.identified) == Int64(survey.objects.count))
        #expect(try with.int("SELECT count(*) FROM apdb_0002.\"SSSource\"") == Int64(survey.objects.count))
        // A catalog that changes in the release's generation does not in the current one.
        let before = try with.rows("SELECT * FROM \"mpc_orbits\"")
        _ = try OrbitLoad(instance: with.instance, release: "DR1").run([survey.orbits], isComplete: true)
        #expect(try with.rows("SELECT * FROM \"mpc_orbits\"") == before)
        #expect(try with.int("SELECT max(\"number\")::bigint FROM \"OrbitCatalog\"") == 1)
        #expect(try with.int("SELECT max(\"number\")::bigint FROM apdb_0002.\"OrbitCatalog\"") == 2)
        try with.swap(publish: true)
        #expect(with.failure { try survey.prepare(with, release: "DR1") }.contains("its generation is the current one"))
        #expect(try with.owners() == survey.owners)
        #expect(try with.faults() == [])
    }
}
