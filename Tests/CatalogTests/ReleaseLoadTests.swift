import Catalog
import Columns
import Foundation
import Ingest
import Testing

@Suite("Release: load and catch-up", .serialized) struct ReleaseLoadTests {
    @Test("what a release loads is what an instance of its own would hold, and the nights that follow are caught up with their identifiers")
    func loadAndCatchUp() throws {
        let (test, fixture, alone) = (try TestInstance(), try ReleaseFixture(), try TestInstance())
        try test.load(fixture.part(0..<9))
        let current = try test.rows("SELECT * FROM \"DiaObject\"")
        try test.begin(cutoff: fixture.cutoff(after: 5))
        // A night that comes after the beginning.
        try test.load(fixture.part(9..<10))
        let reprocessed = try fixture.part(0..<6, shiftArcsec: 0.05)
        let loaded = try test.releaseLoad(reprocessed)
        #expect(loaded.visits == 6 && loaded.alerts == 0 && loaded.skippedAlreadyLoaded == 0)
        #expect(try test.lag(2) == 8 && test.lag(1) == 0)
        // The night that comes last is late by the time at which the others are caught up.
        let caught = try test.catchUp()
        #expect(caught.visitDetectors == 8 && caught.lag == 0 && caught.late == 0)
        try alone.load(reprocessed)
        try alone.load(fixture.part(6..<10))
        for table in ["DiaSource", "DiaObject", "DiaObjectLast"] {
            let columns =
                table == "DiaSource"
                ? "\"diaSourceId\", \"diaObjectId\", \"ra\", \"psfFlux\", \"disposition\"" : "\"diaObjectId\", \"ra\", \"nDiaSources\""
            #expect(try test.rows("SELECT \(columns) FROM apdb_0002.\"\(table)\"") == alone.rows("SELECT \(columns) FROM \"\(table)\""))
        }
        #expect(try test.rows("SELECT * FROM \"DiaObject\"").count > current.count)
        #expect(try Releases(connection: test.connection()).steps(of: "DR1").map(\.kind) == [.begin, .load, .catchUp])
        #expect(try test.catchUp().visitDetectors == 0 && test.releaseLoad(reprocessed).skippedAlreadyLoaded == 12)
    }

    @Test("a visit out of order is refused and both are named, and nothing of the input is stored")
    func outOfOrder() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 6))
        try test.begin(cutoff: fixture.cutoff(after: 5))
        try test.releaseLoad(fixture.part([0, 3]))
        let before = try test.contents(2)
        let message = test.failure { try test.releaseLoad(fixture.part([0, 2, 4])) }
        #expect(message.contains("visit 100002 detector 0 ") && message.contains("after visit 100003 "))
        #expect(try test.contents(2) == before)
        // Visits of several inputs are put in order first.
        var options = LoadTask.Options()
        options.target = .release("DR1")
        _ = try LoadTask(instance: test.instance, options: options).run([
            .visitDirectory(fixture.part([5])), .visitDirectory(fixture.part([4])),
        ])
        #expect(try test.int("SELECT count(*) FROM apdb_0002.\"VisitDetector\"") == 8)
    }

    @Test("the store itself refuses what comes out of order, whoever asks, and takes a visit's detectors in any order")
    func storeRefuses() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 3))
        let release = try test.begin(cutoff: fixture.cutoff(after: 2)).release
        let connection = try test.connection(.ingest)
        let generation = try test.instance.generation(release.generation, on: connection)
        let store = try Store(
            connection: connection, generation: generation, pixelization: test.instance.pixelization(on: connection), clock: .visit,
            use: .release("DR1"))
        let visits = try VisitDirectory(fixture.directory, generation: generation)
        let load = VisitDetectorLoad()
        let second = try visits.prepare(1)
        for piece in second.reversed() { _ = try load.run(piece, in: store) }
        let message = test.failure { _ = try load.run(visits.prepare(0)[0], in: store) }
        #expect(message.contains("visit 100000 ") && message.contains("visit 100001 "))
        #expect(try load.run(second[0], in: store) == .alreadyStored)
    }

    @Test(
        "a visit that the current generation has and the input lacks is named before anything is loaded, and so is one that is there twice")
    func missingAndTwice() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 6))
        try test.load(fixture.directory)
        try test.begin(cutoff: fixture.cutoff(after: 4))
        let gap = try fixture.part([0, 1, 3, 4], shiftArcsec: 0.05)
        let missing = test.failure { try test.releaseLoad(gap) }
        #expect(
            missing.contains("visit 100002 detector 0 ") && missing.contains("and 1 more visit-detectors")
                && missing.contains("nothing was loaded"))
        var options = LoadTask.Options()
        options.target = .release("DR1")
        let twice = test.failure {
            _ = try LoadTask(instance: test.instance, options: options).run([
                .visitDirectory(fixture.part(0..<3)), .visitDirectory(fixture.part(2..<5)),
            ])
        }
        #expect(twice.contains("visit 100002 detector 0 is in the input twice"))
        try FileManager.default.removeItem(atPath: gap + "/visit_100003.parquet")
        #expect(test.failure { try test.releaseLoad(gap, allowsMissing: true) }.contains("visits.parquet lists visit 100003"))
        #expect(test.failure { try test.catchUp() }.contains("10 visit-detectors up to the cutoff are not in the release yet"))
        #expect(try test.int("SELECT count(*) FROM apdb_0002.\"VisitDetector\"") == 0)
        // Pieces of the input may come one after the other.
        try test.releaseLoad(fixture.part(0..<2, shiftArcsec: 0.05))
        try test.releaseLoad(fixture.part([3, 4], shiftArcsec: 0.05), allowsMissing: true)
        #expect(test.failure { try test.catchUp() }.contains("2 visit-detectors up to the cutoff"))
    }

    @Test("a visit of the nights that comes late is caught up and counted as late, and one that was reprocessed waits no longer")
    func lateAndReprocessed() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 6))
        try test.load(fixture.part(0..<3))
        try test.begin(cutoff: fixture.cutoff(after: 2))
        try test.load(fixture.part([4, 5]))
        // Beyond the cutoff, processed by the same new algorithms.
        try test.releaseLoad(fixture.part([0, 1, 2, 4], shiftArcsec: 0.05))
        #expect(try test.lag(2) == 2)
        try test.catchUp()
        try test.load(fixture.part([3]))
        let caught = try test.catchUp()
        #expect(caught.visitDetectors == 2 && caught.late == 2 && caught.lag == 0)
        #expect(
            try test.int("SELECT count(*) FROM apdb_0002.\"DiaSource\" WHERE \"visit\" = 100004 AND \"diaSourceId\" < 500000000000") == 0)
    }

    @Test("withdrawn sources are withdrawn in the release too, forced photometry follows to its objects, and the doctor finds nothing")
    func withdrawnAndForced() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 6))
        try test.begin(cutoff: fixture.cutoff(after: 0) - 10)
        try test.load(fixture.part(0..<5))
        let connection = try test.connection(.ingest)
        let generation = try test.instance.currentGeneration(on: connection)
        let updates = try Updates(
            connection: connection, generation: generation, pixelization: test.instance.pixelization(on: connection),
            configuration: Configuration())
        let ids = try connection.query(
            "SELECT \"diaSourceId\" FROM \"DiaSource\" WHERE \"diaObjectId\" IS NOT NULL ORDER BY 1 LIMIT 5")["diaSourceId"]!.int64s!
        _ = try updates.withdraw(sources: ids, cause: "satellite")
        let caught = try test.catchUp()
        #expect(caught.visitDetectors == 10 && caught.withdrawn == 0 && caught.updates == 1)
        #expect(try test.int("SELECT count(*) FROM apdb_0002.\"DiaSource\" WHERE \"timeWithdrawnMjdTai\" IS NOT NULL") == 5)
        try test.swap(publish: true)
        #expect(try test.faults() == [])
    }
}
