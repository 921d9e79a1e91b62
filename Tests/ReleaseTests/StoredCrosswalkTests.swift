import Foundation
import TestSupport
import Testing

@testable import Catalog
@testable import Release

@Suite("The crosswalk of a release, stored", .serialized) struct StoredCrosswalkTests {
    @Test(
        "it equals an independent computation, also where objects stand in other tiles than their rows say and batches are cut at detectors"
    )
    func equal() throws {
        let sky = try TwoGenerations()
        // Some objects have moved out of the tile of their first position, with their sources.
        try sky.owner().execute(
            """
            UPDATE l1_0002."DiaObjectLast" SET "tile" = "tile" + 1 WHERE abs(hashint8("diaObjectId")) % 5 = 0;
            UPDATE l1_0002."DiaSource" SET "tile" = "tile" + 1 WHERE abs(hashint8("diaObjectId")) % 5 = 0
            """)
        // One is closed and its sources stay its own; one source is withdrawn.
        try sky.owner().execute(
            """
            DELETE FROM l1_0001."DiaObjectLast" WHERE "diaObjectId" = (SELECT min("diaObjectId") FROM l1_0001."DiaObjectLast" WHERE "nDiaSources" > 1);
            UPDATE l1_0001."DiaSource" SET "timeWithdrawnMjdTai" = 61500 WHERE "diaSourceId" = (SELECT max("diaSourceId") FROM l1_0001."DiaSource")
            """)
        let outcome = try sky.crosswalk()
        #expect(outcome.isNew && outcome.crosswalk.crosswalk == 1)
        try requireEqual(sky, 1)
        #expect(outcome.crosswalk.nSources == (try sky.int("SELECT count(*) FROM skyledger.\"CrosswalkSource\"")))
        #expect(outcome.crosswalk.nObjects == (try sky.int("SELECT count(*) FROM skyledger.\"CrosswalkObject\"")))
        #expect((outcome.crosswalk.summary.oldObjects["split"] ?? 0) > 5)
        // The same in the smallest batches.
        let small = try Self.run(sky, batchSources: 1)
        #expect(small == outcome.crosswalk.summary.withoutTime)
    }

    @Test("the script's truth is found: every source that was kept has its own, dropped ones vanished, added ones are new")
    func truth() throws {
        let sky = try TwoGenerations()
        try sky.crosswalk()
        let wrong = try sky.int(
            """
            SELECT count(*) FROM skyledger."CrosswalkSource"
            WHERE CASE WHEN "oldDiaSourceId" IS NULL THEN "newDiaSourceId" < 3 * \(TwoGenerations.shift)
                       WHEN "newDiaSourceId" IS NULL THEN abs(hashint8extended("oldDiaSourceId", 7)) % 100 >= 3
                       ELSE "newDiaSourceId" <> "oldDiaSourceId" + \(TwoGenerations.shift) END
            """)
        #expect(wrong == 0)
        #expect(
            try sky.int(
                """
                SELECT count(*) FROM skyledger."CrosswalkObject" WHERE "nShared" > 0 AND "newDiaObjectId" % \(TwoGenerations.shift) <> "oldDiaObjectId"
                """) == 0)
    }

    @Test("visit-detectors that one generation lacks take no part")
    func missing() throws {
        let sky = try TwoGenerations()
        let visit = try sky.int("SELECT max(\"visit\") FROM l1_0001.\"VisitDetector\"")
        let lacking = try sky.int("SELECT count(*) FROM l1_0001.\"DiaSource\" WHERE \"visit\" = \(visit)")
        try sky.owner().execute(
            "DELETE FROM l1_0002.\"VisitDetector\" WHERE \"visit\" = \(visit); DELETE FROM l1_0002.\"DiaSource\" WHERE \"visit\" = \(visit)"
        )
        let summary = try sky.crosswalk().crosswalk.summary
        #expect(lacking > 0 && summary.onlyOldVisitDetectors > 0 && summary.onlyNewVisitDetectors == 0)
        #expect(
            try sky.int(
                "SELECT count(*) FROM skyledger.\"CrosswalkSource\" JOIN l1_0001.\"DiaSource\" ON \"diaSourceId\" = \"oldDiaSourceId\" WHERE \"visit\" = \(visit)"
            ) == 0)
        try requireEqual(sky, 1)
    }

    @Test("a repeat makes nothing; a change, or other rules, make the next version, and the newest holds")
    func versions() throws {
        let sky = try TwoGenerations(visits: 3)
        try sky.crosswalk()
        let again = try sky.crosswalk()
        #expect(!again.isNew && again.crosswalk.crosswalk == 1)
        var rules = CrosswalkRules()
        rules.objectRadiusArcsec = 0.5
        #expect(try sky.crosswalk(rules).crosswalk.crosswalk == 2)
        try sky.owner().execute(
            "INSERT INTO skyledger.\"Change\" (\"replicaKey\", \"generation\", \"kind\", \"nRows\", \"sizeBytes\") VALUES (nextval('skyledger.\"ReplicaKey\"'), 2, 'update', 1, 1)"
        )
        #expect(try sky.crosswalk(rules).crosswalk.crosswalk == 3)
        #expect(try Crosswalks(connection: sky.reader()).newest(from: 1, to: 2)?.crosswalk == 3)
        #expect(try sky.int("SELECT count(*) FROM skyledger.\"ReleaseStep\" WHERE \"step\" = 'crosswalk'") == 3)
        let counts = try (1...3).map { try sky.int("SELECT count(*) FROM skyledger.\"CrosswalkSource\" WHERE \"crosswalk\" = \($0)") }
        #expect(counts[0] > 0 && Set(counts).count == 1)
    }

    @Test("stopped, or its connection killed, at any moment it leaves nothing, and the next run makes all")
    func stopped() throws {
        let sky = try TwoGenerations(visits: 3)
        func isEmpty() throws -> Bool {
            try sky.int(
                "SELECT (SELECT count(*) FROM skyledger.\"Crosswalk\") + (SELECT count(*) FROM skyledger.\"CrosswalkSource\") + (SELECT count(*) FROM pg_class WHERE relname ~ '^Crosswalk(Source|Object)_[0-9]+$')"
            ) == 0
        }
        for moment in 0..<3 {
            var calls = 0
            let making = CrosswalkMaking(instance: sky.instance, release: TwoGenerations.release)
            let outcome = try making.run { _ in
                calls += 1
                return calls <= moment
            }
            #expect(outcome == nil)
            #expect(try isEmpty())
        }
        for moment in 1...3 {
            var calls = 0
            #expect(throws: (any Error).self) {
                _ = try CrosswalkMaking(instance: sky.instance, release: TwoGenerations.release).run { _ in
                    calls += 1
                    if calls == moment { sky.killConnections() }
                    return true
                }
            }
            #expect(try isEmpty())
        }
        #expect(try sky.crosswalk().crosswalk.crosswalk == 1)
        try requireEqual(sky, 1)
    }

    @Test("two at once: one says that the other is at work; a closed release is refused")
    func refused() throws {
        let sky = try TwoGenerations(visits: 2)
        var message = ""
        _ = try CrosswalkMaking(instance: sky.instance, release: TwoGenerations.release).run { _ in
            if message.isEmpty {
                do { try sky.crosswalk() } catch { message = "\(error)" }
            }
            return true
        }
        #expect(message.contains("another crosswalk is being made"))
        try sky.owner().execute("UPDATE skyledger.\"Release\" SET \"state\" = 'retired'")
        #expect(throws: CatalogError.self) { try sky.crosswalk() }
    }

    /// Held against tools/golden/crosswalk_stored.py.
    private func requireEqual(_ sky: TwoGenerations, _ number: Int) throws {
        guard PackageFolder.hasPython else { return }
        let output = try GoldenScript.run("crosswalk_stored.py", [sky.instance.cluster!.socketDirectory, "\(number)"])
        #expect(output.hasPrefix("equal"), "\(output)")
    }

    /// Runs the crosswalk of the two generations with batches of a size, and undoes it.
    private static func run(_ sky: TwoGenerations, batchSources: Int) throws -> CrosswalkSummary {
        struct Undo: Error {}
        let owner = try sky.owner()
        var summary: CrosswalkSummary?
        do {
            try owner.transaction {
                let parts = CrosswalkPartitions(number: 99)
                try parts.make(on: owner)
                try Snapshot.read(sky.instance) { first, second in
                    let tables = (
                        try CrosswalkTables(sky.instance.generation(1, on: owner)),
                        try CrosswalkTables(sky.instance.generation(2, on: owner))
                    )
                    var run = CrosswalkRun(
                        old: CrosswalkReader(tables.0, connection: first), new: CrosswalkReader(tables.1, connection: second),
                        output: parts.output(on: owner), rules: CrosswalkRules(), pixelization: try sky.instance.pixelization(on: owner))
                    run.batchSources = batchSources
                    run.linkRowsMax = 100
                    summary = try run.run()
                }
                throw Undo()
            }
        } catch is Undo {}
        return try #require(summary)
    }
}

extension CrosswalkSummary {
    var withoutTime: CrosswalkSummary {
        var out = self
        out.seconds = 0
        return out
    }
}
