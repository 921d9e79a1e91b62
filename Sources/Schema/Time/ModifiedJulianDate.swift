/// Modified Julian Dates on the TAI scale, from the clocks that files and older databases use.
///
/// A double holds an MJD of today to 0.6 microseconds.
public enum ModifiedJulianDate {
    /// MJD of 1970-01-01T00:00:00.
    public static let unixEpoch = 40_587.0
    /// JD - MJD.
    public static let julianDateOffset = 2_400_000.5
    static let microsecondsPerDay = 86_400_000_000.0

    /// MJD TAI of a PostgreSQL or Arrow timestamp (microseconds since 1970-01-01T00:00:00, days of 86400 s) on the scale named.
    ///
    /// This is also the conversion of the older documents' `timestamp` columns, which do not say which scale they hold.
    public static func tai(microseconds: Int64, scale: TimeScale) -> Double {
        let shifted: Int64
        switch scale {
        case .tai: shifted = microseconds
        case .utc:
            let day = Int(floorDivide(microseconds, 86_400_000_000)) + 40_587
            shifted = microseconds &+ Int64(LeapSeconds.offset(onUtcDay: day)) * 1_000_000
        }
        return Double(shifted) / microsecondsPerDay + unixEpoch
    }

    /// The timestamp, in microseconds, nearest to an MJD TAI; nil where it is not finite or lies outside of what an Int64 holds.
    /// An instant within a leap second gives the first second of the next day, as POSIX clocks do.
    public static func microseconds(tai mjd: Double, scale: TimeScale) -> Int64? {
        let value = ((mjd - unixEpoch) * microsecondsPerDay).rounded()
        guard value.isFinite, abs(value) < 9.2e18 else { return nil }
        let microseconds = Int64(value)
        guard scale == .utc else { return microseconds }
        let day = floorDivide(microseconds, 86_400_000_000)
        let seconds = Double(microseconds - day * 86_400_000_000) / 1_000_000
        return microseconds - Int64(LeapSeconds.offset(atTaiDay: Int(day) + 40_587, seconds: seconds)) * 1_000_000
    }

    /// MJD TAI of an MJD UTC. A day that ends with a leap second is stretched over 86401 s, as ERFA and astropy do.
    public static func tai(utc mjd: Double) -> Double {
        guard mjd.isFinite, abs(mjd) < 1e9 else { return mjd }
        let day = mjd.rounded(.down)
        let seconds = (mjd - day) * LeapSeconds.length(ofUtcDay: Int(day))
        return day + (seconds + Double(LeapSeconds.offset(onUtcDay: Int(day)))) / 86_400
    }

    /// MJD UTC of an MJD TAI; the inverse of `tai(utc:)`.
    public static func utc(tai mjd: Double) -> Double {
        guard mjd.isFinite, abs(mjd) < 1e9 else { return mjd }
        var day = mjd.rounded(.down)
        var seconds = (mjd - day) * 86_400 - Double(LeapSeconds.offset(onUtcDay: Int(day)))
        if seconds < 0 {
            day -= 1
            seconds = (mjd - day) * 86_400 - Double(LeapSeconds.offset(onUtcDay: Int(day)))
        }
        return day + seconds / LeapSeconds.length(ofUtcDay: Int(day))
    }

    static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : (a + 1) / b - 1 }
}
