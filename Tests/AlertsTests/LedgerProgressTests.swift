import Alerts
import Catalog
import Foundation
import Testing

extension LedgerTests {
    @Suite("A verification that is ended") struct LedgerVerificationProgressTests {
        @Test("it says that it is not complete; one that runs to its end is told of every packet")
        func ended() throws {
            let fixture = try LedgerFixture.fresh()
            for visit in [10, 20, 30] as [Int64] { try fixture.issue(visit, count: 3000) }
            var options = LedgerVerification.Options()
            options.progress = { _, _ in false }
            let report = try fixture.verify(options)
            #expect(!report.isComplete && !report.isSound && report.alerts < 9000 && report.faultCount == 0)
            options.progress = { done, total in done <= total && total == 9000 }
            let whole = try fixture.verify(options)
            #expect(whole.isComplete && whole.isSound && whole.alerts == 9000)
        }

        @Test("the visit tables are a witness: they give the columns that verification asks for")
        func witness() throws {
            let fixture = try LedgerFixture.fresh()
            let reader = try fixture.instance.connect(as: .reader)
            let witness = try LedgerWitness.allGenerations(on: reader)
            #expect(try reader.query(witness.sql).columnNames == ["generation", "visit", "detector", "alerts", "root"])
        }
    }
}
