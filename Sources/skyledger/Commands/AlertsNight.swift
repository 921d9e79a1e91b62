import ArgumentParser
import Foundation
import Ingest
import Schema
import SolarSystem

/// A night by its evening, and the site whose noons bound it, as `solarsystem prepare` has nights.
struct AlertsNight: Equatable, CustomStringConvertible {
    /// The evening's calendar day at the site, as MJD.
    let day: Int

    /// "2026-08-01" or 61253.
    init(parsing text: String) throws {
        if let mjd = Int(text), (40_000..<100_000).contains(mjd) {
            day = mjd
            return
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        let bad = RequestError("'\(text)' is no night: give the evening's date as YYYY-MM-DD or as MJD")
        guard parts.count == 3, text.utf8.count == 10, let year = parts[0], let month = parts[1], let date = parts[2] else { throw bad }
        let wanted = DateComponents(calendar: Self.calendar, timeZone: Self.calendar.timeZone, year: year, month: month, day: date)
        guard wanted.isValidDate(in: Self.calendar), let moment = Self.calendar.date(from: wanted) else { throw bad }
        day = Int((moment.timeIntervalSince1970 / 86_400).rounded()) + Int(ModifiedJulianDate.unixEpoch)
        guard (40_000..<100_000).contains(day) else { throw bad }
    }

    /// From noon to noon of local mean time, MJD TAI.
    func span(at site: Observatory) -> Range<Double> {
        let night = NightSpan(containing: Double(day) + 1, at: site)
        return ModifiedJulianDate.tai(utc: night.evening)..<ModifiedJulianDate.tai(utc: night.morning)
    }

    /// The evening's date.
    var description: String {
        let date = Date(timeIntervalSince1970: (Double(day) - ModifiedJulianDate.unixEpoch) * 86_400)
        let parts = Self.calendar.dateComponents([.year, .month, .day], from: date)
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC")!
        return calendar
    }()
}
