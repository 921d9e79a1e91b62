import Catalog
import Columns
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

    /// The rows that nights of known objects leave, without what tells the generation.
    private static func found(_ test: TestInstance, _ schema: String) throws -> [String] {
        try test.rows("SELECT to_jsonb(s) - 'replicaKey' - 'generation' AS s FROM \(schema).\"SSSource\" AS s")
            + test.rows(
                "SELECT \"visit\", \"solarSystem\", \"nSSObjects\", \"nSSSources\" FROM \(schema).\"VisitDetector\"")
    }

    private static func load(
        _ survey: SolarSurvey, into test: TestInstance, prepares: Bool? = nil, preparing: @escaping (NightProgress) -> Bool = { _ in true }
    ) throws -> LoadTask.Summary {
        var options = LoadTask.Options()
        (options.target, options.clock, options.preparesNights) = (.release("DR1"), .visit, prepares)
        return try LoadTask(instance: test.instance, options: options).run([.catalog(survey.file)], preparing: preparing)
    }

    @Test("a load and a catch-up of many nights carry the release's orbits to each, and find what preparing them one by one finds")
    func nights() throws {
        let (test, later, byHand) = (try TestInstance(), try TestInstance(), try TestInstance())
        let survey = try SolarSurvey(nights: [0, 1, 4])
        for instance in [test, later] {
            try instance.begin(cutoff: SolarSurvey.mjdTai + (instance === test ? 10 : -10))
            try survey.loadOrbits(into: instance, release: "DR1")
        }
        try survey.loadOrbits(into: byHand)
        let rows = try ParquetReader(path: survey.file).read()
        for night in [0, 1, 4] {
            try survey.prepare(byHand, night: night)
            let chosen = (0..<rows.rowCount).filter { rows["midpointMjdTai"]!.doubles![$0] == SolarSurvey.mjdTai + Double(night) }
            let file = "/tmp/skyledger-night-\(UInt32.random(in: 0 ... .max)).parquet"
            defer { try? FileManager.default.removeItem(atPath: file) }
            try ParquetWriter.write(rows.gather(chosen), to: file)
            #expect(try byHand.load(file).ssSources == survey.objects.count)
        }
        #expect(try byHand.owners() == survey.owners)
        let expected = try Self.found(byHand, "apdb")

        let loaded = try Self.load(survey, into: test)
        #expect(loaded.nightsPrepared == 3 && loaded.withoutEphemerides == 0 && loaded.ssSources == survey.owners.count)
        #expect(try Self.found(test, "apdb_0002") == expected)
        #expect(try test.int("SELECT count(*) FROM \"SSObjectState\"") == 0)
        // What is there is not looked at again.
        let again = try Self.load(survey, into: test)
        #expect(again.nightsPrepared == 0 && again.skippedAlreadyLoaded == survey.owners.count)

        try later.load(survey.file)
        let caught = try later.catchUp()
        #expect(caught.nightsPrepared == 3 && caught.withoutEphemerides == 0)
        #expect(try Self.found(later, "apdb_0002") == expected)
    }

    @Test("stopped while a night's orbits are carried, the same load goes on with that night; where it is left off, visits say so")
    func stopped() throws {
        let (test, left) = (try TestInstance(), try TestInstance())
        let survey = try SolarSurvey(nights: [0, 1, 2])
        for instance in [test, left] {
            try instance.begin(cutoff: SolarSurvey.mjdTai + 10)
            try survey.loadOrbits(into: instance, release: "DR1")
        }
        var nights: Set<Double> = []
        let states = "SELECT * FROM apdb_0002.\"SSObjectState\""
        let first = try Self.load(survey, into: test) { night in
            #expect(night.total == survey.objects.count)
            nights.insert(night.midnightMjdUtc)
            return nights.count < 2
        }
        #expect(nights.count == 2 && first.nightsPrepared == 1 && first.detectors == survey.objects.count)
        let before = try test.rows(states)
        #expect(try test.int("SELECT count(*) FROM apdb_0002.\"SSObjectState\"") == Int64(survey.objects.count))
        let second = try Self.load(survey, into: test)
        #expect(second.nightsPrepared == 2 && second.skippedAlreadyLoaded == survey.objects.count)
        _ = try Self.load(survey, into: left)
        #expect(try Self.found(test, "apdb_0002") == Self.found(left, "apdb_0002"))
        #expect(try test.rows(states) == left.rows(states) && test.rows(states) != before)

        let without = try TestInstance()
        try without.begin(cutoff: SolarSurvey.mjdTai + 10)
        try survey.loadOrbits(into: without, release: "DR1")
        let summary = try Self.load(survey, into: without, prepares: false)
        #expect(summary.nightsPrepared == 0 && summary.withoutEphemerides == survey.owners.count)
    }

    @Test("a load of the nights prepares them where the configuration asks for it, in the other generation of a joined release too")
    func live() throws {
        let (test, survey) = (try TestInstance(), try SolarSurvey(nights: [0, 1]))
        var configuration = Configuration()
        configuration.solarSystem.preparesNights = true
        try test.configure { $0 = configuration }
        try survey.loadOrbits(into: test)
        try test.begin(cutoff: SolarSurvey.mjdTai - 10, configuration: configuration)
        try survey.loadOrbits(into: test, release: "DR1")
        try test.join()
        let summary = try test.load(survey.file)
        #expect(summary.nightsPrepared == 4 && summary.joined == survey.owners.count && summary.withoutEphemerides == 0)
        #expect(try test.owners() == survey.owners)
        #expect(try test.int(Self.identified) == Int64(survey.owners.count))
    }
}
