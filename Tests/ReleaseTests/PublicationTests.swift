import Catalog
import Columns
import Foundation
import Postgres
import Release
import Synchronization
import Testing

@Suite("Publication of a release", .serialized) struct ReleasePublicationTests {
    private func refusal(_ body: () throws -> Void) -> String {
        do { try body() } catch let error as ReleaseError { return "\(error)" } catch { return "another error: \(error)" }
        return "not refused"
    }

    @Test("it needs a joined release, nothing that waits, and a report of the present state that passes or is accepted")
    func conditions() throws {
        let fixture = try SwapFixture(visits: 2)
        let publication = try Publication(fixture.instance)
        func refusal(_ accepted: String? = nil) -> String {
            self.refusal { _ = try publication.run(SwapFixture.release, accepting: accepted) }
        }
        try fixture.begin()
        #expect(refusal().contains("it is loading"))
        try fixture.join()
        #expect(refusal().contains("it has no report"))
        let failing = try fixture.report(passes: false)
        #expect(refusal().contains("does not pass") && refusal().contains("--accept \(failing)"))
        #expect(refusal("ffffffff").contains("no report whose hash"))
        #expect(refusal("x").contains("is no hash"))
        let owner = try fixture.connection(.owner)
        try owner.execute("INSERT INTO skyledger.\"ReleaseQueue\" VALUES (2, 61000, 9, 9)")
        try fixture.report()
        #expect(refusal().contains("lacks 1 visit-detectors"))
        try owner.execute("DELETE FROM skyledger.\"ReleaseQueue\"")
        try owner.execute(
            "INSERT INTO skyledger.\"ReleaseUpdate\" (\"release\", \"generation\", \"kind\", \"request\", \"cause\") VALUES ('dr1', 2, 'close', '{}', 't')"
        )
        #expect(refusal().contains("1 updates wait") && refusal().contains("release catch-up dr1"))
        try owner.execute("DELETE FROM skyledger.\"ReleaseUpdate\"")
        #expect(try fixture.current() == [1, 1])
        let swap = try publication.run(SwapFixture.release, accepting: String(failing.prefix(8)))
        #expect(swap.report == failing && swap.number == 1 && swap.fromGeneration == 1 && swap.toGeneration == 2)
        #expect(try fixture.current() == [2, 2])
        #expect(refusal().contains("published already, by swap 1"))
    }

    @Test("a report is stale after an update, another crosswalk or a visit of one generation alone, and not after a store to both")
    func stale() throws {
        let fixture = try SwapFixture(visits: 2, more: 1)
        try fixture.begin()
        try fixture.join()
        func digest() throws -> String { try ReleaseState.read(of: fixture.record(), thresholds: "t", on: fixture.connection()).digest }
        let first = try digest()
        func held(_ generation: Int) throws -> Int64 { try fixture.int("SELECT count(*) FROM l1_000\(generation).\"VisitDetector\"") }
        let before = try held(1)
        try fixture.load(1)
        #expect(try held(1) > before)
        #expect(try held(2) == held(1))
        #expect(try digest() == first)
        let report = try fixture.report()
        try fixture.connection(.owner).execute(
            """
            BEGIN; SELECT skyledger.begin_change();
            INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "operation", "nRows", "sizeBytes")
            VALUES (skyledger.replica_key(), 2, 'update', 1, 1, 1); COMMIT
            """)
        #expect(try digest() != first)
        for accepted in [nil, report] {
            #expect(refusal { _ = try Publication(fixture.instance).run(SwapFixture.release, accepting: accepted) }.contains("is stale"))
        }
        let second = try digest()
        try fixture.connection(.owner).execute(
            "INSERT INTO skyledger.\"Crosswalk\" VALUES (1, 'dr1', 1, 2, '{}', 0, 0, 0, '{}'); DELETE FROM l1_0002.\"VisitDetector\" WHERE \"visit\" < 0"
        )
        let third = try digest()
        #expect(third != second)
        try fixture.connection(.owner).execute("DELETE FROM l1_0002.\"VisitDetector\"")
        #expect(try digest() != third)
        #expect(try fixture.current() == [1, 1])
    }

    @Test("of two at once one wins, and the other says which")
    func race() throws {
        let fixture = try SwapFixture(visits: 2)
        try fixture.makeReady()
        let outcomes = Mutex<[String]>([])
        let instance = fixture.instance
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let outcome: String
            do { outcome = "swap \(try Publication(instance).run(SwapFixture.release).number)" } catch { outcome = "\(error)" }
            outcomes.withLock { $0.append(outcome) }
        }
        let all = outcomes.withLock { $0 }
        #expect(all.filter { $0 == "swap 1" }.count == 1)
        #expect(all.filter { $0.contains("published already, by swap 1") }.count == 3, "\(all)")
        #expect(try fixture.int("SELECT count(*) FROM skyledger.\"ReleaseSwap\"") == 1)
        #expect(try fixture.current() == [2, 2])
    }

    @Test("a rollback puts back generation and configuration, and the release can be joined and published again")
    func rollback() throws {
        let fixture = try SwapFixture(visits: 2)
        var rules = Configuration()
        rules.association.match.radiusArcsec = 2.5
        try fixture.begin(configuration: rules)
        try fixture.join()
        try fixture.report()
        func radius() throws -> Double {
            try ConfigurationRecord.current(on: fixture.connection()).configuration.association.match.radiusArcsec
        }
        let before = try radius()
        #expect(refusal { _ = try Rollback(fixture.instance).run(SwapFixture.release) }.contains("it is not published"))
        _ = try Publication(fixture.instance).run(SwapFixture.release)
        #expect(try radius() == 2.5)
        let swap = try Rollback(fixture.instance).run(SwapFixture.release)
        #expect(swap.number == 2 && swap.kind == "rollback")
        #expect(try fixture.current() == [1, 1])
        #expect(try radius() == before)
        #expect(try fixture.record().state == .loading)
        #expect(refusal { _ = try Rollback(fixture.instance).run(SwapFixture.release) }.contains("taken back by swap 2"))
        try fixture.join()
        _ = try Publication(fixture.instance).run(SwapFixture.release)
        #expect(try fixture.current() == [2, 2])
        #expect(try radius() == 2.5)
    }

    @Test("the ledger is the same after each step, and what the former visit table said of alerts is held against it when that is gone")
    func ledger() throws {
        let fixture = try SwapFixture(visits: 3, issuesAlerts: true)
        try fixture.makeReady()
        let before = try fixture.ledger()
        #expect(before.isSound && before.newest != nil)
        func same(_ step: String) throws {
            let now = try fixture.ledger()
            #expect(now.isSound && now.newest == before.newest, "\(step)")
        }
        _ = try Publication(fixture.instance).run(SwapFixture.release)
        try same("publish")
        _ = try Rollback(fixture.instance).run(SwapFixture.release)
        try same("rollback")
        try fixture.join()
        _ = try Publication(fixture.instance).run(SwapFixture.release)
        var options = Retirement.Options()
        #expect(
            refusal { _ = try Retirement(fixture.instance).run(SwapFixture.release, options: options) }.contains("releases.keepFormerDays"))
        options.now = true
        #expect(
            refusal { _ = try Retirement(fixture.instance).run(SwapFixture.release, options: options) }.contains("there is no crosswalk"))
        _ = try CrosswalkMaking(instance: fixture.instance, release: SwapFixture.release).run { _ in true }
        #expect(refusal { _ = try Retirement(fixture.instance).run(SwapFixture.release, options: options) }.contains("are not verified"))
        options.unverified = true
        let outcome = try Retirement(fixture.instance).run(SwapFixture.release, options: options)
        #expect(try outcome.witnesses == fixture.int("SELECT count(*) FROM l1_0002.\"VisitDetector\""))
        #expect(try fixture.int("SELECT count(*) FROM pg_namespace WHERE nspname IN ('l1_0001', 'apdb_0001')") == 0)
        try same("retire")
        try fixture.connection(.owner).execute(
            "UPDATE skyledger.\"AlertWitness\" SET \"nAlerts\" = \"nAlerts\" + 1 WHERE \"visit\" = 100000")
        #expect(try !fixture.ledger().isSound)
    }
}
