/// TAI - UTC since 1972, in whole seconds (IERS Bulletin C; 37 s since 2017-01-01, no later change announced).
///
/// Times before 1972-01-01, when UTC ran at another rate than TAI, take the offset of 10 s of that day: they are wrong by up to 10 s.
public enum LeapSeconds {
    /// The MJD (UTC, at 0h) from which an offset holds, and the offset in seconds; ascending.
    public static let table: [(mjdUtc: Int, seconds: Int)] = [
        (41317, 10), (41499, 11), (41683, 12), (42048, 13), (42413, 14), (42778, 15), (43144, 16), (43509, 17), (43874, 18), (44239, 19),
        (44786, 20), (45151, 21), (45516, 22), (46247, 23), (47161, 24), (47892, 25), (48257, 26), (48804, 27), (49169, 28), (49534, 29),
        (50083, 30), (50630, 31), (51179, 32), (53736, 33), (54832, 34), (56109, 35), (57204, 36), (57754, 37),
    ]

    /// TAI - UTC in seconds on a day of UTC.
    public static func offset(onUtcDay mjd: Int) -> Int {
        table.last { $0.mjdUtc <= mjd }?.seconds ?? table[0].seconds
    }

    /// TAI - UTC in seconds at an instant given as a day of TAI and the seconds in it.
    static func offset(atTaiDay day: Int, seconds: Double) -> Int {
        let row = table.last { row in
            // The new offset holds from 0h UTC of its day, which is `row.seconds` after 0h TAI.
            day > row.mjdUtc || (day == row.mjdUtc && seconds >= Double(row.seconds))
        }
        return row?.seconds ?? table[0].seconds
    }

    /// The length of a day of UTC in seconds: 86401 on days that end with a leap second.
    static func length(ofUtcDay mjd: Int) -> Double {
        mjd < table[0].mjdUtc ? 86_400 : Double(86_400 + offset(onUtcDay: mjd + 1) - offset(onUtcDay: mjd))
    }
}
