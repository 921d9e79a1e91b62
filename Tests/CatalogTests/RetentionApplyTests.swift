import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Testing

/// What stops a run at a fault point.
private struct Killed: Error {}

@Suite("Retention", .serialized) struct RetentionApplyTests {
    @Test("a survey of 20 months is cut to the policy's 12: old months go whole, the rest is untouched, and the doctor finds nothing")
    func twentyMonths() throws {
        let survey = try RetentionSurvey()
        try survey.replicate(verifiedBefore: 2021)
        #expect(try survey.test.faults() == [])
        let rest = "SELECT * FROM \"DiaSource\" WHERE \"midpointMjdTai\" >= 60240"
        let (before, total) = (try survey.test.rows(rest), try survey.test.rows("SELECT \"diaSourceId\" FROM \"DiaSource\"").count)
        let plan = try survey.retention().plan(nowMjdTai: RetentionSurvey.nowMjdTai)
        #expect(plan.steps.allSatisfy { $0.blockedBy.isEmpty && $0.unverifiedRows == 0 })
        let outcome = try survey.apply()
        #expect(outcome.kept.isEmpty && outcome.removed == plan.steps)
        for table in ["DiaSource", "DiaForcedSource", "DiaObject"] {
            #expect(try survey.months(table).first == RetentionSurvey.removedMonths.upperBound, "\(table)")
        }
        #expect(try survey.test.rows(rest) == before)
        let removed = outcome.removed.filter { $0.table == "DiaSource" }
        #expect(removed.map(\.partition) == RetentionSurvey.removedMonths.map { "DiaSource_\($0)" })
        #expect(removed.reduce(0) { $0 + $1.rows } == Int64(total - before.count) && total > before.count)
        #expect(try survey.test.faults() == [])
        #expect(try survey.apply().removed.isEmpty)
    }

    @Test("objects of one old source leave DiaObjectLast and their versions stay; others stay open with the sources of their life counted")
    func openVersions() throws {
        let survey = try RetentionSurvey()
        try survey.replicate(verifiedBefore: 2021)
        let old = "SELECT \"diaObjectId\" FROM \"DiaObject\" WHERE \"nDiaSources\" = 1 AND \"lastDiaSourceMjdTai\" < 60250"
        let single = try survey.test.rows(old + " AND \"validityEndMjdTai\" IS NULL")
        let lives =
            "SELECT \"diaObjectId\", \"nDiaSources\", \"ra\", \"firstDiaSourceMjdTai\" FROM \"DiaObject\" WHERE \"validityEndMjdTai\" IS NULL AND NOT (\"nDiaSources\" = 1 AND \"lastDiaSourceMjdTai\" < 60250)"
        let before = try survey.test.rows(lives)
        try survey.apply()
        #expect(single.count > 5)
        #expect(try survey.test.rows("\(old) AND \"validityEndMjdTai\" = 60610") == single)
        let left = "SELECT count(*) FROM \"DiaObjectLast\" WHERE \"diaObjectId\" IN (\(old) AND \"validityEndMjdTai\" = 60610)"
        #expect(try survey.test.connection().int64(left) == 0)
        #expect(try survey.test.rows(lives) == before)
        let aged = try survey.test.rows(
            "SELECT 1 FROM \"DiaObjectLast\" AS o WHERE \"nDiaSources\" > (SELECT count(*) FROM \"DiaSource\" AS s WHERE s.\"diaObjectId\" = o.\"diaObjectId\")"
        )
        #expect(aged.count > 3)
    }

    @Test("the doctor still finds a source that went otherwise, in a month that stands and in the sum of those that were removed")
    func strictness() throws {
        let survey = try RetentionSurvey(load: 30)
        try survey.apply(unverified: ["DiaSource", "DiaForcedSource", "DiaObject"])
        #expect(try survey.test.faults() == [])
        let owner = try survey.test.connection(.owner)
        try owner.transaction {
            try owner.execute("UPDATE skyledger.\"RetiredSource\" SET \"nDiaSources\"[1] = \"nDiaSources\"[1] + 1")
        }
        #expect(try survey.test.faults().contains { $0.contains("that retention removed") })
        try owner.execute("UPDATE skyledger.\"RetiredSource\" SET \"nDiaSources\"[1] = \"nDiaSources\"[1] - 1")
        try owner.execute(
            "DELETE FROM \(survey.generation.table("DiaSource")) WHERE \"diaSourceId\" = (SELECT min(\"diaSourceId\") FROM \(survey.generation.table("DiaSource")))"
        )
        let faults = try survey.test.faults()
        #expect(faults.contains { $0.hasPrefix("visit-detectors lack") } && faults.contains { $0.hasPrefix("visit ") })
    }

    @Test("merged after their months were removed, two objects count what both have lost")
    func merge() throws {
        let survey = try RetentionSurvey()
        try survey.apply(unverified: ["DiaSource", "DiaForcedSource", "DiaObject"])
        let connection = try survey.test.connection(.ingest)
        let objects = try connection.query(
            """
            SELECT "diaObjectId" FROM "DiaObjectLast" AS o
            WHERE "nDiaSources" > (SELECT count(*) FROM "DiaSource" AS s WHERE s."diaObjectId" = o."diaObjectId") ORDER BY 1 LIMIT 3
            """)["diaObjectId"]!.int64s!
        let updates = Updates(
            connection: connection, generation: survey.generation, pixelization: try survey.test.instance.pixelization(on: connection),
            configuration: Configuration(), clock: { 60_611 })
        _ = try updates.merge([objects[0]], into: objects[1], cause: "test")
        _ = try updates.merge([objects[1]], into: objects[2], cause: "test")
        #expect(try survey.test.faults() == [])
    }

    @Test("killed after every stage in turn and repeated, a run ends as the undisturbed one")
    func killedEverywhere() throws {
        let (calm, hunted) = (try RetentionSurvey(), try RetentionSurvey())
        for survey in [calm, hunted] { try survey.replicate(verifiedBefore: 2021) }
        try calm.apply()
        var kills = 0
        while true {
            do {
                try hunted.apply { stage in
                    if case .counting = stage { return }
                    throw Killed()
                }
                break
            } catch is Killed { kills += 1 }
        }
        #expect(kills > 60)
        #expect(try hunted.state() == calm.state())
        #expect(try hunted.test.faults() == [])
    }

    @Test("a saved plan is done exactly, also after it was interrupted; where rows have come or the file was changed, nothing is done")
    func savedPlan() throws {
        let survey = try RetentionSurvey()
        try survey.replicate(verifiedBefore: 2021)
        let plan = try survey.retention().plan(nowMjdTai: RetentionSurvey.nowMjdTai)
        let saved = try RetentionPlan(json: plan.json, name: "plan.json")
        #expect(saved == plan)
        #expect(throws: CatalogError.self) {
            try RetentionPlan(json: plan.json.replacingOccurrences(of: "DiaSource_2000", with: "DiaSource_2015"), name: "plan.json")
        }
        var ended = 0
        #expect(throws: Killed.self) {
            try survey.retention { stage in
                if case .ended = stage { ended += 1 }
                if ended == 3 { throw Killed() }
            }.apply(saved)
        }
        #expect(try survey.months("DiaSource").first == 2003)
        let outcome = try survey.retention().apply(saved)
        #expect(outcome.removed == Array(plan.steps.dropFirst(3)) && outcome.kept.isEmpty)

        let other = try RetentionSurvey(load: 39)
        try other.replicate(verifiedBefore: 2021)
        let stale = try other.retention().plan(nowMjdTai: RetentionSurvey.nowMjdTai)
        try other.test.connection(.owner).execute(
            "DELETE FROM \(other.generation.table("DiaSource")) WHERE \"diaSourceId\" = (SELECT min(\"diaSourceId\") FROM \(other.generation.table("DiaSource")))"
        )
        let before = try other.state()
        #expect(throws: CatalogError.self) { try other.retention().apply(stale) }
        #expect(try other.state() == before)
    }
}
