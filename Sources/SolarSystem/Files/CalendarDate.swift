/// Dates of the Gregorian calendar as MJD.
enum CalendarDate {
    /// MJD at the start of a day; nil for a day that the calendar does not have.
    ///
    /// Source: Fliegel and Van Flandern's integer formula (1968, Comm. ACM 11, 657).
    static func mjd(year: Int, month: Int, day: Int) -> Int? {
        guard 1...12 ~= month, 1...9999 ~= year else { return nil }
        let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard 1...days[month - 1] ~= day else { return nil }
        let shift = (month - 14) / 12
        let julian =
            1461 * (year + 4800 + shift) / 4 + 367 * (month - 2 - 12 * shift) / 12 - 3 * ((year + 4900 + shift) / 100) / 4 + day - 32075
        return julian - 2_400_001
    }

    /// The MPC's five characters: "K239D" is 2023 September 13. Nil where they are none.
    static func mjd(packed text: String) -> Int? {
        let c = Array(text)
        guard c.count == 5, let year = Base62.year(c[0...2]), let month = Base62.value(c[3]), let day = Base62.value(c[4]) else {
            return nil
        }
        return mjd(year: year, month: month, day: day)
    }
}
