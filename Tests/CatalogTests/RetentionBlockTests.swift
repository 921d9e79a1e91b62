import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Testing

@Suite("Retention: what stands in the way", .serialized) struct RetentionBlockTests {
    @Test(
        "without a change feed nothing is verified: everything is refused, and goes where its table is named, with the name of who says so")
    func noFeed() throws {
        let survey = try RetentionSurvey()
        let before = try survey.test.rows("SELECT count(*) FROM \"DiaSource\"")
        let refused = try survey.apply()
        #expect(refused.removed.allSatisfy { $0.partition == nil } && refused.kept.count >= 24)
        #expect(refused.kept.allSatisfy { $0.blockedBy[0].contains("not verified in the PPDB") })
        #expect(try survey.test.rows("SELECT count(*) FROM \"DiaSource\"") == before)
        let named = try survey.apply(unverified: ["DiaForcedSource"])
        #expect(Set(named.removed.map(\.table)) == ["DiaForcedSource"] && named.removed.count == 8)
        #expect(Set(named.kept.map(\.table)) == ["DiaSource", "DiaObject"])
        let report = try RetentionRecord.report(on: survey.test.connection())
        let words = (0..<report.rowCount).filter { report["table"]!.strings![$0] == "DiaForcedSource" }
            .map { report["verified"]!.strings![$0] }
        #expect(words == .init(repeating: "unverified, by the word of tester", count: 8))
        #expect(throws: CatalogError.self) { try survey.apply(unverified: ["DiaSorce"]) }
        #expect(throws: CatalogError.self) { try survey.apply(unverified: ["Alert"]) }
    }

    @Test("only months whose every row is verified go, and of DiaObject only the oldest without a gap")
    func partlyVerified() throws {
        let survey = try RetentionSurvey()
        try survey.replicate(verifiedBefore: 2021)
        let owner = try survey.test.connection(.owner)
        try owner.execute("UPDATE skyledger.\"ReplicaExport\" SET \"verifiedAt\" = NULL WHERE \"chunk\" = 2003 - 1990")
        let outcome = try survey.apply()
        #expect(try survey.months("DiaSource").prefix(2) == [2003, 2008])
        #expect(try survey.months("DiaForcedSource").first.map { $0 >= 2003 } == true)
        // A version that ended in 2003 or 2004 began with the change of 2003.
        #expect(try survey.months("DiaObject").first == 2003)
        let gaps = outcome.kept.filter { $0.table == "DiaObject" && $0.blockedBy.contains { $0.contains("a gap would open") } }
        #expect(gaps.count == 4)
        #expect(try survey.test.faults() == [])
        try owner.execute("UPDATE skyledger.\"ReplicaExport\" SET \"verifiedAt\" = '2024-01-01'")
        #expect(try survey.apply().kept.isEmpty)
        #expect(try survey.months("DiaObject").first == 2008)
        #expect(try survey.test.faults() == [])
    }

    @Test("a row that an unverified update has changed keeps its month")
    func unverifiedUpdate() throws {
        let survey = try RetentionSurvey()
        let connection = try survey.test.connection(.ingest)
        let id = try connection.int64("SELECT min(\"diaSourceId\") FROM \"DiaSource\" WHERE \"midpointMjdTai\" BETWEEN 60060 AND 60090")!
        let updates = Updates(
            connection: connection, generation: survey.generation, pixelization: try survey.test.instance.pixelization(on: connection),
            configuration: Configuration(), clock: { 60_609 })
        _ = try updates.withdraw(sources: [id], cause: "test")
        try survey.replicate(verifiedBefore: 2020)
        let outcome = try survey.apply()
        let kept = outcome.kept.filter { $0.table == "DiaSource" }
        #expect(kept.map(\.partition) == ["DiaSource_2002"] && kept.first?.unverifiedRows == 1)
    }

    @Test("a month of versions stays while sources of an object that was closed then stay")
    func closedObject() throws {
        let survey = try RetentionSurvey()
        let connection = try survey.test.connection(.ingest)
        // Closed long ago, and its sources are younger: loaded by another clock.
        let object = try connection.int64(
            "SELECT \"diaObjectId\" FROM \"DiaSource\" WHERE \"midpointMjdTai\" > 60400 AND \"diaObjectId\" IN (SELECT \"diaObjectId\" FROM \"DiaObject\" WHERE \"validityStartMjdTai\" < 60050 AND \"validityEndMjdTai\" IS NOT NULL) LIMIT 1"
        )!
        let owner = try survey.test.connection(.owner)
        try owner.transaction {
            try owner.execute(
                "DELETE FROM \(survey.generation.table("DiaObject")) WHERE \"diaObjectId\" = \(object) AND \"validityStartMjdTai\" > 60050")
            try owner.execute(
                "DELETE FROM \(survey.generation.table("DiaObject")) WHERE \"diaObjectId\" = \(object) AND \"validityEndMjdTai\" IS NULL")
            try owner.execute("DELETE FROM \(survey.generation.table("DiaObjectLast")) WHERE \"diaObjectId\" = \(object)")
        }
        #expect(try survey.test.faults() == [])
        let outcome = try survey.apply(unverified: ["DiaSource", "DiaForcedSource", "DiaObject"])
        #expect(outcome.kept.contains { $0.blockedBy.contains { $0.hasPrefix("1 closed objects have their last version here") } })
        #expect(try survey.test.faults() == [])
    }

    @Test("rows that come into a month between the plan and its removal bring the month back")
    func lateBetween() throws {
        let survey = try RetentionSurvey()
        try survey.replicate(verifiedBefore: 2021)
        let owner = try survey.test.connection(.owner)
        let table = survey.generation.table("DiaSource")
        let outcome = try survey.apply { stage in
            guard case .begun("DiaSource_2004") = stage else { return }
            try owner.execute(
                """
                CREATE TEMPORARY TABLE late AS SELECT * FROM \(table) WHERE "midpointMjdTai" BETWEEN 60120 AND 60150 LIMIT 1;
                UPDATE late SET "diaSourceId" = 77, "replicaKey" = 999999;
                INSERT INTO \(table) SELECT * FROM late
                """)
        }
        let kept = outcome.kept.filter { $0.table == "DiaSource" }
        #expect(kept.map(\.partition) == ["DiaSource_2004"] && kept[0].blockedBy[0].contains("when the plan was made"))
        #expect(try survey.months("DiaSource").prefix(2) == [2004, 2008])
        #expect(try survey.test.connection().int64("SELECT count(*) FROM \"DiaSource\" WHERE \"diaSourceId\" = 77") == 1)
    }

    @Test("a late visit of a month that is gone is stored like any other, by a loader that knew the month too, and goes only when verified")
    func lateVisit() throws {
        let survey = try RetentionSurvey(load: 0)
        let (store, visits) = (try survey.store(), try VisitDirectory(survey.directory, generation: survey.generation))
        for visit in 0..<40 where visit != 2 { _ = try RetentionSurvey.load(visit, of: visits, into: store) }
        let all: Set = ["DiaSource", "DiaForcedSource", "DiaObject"]
        try survey.apply(unverified: all)
        #expect(try RetentionSurvey.load(2, of: visits, into: store) == 1)
        #expect(try survey.test.faults() == [])
        #expect(try survey.months("DiaSource").first == 2001)
        #expect(try survey.apply().kept.contains { $0.partition == "DiaSource_2001" })
        #expect(try survey.months("DiaSource").first == 2001)
        #expect(try survey.apply(unverified: all).kept.isEmpty)
        #expect(try survey.test.faults() == [])
        let report = try RetentionRecord.report(on: survey.test.connection())
        #expect((0..<report.rowCount).filter { report["partition"]!.strings![$0] == "DiaSource_2001" }.count == 2)
        // What was removed does not come back by loading it again.
        #expect(try survey.load(0..<3) == 0)
    }

    @Test("a policy that keeps less than the rules read is refused, and so is a time that has not come")
    func refusals() throws {
        let survey = try RetentionSurvey(load: 0)
        let owner = try survey.test.connection(.owner)
        let short = try RetentionPolicy(yaml: "DiaSource:\n  months: 6\n", name: "p")
        #expect(throws: CatalogError.self) { try RetentionPolicyRecord.put(short, cause: "test", on: owner) }
        #expect(throws: CatalogError.self) { try survey.retention().plan(policy: short) }
        #expect(throws: CatalogError.self) { try survey.retention().apply(nowMjdTai: 90_000) }
        #expect(throws: CatalogError.self) { try survey.retention().plan(nowMjdTai: .nan) }
    }

    @Test("bookkeeping of chunks goes its days after verification, but for the newest; rows of its changes stay verified")
    func replica() throws {
        let survey = try RetentionSurvey()
        // Verified on MJD 60310 and asked for on 60610.
        try survey.replicate(verifiedBefore: 2015)
        let outcome = try survey.apply()
        #expect(outcome.removed.filter { $0.kind == .replica }.map(\.rows) == [20])
        let left = try survey.test.connection().int64("SELECT min(\"replicaKey\") FROM skyledger.\"Change\" WHERE \"kind\" = 'store'")
        #expect(left == 2015)
        let later = try survey.retention().plan(nowMjdTai: 60_700)
        let months = later.steps.filter { $0.table == "DiaSource" }
        #expect(months.count == 3 && months.allSatisfy { $0.unverifiedRows == 0 })
    }
}
