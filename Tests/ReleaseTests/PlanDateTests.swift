import Foundation
import TestSupport
import Testing

@testable import Release

@Suite("Days of a plan")
struct PlanDateTests {
    @Test("a day and its text go to and fro, and its number is Foundation's, for every day from 1900 to 2199")
    func roundTrip() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC")!
        let first = try #require(PlanDate("1900-01-01"))
        let last = try #require(PlanDate("2199-12-31"))
        var wrong: [Int] = []
        for mjd in first.mjd...last.mjd {
            let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(mjd - 40_587) * 86_400))
            let date = PlanDate(mjd: mjd)
            if date.calendar != (parts.year!, parts.month!, parts.day!) || PlanDate(date.description) != date { wrong.append(mjd) }
        }
        #expect(wrong.isEmpty)
        #expect(last.mjd - first.mjd == 109_572)
    }

    @Test("2000-01-01 is MJD 51544") func anchor() { #expect(PlanDate("2000-01-01")?.mjd == 51_544) }

    @Test(
        "what is no day of the calendar is none",
        arguments: [
            "2027-02-29", "2027-13-01", "2027-00-10", "2027-1-1", "27-01-01", "2027-01-01T00", "2027/01/01", "", "today", "２０２７-01-01",
        ])
    func refused(text: String) { #expect(PlanDate(text) == nil) }
}
