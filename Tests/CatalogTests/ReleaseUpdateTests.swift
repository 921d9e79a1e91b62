import Columns
import Foundation
import Ingest
import Postgres
import Testing

@testable import Catalog

/// Updates made while a release is open, in visit-detectors that both generations have under one number. Reprocessed ones: ReleaseTests.
@Suite("Release: updates follow", .serialized) struct ReleaseUpdateTests {
    /// Every kind of update once and more, on what the current generation has.
    private func change(_ test: TestInstance) throws {
        let updates = try test.updates()
        let objects = try test.ids("SELECT \"diaObjectId\" FROM \"DiaObjectLast\" WHERE \"nDiaSources\" > 2 ORDER BY 1 LIMIT 7")
        try #require(objects.count == 7)
        func members(_ object: Int64) throws -> [Int64] {
            try test.ids(
                "SELECT \"diaSourceId\" FROM \"DiaSource\" WHERE \"diaObjectId\" = \(object) AND \"timeWithdrawnMjdTai\" IS NULL ORDER BY 1"
            )
        }
        let first = try members(objects[0])
        _ = try updates.withdraw(sources: Array(first.prefix(2)), cause: "satellite")
        _ = try updates.restore(sources: [first[0]], cause: "no satellite")
        _ = try updates.reassign([(diaSourceId: members(objects[1])[0], diaObjectId: objects[2])], cause: "neighbour")
        let split = try updates.split(objects[3], sources: Array(members(objects[3]).suffix(1)), cause: "two stars")
        let new = try #require(split.diaObjectsUpdated.first { $0 != objects[3] })
        _ = try updates.merge([objects[4]], into: objects[5], cause: "one star")
        // What was founded by an update is changed by another.
        _ = try updates.withdraw(sources: members(new), cause: "of the new one")
        _ = try updates.close(objects: [objects[6]], cause: "artefact")
        _ = try updates.reassignToSSObjects([(diaSourceId: first[2], ssObjectId: 77)], cause: "moves")
        _ = try updates.link(
            [.init(designation: "2031 AB1", ssObjectId: 88, diaSourceIds: [members(objects[5])[1]])], cause: "linked")
    }

    private static let kinds = 9

    private func state(_ test: TestInstance, _ generation: Int) throws -> [String] {
        let schema = "l1_000\(generation)"
        let queries = [
            "SELECT \"diaSourceId\", \"diaObjectId\", \"ssObjectId\", \"disposition\", \"tile\", \"timeWithdrawnMjdTai\" IS NULL AS c FROM \(schema).\"DiaSource\"",
            "SELECT \"diaObjectId\", \"ra\", \"nDiaSources\", \"r_psfFluxMean\", \"firstDiaSourceMjdTai\" FROM \(schema).\"DiaObject\" WHERE \"validityEndMjdTai\" IS NULL",
            "SELECT \"diaObjectId\", \"nDiaSources\" FROM \(schema).\"DiaObjectLast\"",
            "SELECT \"updateType\", \"diaSourceId\", \"diaObjectId\", \"visit\", \"cause\" FROM \(schema).\"UpdateRecord\"",
            "SELECT \"designation\", \"ssObjectId\" FROM \(schema).\"SSObjectDesignation\"",
            "SELECT \"diaObjectId\", \"visit\", \"detector\", \"psfFlux\", \"timeWithdrawnMjdTai\" IS NULL AS c FROM \(schema).\"DiaForcedSource\"",
        ]
        return try queries.flatMap { try test.rows($0) }
    }

    private func updates(_ test: TestInstance) throws -> [ReleaseUpdate] {
        try ReleaseUpdates(connection: test.connection()).all(of: "DR1")
    }

    private func waiting(_ test: TestInstance, _ generation: Int) throws -> Int {
        try ReleaseUpdates(connection: test.connection()).waiting(of: generation)
    }

    @Test("every kind of update follows before publication, and after it into the former generation, and once more after a rollback")
    func everyKind() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 8))
        try test.load(fixture.part(0..<5))
        let none = try test.updates().withdraw(
            sources: test.ids("SELECT max(\"diaSourceId\") FROM \"DiaSource\""), cause: "before any release")
        #expect(none.operation > 0)
        try test.begin(cutoff: fixture.cutoff(after: 0) - 10)
        try test.catchUp()
        #expect(try waiting(test, 2) == 0)
        try change(test)
        #expect(try waiting(test, 2) == Self.kinds && waiting(test, 1) == 0)
        let caught = try test.catchUp()
        #expect(caught.updates == Self.kinds && caught.updatesSkipped == 0 && caught.updatesWaiting == 0)
        // What was withdrawn before is withdrawn there by the catch-up, whose record says so in other words.
        func comparable(_ generation: Int) throws -> [String] {
            try state(test, generation).filter { !$0.contains("before any release") && !$0.contains("withdrawn in generation") }
        }
        #expect(try comparable(2) == comparable(1))
        #expect(try updates(test).allSatisfy { $0.state == .done && $0.left.isEmpty && $0.reason == nil })
        #expect(try test.catchUp().updates == 0)
        try test.join()
        try test.load(fixture.part([5]))
        try test.swap(publish: true)
        #expect(try test.faults() == [])
        try change(test)
        #expect(try waiting(test, 1) > 0 && waiting(test, 2) == 0)
        let back = try test.catchUp()
        #expect(back.updates > 5 && back.updatesWaiting == 0)
        #expect(try comparable(1) == comparable(2))
        // Made before a rollback, repeated after it, in the generation that is current then; nothing comes back.
        let source = try #require(try test.int("SELECT max(\"diaSourceId\") FROM \"DiaSource\" WHERE \"timeWithdrawnMjdTai\" IS NULL"))
        _ = try test.updates().withdraw(sources: [source], cause: "late")
        try test.swap(publish: false)
        #expect(try test.catchUp().updates == 1)
        #expect(try comparable(1) == comparable(2) && waiting(test, 1) == 0 && waiting(test, 2) == 0)
        #expect(try test.faults() == [])
    }

    @Test("updates wait for the visit-detectors that were there before them, and go before those that came later")
    func order() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 8))
        try test.begin(cutoff: fixture.cutoff(after: 0) - 10)
        try test.load(fixture.part(0..<5))
        try change(test)
        try test.load(fixture.part(5..<8))
        var done: [Int] = []
        var catchUp = CatchUp(instance: test.instance)
        catchUp.clock = .visit
        // Stopped after the visit-detectors of five visits nothing else was done; one more step is an update.
        _ = try catchUp.run("DR1") { now, _ in
            done.append(now)
            return now < 11
        }
        #expect(try updates(test).prefix(1).allSatisfy { $0.state != .waiting } && waiting(test, 2) == Self.kinds - 1)
        #expect(try test.lag(2) == 6)
        let rest = try test.catchUp()
        #expect(rest.lag == 0 && rest.updatesWaiting == 0)
        #expect(rest.withdrawn == 0)
        #expect(try updates(test).map { "\($0.kind) \($0.state) \($0.left)" }.filter { !$0.hasSuffix(" done [:]") } == [])
        let sources = "\"diaSourceId\", \"diaObjectId\", \"ssObjectId\", \"timeWithdrawnMjdTai\" IS NULL AS c"
        #expect(
            try test.rows("SELECT \(sources) FROM l1_0001.\"DiaSource\"") == test.rows("SELECT \(sources) FROM l1_0002.\"DiaSource\""))
        try test.swap(publish: true)
        #expect(try test.faults() == [])
    }

    @Test("forced sources that are loaded late follow, and so do their withdrawals and restorations")
    func forced() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 5))
        try test.begin(cutoff: fixture.cutoff(after: 0) - 10)
        try test.load(fixture.part(0..<4))
        let rows = Measurement.of(try test.allTargets())
        try #require(rows.rowCount > 20)
        let half = rows.rowCount / 2
        // The first half comes before the visit-detectors are caught up and comes with them, the second later.
        _ = try test.forcedLoad().run(rows.gather(Array(0..<half)), source: "first", refresh: true)
        let first = try test.catchUp()
        #expect(first.diaForcedSources == half && first.updates == 0 && first.updatesSkipped > 0)
        _ = try test.forcedLoad().run(rows, source: "all", refresh: true)
        let keys = (0..<3).map {
            Updates.ForcedKey(
                diaObjectId: rows["diaObjectId"]!.int64s![$0], visit: rows["visit"]!.int64s![$0],
                detector: Int32(rows["detector"]!.numbers![$0]))
        }
        _ = try test.updates().withdraw(forced: keys, cause: "edge")
        _ = try test.updates().restore(forced: [keys[0]], cause: "no edge")
        let second = try test.catchUp()
        #expect(second.updates > 2 && second.updatesWaiting == 0)
        #expect(try state(test, 1) == state(test, 2))
        // A row that was withdrawn when its visit-detector was caught up is there when it is restored.
        try test.load(fixture.part([4]))
        let late = Measurement.of(try test.targets().targets(visit: #require(test.visits().max())))
        _ = try test.forcedLoad().run(late, source: "late")
        let key = Updates.ForcedKey(
            diaObjectId: late["diaObjectId"]!.int64s![0], visit: late["visit"]!.int64s![0], detector: Int32(late["detector"]!.numbers![0]))
        _ = try test.updates().withdraw(forced: [key], cause: "edge")
        #expect(try test.catchUp().diaForcedSources == late.rowCount - 1)
        _ = try test.updates().restore(forced: [key], cause: "no edge")
        #expect(try test.catchUp().updates == 1)
        let forced = "SELECT \"diaObjectId\", \"visit\", \"detector\", \"psfFlux\", \"timeWithdrawnMjdTai\" IS NULL AS c FROM"
        #expect(try test.rows("\(forced) l1_0001.\"DiaForcedSource\"") == test.rows("\(forced) l1_0002.\"DiaForcedSource\""))
        let counts = "SELECT \"visit\", \"detector\", \"nDiaForcedSources\" FROM"
        #expect(try test.rows("\(counts) l1_0001.\"VisitDetector\"") == test.rows("\(counts) l1_0002.\"VisitDetector\""))
        try test.swap(publish: true)
        #expect(try test.faults() == [])
    }

    @Test("what cannot be repeated is skipped with its reason, and stops nothing")
    func skipped() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 5))
        try test.load(fixture.part(0..<4))
        try test.begin(cutoff: fixture.cutoff(after: 0) - 10)
        try test.catchUp()
        let owner = try test.connection(.owner)
        let objects = try test.ids("SELECT \"diaObjectId\" FROM \"DiaObjectLast\" WHERE \"nDiaSources\" > 2 ORDER BY 1 LIMIT 4")
        func source(_ object: Int64, _ place: Int = 0) throws -> Int64 {
            try test.ids("SELECT \"diaSourceId\" FROM l1_0001.\"DiaSource\" WHERE \"diaObjectId\" = \(object) ORDER BY 1")[place]
        }
        // In the release's generation an object is closed, one was merged before, and a visit-detector is not there.
        let release = try test.instance.generation(2, on: owner)
        let there = try Updates(
            connection: test.connection(.ingest), generation: release, pixelization: test.instance.pixelization(on: owner),
            configuration: Configuration(), use: .catchUp("DR1"))
        let (closed, kept) = (objects[0], objects[1])
        let sources = try (source(closed), source(closed, 1), source(kept))
        _ = try there.withdraw(sources: [sources.0], cause: "there too")
        _ = try there.close(objects: [closed], cause: "there alone")
        _ = try there.merge([objects[3]], into: objects[2], cause: "there too")
        let updates = try test.updates()
        _ = try updates.withdraw(sources: [sources.0], cause: "t")
        _ = try updates.restore(sources: [sources.0], cause: "t")
        _ = try updates.reassign([(diaSourceId: sources.2, diaObjectId: closed)], cause: "t")
        _ = try updates.merge([objects[3]], into: objects[2], cause: "t")
        _ = try updates.withdraw(sources: [source(kept)], cause: "last")
        let outcome = try test.catchUp()
        #expect(outcome.updatesWaiting == 0 && outcome.updates == 1 && outcome.updatesSkipped == 4)
        #expect(try self.updates(test).map(\.reason) == ["already so", "closed object", "closed object", "already so", nil])
        #expect(try ReleaseUpdates(connection: test.connection()).skipped(of: 2) == 2)
        let left = try ReleaseUpdates(connection: test.connection()).left(of: 2)
        #expect(
            left.map { "\($0.kind.rawValue) \($0.reason) \($0.rows)" }.sorted() == [
                "merge already so 1", "reassign closed object 1", "restore closed object 1", "withdraw already so 1",
            ])
        // Given up, nothing waits for it any more.
        _ = try updates.withdraw(sources: [sources.1], cause: "too late")
        #expect(try ReleaseAbandonment(instance: test.instance).run("DR1"))
        #expect(try self.updates(test).last?.reason == "release ended" && waiting(test, 2) == 0)
        _ = try updates.restore(sources: [sources.1], cause: "no release")
        #expect(try self.updates(test).count == 6)
    }

    @Test("an update that fails half way is not there, and is repeated as it was")
    func atomic() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 5))
        try test.load(fixture.part(0..<4))
        try test.begin(cutoff: fixture.cutoff(after: 0) - 10)
        try test.catchUp()
        try change(test)
        let before = try state(test, 2)
        let owner = try test.connection(.owner)
        try owner.execute("ALTER TABLE skyledger.\"ReleaseUpdate\" ADD CONSTRAINT refuses CHECK (\"state\" <> 'done') NOT VALID")
        #expect(test.failure { try test.catchUp() } != "")
        #expect(try state(test, 2) == before && waiting(test, 2) == Self.kinds)
        try owner.execute("ALTER TABLE skyledger.\"ReleaseUpdate\" DROP CONSTRAINT refuses")
        #expect(try test.catchUp().updates == Self.kinds)
        #expect(try state(test, 2) == state(test, 1))
    }
}
