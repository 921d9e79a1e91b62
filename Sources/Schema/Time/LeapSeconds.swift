/// Between UTC and TAI. The table is that of IERS Bulletin C (last step 2017-01-01, 37 s).
public enum LeapSeconds {
    /// From this MJD (UTC) on, TAI is ahead of UTC by so many seconds. Whole seconds exist since 1972.
    public static let steps: [(mjdUtc: Double, seconds: Double)] = [
        (41317, 10), (41499, 11), (41683, 12), (42048, 13), (42413, 14), (42778, 15), (43144, 16), (43509, 17), (43874, 18), (44239, 19),
        (44786, 20), (45151, 21), (45516, 22), (46247, 23), (47161, 24), (47892, 25), (48257, 26), (48804, 27), (49169, 28), (49534, 29),
        (50083, 30), (50630, 31), (51179, 32), (53736, 33), (54832, 34), (56109, 35), (57204, 36), (57754, 37),
    ]

    /// TAI - UTC in seconds at a time in UTC; before 1972 the 10 s of 1972.
    public static func offset(atMjdUtc mjd: Double) -> Double { steps.last { $0.mjdUtc <= mjd }?.seconds ?? 10 }

    /// MJD in TAI from MJD in UTC.
    public static func mjdTai(mjdUtc: Double) -> Double { mjdUtc + offset(atMjdUtc: mjdUtc) / 86400 }

    /// MJD in UTC from MJD in TAI.
    public static func mjdUtc(mjdTai: Double) -> Double {
        let seconds = steps.last { $0.mjdUtc + $0.seconds / 86400 <= mjdTai }?.seconds ?? 10
        return mjdTai - seconds / 86400
    }

    /// MJD in TAI from seconds since 1970-01-01 UTC, leap seconds not counted.
    public static func mjdTai(unixSeconds: Double) -> Double { mjdTai(mjdUtc: 40587 + unixSeconds / 86400) }

    /// MJD in TAI from microseconds since 1970-01-01 UTC.
    public static func mjdTai(unixMicroseconds: Int64) -> Double {
        let (day, rest) = (unixMicroseconds / 86_400_000_000, unixMicroseconds % 86_400_000_000)
        return mjdTai(mjdUtc: 40587 + Double(day) + Double(rest) / 86_400_000_000)
    }

    /// SQL for MJD in TAI from a timestamp in UTC.
    public static func sqlMjdTai(_ timestamp: String) -> String {
        let day = "(40587 + extract(epoch FROM \(timestamp))::double precision / 86400)"
        let cases = steps.reversed().map { "WHEN \(day) >= \(Int($0.mjdUtc)) THEN \(Int($0.seconds))" }.joined(separator: " ")
        return "(\(day) + (CASE \(cases) ELSE 10 END)::double precision / 86400)"
    }
}
