import Foundation
import Testing

@testable import Catalog
@testable import Release

@Suite("Old versions of a crosswalk", .serialized) struct CrosswalkPruningTests {
    /// An instance with versions 1 to 4 of a release's crosswalk.
    private func prepared() throws -> TwoGenerations {
        let sky = try TwoGenerations(visits: 3, sources: 60)
        for version in 1...4 {
            var rules = CrosswalkRules()
            rules.objectRadiusArcsec = 0.4 + 0.1 * Double(version)
            try #require(sky.crosswalk(rules).crosswalk.crosswalk == version)
        }
        return sky
    }

    private func report(_ name: Character, of crosswalk: Int, _ sky: TwoGenerations) throws -> String {
        let hash = String(repeating: name, count: 64)
        try sky.owner().execute(
            """
            INSERT INTO skyledger."ReleaseReport" ("report", "release", "passes", "state", "json")
            VALUES ('\(hash)', 'DR1', true, 's', '{"measurement": {"lag": {"crosswalk": \(crosswalk)}}}')
            """)
        return hash
    }

    private func versions(_ sky: TwoGenerations) throws -> [Int] { try Crosswalks(connection: sky.reader()).all().map(\.crosswalk) }

    @Test("what a newer one has taken the place of goes, what was published with and the newest stay; repeated it changes nothing")
    func prunes() throws {
        let sky = try prepared()
        let published = try report("a", of: 1, sky)
        _ = try report("b", of: 2, sky)
        _ = try report("c", of: 4, sky)
        try sky.owner().execute(
            """
            INSERT INTO skyledger."ReleaseSwap" ("number", "release", "kind", "fromGeneration", "toGeneration", "report", "lastChange")
            VALUES (1, 'DR1', 'publish', 1, 2, '\(published)', 0)
            """)
        let rows = try sky.int("SELECT count(*) FROM skyledger.\"CrosswalkSource\" WHERE \"crosswalk\" = 4")
        let outcome = try CrosswalkPruning(instance: sky.instance, release: "DR1").run()
        #expect(outcome.removed.map(\.crosswalk) == [2, 3] && outcome.removed.allSatisfy { $0.sizeBytes > 0 })
        #expect(outcome.kept == [.init(crosswalk: 1, reason: .report, report: published), .init(crosswalk: 4, reason: .newest)])
        #expect(try versions(sky) == [1, 4])
        #expect(try sky.int("SELECT count(*) FROM pg_class WHERE relname ~ '^Crosswalk(Source|Object)_[23]$'") == 0)
        #expect(try sky.int("SELECT count(*) FROM skyledger.\"CrosswalkSource\" WHERE \"crosswalk\" = 4") == rows)
        #expect(try CrosswalkPruning(instance: sky.instance, release: "DR1").run().removed == [])
        // Numbers are not used twice.
        var rules = CrosswalkRules()
        rules.minorFraction = 0.2
        #expect(try sky.crosswalk(rules).crosswalk.crosswalk == 5)
    }

    @Test("of a generation that is gone a version stays that alone remembers a number of it")
    func remembers() throws {
        let sky = try prepared()
        try sky.owner().execute(
            """
            INSERT INTO skyledger."CrosswalkObject" VALUES (2, 77, NULL, 'vanished', 0, 1, 0, NULL);
            DROP SCHEMA l1_0001 CASCADE
            """)
        let outcome = try CrosswalkPruning(instance: sky.instance, release: "DR1").run()
        #expect(outcome.removed.map(\.crosswalk) == [1, 3])
        #expect(outcome.kept == [.init(crosswalk: 2, reason: .trace), .init(crosswalk: 4, reason: .newest)])
    }

    @Test(
        "while somebody traces, reads or makes a crosswalk nothing is removed, and the reason is said; stopped, what is left goes the next time"
    )
    func busy() throws {
        let sky = try prepared()
        var pruning = CrosswalkPruning(instance: sky.instance, release: "DR1")
        pruning.attemptsMax = 2
        func failure() -> String {
            do {
                _ = try pruning.run()
                return ""
            } catch { return "\(error)" }
        }
        do {
            let walk = try Correspondences(instance: sky.instance, connection: sky.reader())
            #expect(failure().contains("read by a trace"))
            #expect(walk.current == 1)
        }
        let reader = try sky.reader()
        try reader.execute("BEGIN; SELECT count(*) FROM skyledger.\"CrosswalkSource\"")
        #expect(failure().contains("does not end"))
        try reader.execute("COMMIT")
        let maker = try sky.owner()
        try maker.transaction {
            try CrosswalkMaking.lock(maker)
            #expect(failure().contains("another crosswalk is being made"))
        }
        #expect(try versions(sky) == [1, 2, 3, 4])
        #expect(try pruning.run { done, _ in done < 1 }.removed.map(\.crosswalk) == [1])
        #expect(try pruning.run().removed.map(\.crosswalk) == [2, 3])
    }
}
