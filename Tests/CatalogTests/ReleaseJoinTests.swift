import Alerts
import Catalog
import Dispatch
import Foundation
import Ingest
import TestSupport
import Testing

@Suite("Release: join and swaps", .serialized) struct ReleaseJoinTests {
    @Test("joined visits are in both generations, each associated with its own objects; alerts are of the current one alone")
    func joined() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 8))
        try test.load(fixture.part(0..<4), alerts: true)
        try test.begin(cutoff: fixture.cutoff(after: 3))
        try test.releaseLoad(fixture.part(0..<4, shiftArcsec: 0.05))
        try test.load(fixture.part([4]), alerts: true)
        #expect(try test.join())
        #expect(try !test.join())
        let summary = try test.load(fixture.part(5..<8), alerts: true)
        #expect(summary.joined == 6 && summary.alerts > 0)
        #expect(try test.contents(2) == test.contents(1) && test.lag(1) == 0 && test.lag(2) == 0)
        #expect(try test.int("SELECT count(*) FROM ledger.\"Batch\" WHERE \"generation\" = 2") == 0)
        let old = try test.int("SELECT count(*) FROM apdb_0002.\"DiaSource\" WHERE \"visit\" > 100004 AND \"diaObjectId\" > 500000000000")
        #expect(try #require(old) > 0)
        // A change for each generation of each visit-detector.
        #expect(
            try test.int(
                "SELECT count(DISTINCT (\"generation\", \"visit\", \"detector\")) FROM skyledger.\"Change\" WHERE \"visit\" > 100004") == 12
        )
        #expect(try test.faults() == [])
        try test.swap(publish: true)
        #expect(try test.faults() == [])
    }

    @Test("a store that one generation refuses is in neither")
    func neither() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 4))
        try test.begin(cutoff: fixture.cutoff(after: 0) - 10)
        try test.load(fixture.part(0..<2))
        try test.join()
        let owner = try test.connection(.owner)
        try owner.execute("ALTER TABLE l1_0002.\"DiaObjectLast\" ADD CONSTRAINT refuses CHECK (false) NOT VALID")
        let before = try (test.contents(1), test.contents(2))
        #expect(test.failure { try test.load(fixture.part(2..<3)) } != "")
        #expect(try test.contents(1) == before.0 && test.contents(2) == before.1)
        try owner.execute("ALTER TABLE l1_0002.\"DiaObjectLast\" DROP CONSTRAINT refuses")
        #expect(try test.load(fixture.part(2..<4)).joined == 4)
        #expect(try test.contents(1) == test.contents(2))
    }

    @Test("a load goes on across join, publication and rollback, loses nothing and issues each alert once")
    func acrossSwaps() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 40, sources: 40))
        try test.begin(cutoff: fixture.cutoff(after: 0) - 10)
        let (instance, failures, directory) = (test.instance, Failures(), fixture.directory)
        var options = LoadTask.Options()
        options.clock = .visit
        options.alertSchemas = try AlertSchemaFolder(PackageFolder.dependencies.appendingPathComponent("schema/alerts").path)
        let given = options
        let progress = VisitCounter()
        Thread.detachNewThread {
            do {
                progress.end(
                    try LoadTask(instance: instance, options: given).run([.visitDirectory(directory)]) { now in
                        progress.set(now.visitsDone)
                        usleep(150_000)
                        return true
                    })
            } catch {
                failures.add("\(error)")
                progress.end(nil)
            }
        }
        progress.wait(for: 3)
        try test.join()
        for _ in 0..<2 {
            progress.wait(for: progress.visits + 3)
            try test.swap(publish: true)
            progress.wait(for: progress.visits + 3)
            try test.swap(publish: false)
            try test.join()
        }
        let summary = try #require(progress.summary)
        #expect(failures.all == [])
        #expect(summary.visits == 40 && summary.detectors == 80 && summary.swaps > 1)
        try test.catchUp()
        #expect(try test.contents(1) == test.contents(2) && test.contents(1).count == 80 + 2)
        let doubled = "SELECT \"visit\", \"detector\" FROM ledger.\"Batch\" GROUP BY 1, 2 HAVING count(*) > 1"
        #expect(try test.int("SELECT count(*) FROM (\(doubled)) AS d") == 0)
        #expect(try test.int("SELECT sum(\"count\")::bigint FROM ledger.\"Batch\"") == Int64(summary.alerts))
        #expect(try test.faults() == [])
    }

    @Test("what is stored while a release is published waits for the former generation, and is there after a rollback")
    func rollback() throws {
        let (test, fixture) = (try TestInstance(), try ReleaseFixture(visits: 8))
        let path = "/tmp/skyledger-release-\(UInt32.random(in: 0 ... .max)).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ReleaseSchema.with("newOfRelease", in: "DiaSource").write(toFile: path, atomically: true, encoding: .utf8)
        try test.load(fixture.part(0..<4))
        try test.begin(cutoff: fixture.cutoff(after: 2), schema: path)
        try test.releaseLoad(fixture.part(0..<3, shiftArcsec: 0.05))
        try test.join()
        try test.load(fixture.part([4]))
        try test.swap(publish: true)
        try test.load(fixture.part(5..<7))
        #expect(try test.lag(1) == 4 && test.lag(2) == 0)
        // What was taken over from the former generation's document is recognised.
        #expect(try test.load(fixture.part(3..<7)).skippedAlreadyLoaded == 8)
        try test.swap(publish: false)
        try test.load(fixture.part([7]), alerts: true)
        #expect(try test.lag(2) == 2)
        #expect(try test.join())
        #expect(try test.contents(1) == test.contents(2) && test.lag(1) == 0 && test.lag(2) == 0)
        #expect(try test.faults() == [])
    }
}

/// How far a load on another thread is.
///
/// - Note: `@unchecked Sendable` because its variables are touched only while the condition is held.
final class VisitCounter: @unchecked Sendable {
    private let condition = NSCondition()
    private var done = 0
    private var hasEnded = false
    private var outcome: LoadTask.Summary?

    var visits: Int { condition.withLock { done } }

    func set(_ visits: Int) {
        condition.withLock {
            done = visits
            condition.broadcast()
        }
    }

    func end(_ summary: LoadTask.Summary?) {
        condition.withLock {
            (hasEnded, outcome) = (true, summary)
            condition.broadcast()
        }
    }

    /// Until so many visits are done, or the load has ended.
    func wait(for visits: Int) { condition.withLock { while done < visits, !hasEnded { condition.wait() } } }

    /// What the load did, when it has ended; nil where it failed.
    var summary: LoadTask.Summary? {
        condition.withLock {
            while !hasEnded { condition.wait() }
            return outcome
        }
    }
}
