import Catalog
import Columns
import Foundation
import Ingest
import Postgres
import Testing

@Suite("Retention beside others", .serialized) struct RetentionReaderTests {
    @Test("readers and a loader at work meanwhile see no error, and readers of what stays see it whole")
    func beside() throws {
        let survey = try RetentionSurvey(load: 38)
        let (failures, over) = (Failures(), Failures())
        let instance = survey.test.instance
        let (directory, generation) = (survey.directory, survey.generation)
        let kept = try survey.test.connection().int64("SELECT count(*) FROM \"DiaSource\" WHERE \"midpointMjdTai\" BETWEEN 60240 AND 60500")
        let threads = DispatchGroup()
        for _ in 0..<2 {
            DispatchQueue.global().async(group: threads) {
                do {
                    let connection = try instance.connect(as: .reader)
                    while over.all.isEmpty {
                        let seen = try connection.query(
                            "SELECT count(*) AS n FROM \"DiaSource\" WHERE \"midpointMjdTai\" BETWEEN $1 AND 60500", [.double(60_240)],
                            name: "kept")
                        if seen["n"]?.int64s?.first != kept {
                            failures.add("\(String(describing: seen["n"]?.int64s?.first)) of \(kept ?? 0)")
                        }
                        try connection.query("SELECT max(\"psfFlux\") FROM \"DiaSource\"", name: "all")
                        try connection.query(
                            "SELECT count(*) FROM \"DiaObject\" JOIN \"DiaForcedSource\" USING (\"diaObjectId\")", name: "join")
                    }
                } catch { failures.add("\(error)") }
            }
        }
        DispatchQueue.global().async(group: threads) {
            do {
                let (store, visits) = (
                    try RetentionSurvey.store(instance, generation), try VisitDirectory(directory, generation: generation)
                )
                for visit in [38, 39] { _ = try RetentionSurvey.load(visit, of: visits, into: store) }
            } catch { failures.add("\(error)") }
        }
        let outcome = try survey.apply(unverified: ["DiaSource", "DiaForcedSource", "DiaObject"])
        over.add("the removal")
        threads.wait()
        #expect(failures.all == [])
        #expect(outcome.removed.count(where: { $0.table == "DiaSource" }) == 8)
        #expect(try survey.test.faults() == [])
    }

    @Test("a transaction that does not end stops the removal after its patience with a sentence, others read on, and the next run finishes")
    func patience() throws {
        let survey = try RetentionSurvey(load: 20)
        let holder = try survey.test.connection(.reader)
        var options = Retention.Options()
        (options.lockTimeoutMs, options.patienceSeconds) = (100, 0.5)
        let all: Set = ["DiaSource", "DiaForcedSource", "DiaObject"]
        try holder.transaction {
            try holder.query("SELECT count(*) FROM \"DiaSource\"")
            let retention = try Retention(survey.test.instance, options: options)
            #expect { try retention.apply(nowMjdTai: 60_450, unverified: all) } throws: { "\($0)".contains("waits for a transaction") }
            #expect(throws: Never.self) { try survey.test.connection().query("SELECT count(*) FROM \"DiaSource\"") }
        }
        #expect(try survey.test.faults().contains { $0.contains("skyledger retention apply") })
        #expect(try survey.retention().apply(nowMjdTai: 60_450, unverified: all).kept.isEmpty)
        #expect(try survey.test.faults() == [])
    }

    @Test("of two runs at once one is told to wait")
    func alone() throws {
        let survey = try RetentionSurvey(load: 10)
        let second = try survey.retention()
        var refused = false
        _ = try survey.retention { stage in
            guard case .begun = stage, !refused else { return }
            do { _ = try second.apply(nowMjdTai: 60_450, unverified: ["DiaSource"]) } catch { refused = "\(error)".contains("another") }
        }.apply(nowMjdTai: 60_450, unverified: ["DiaSource"])
        #expect(refused)
    }
}
