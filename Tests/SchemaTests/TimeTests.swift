import Foundation
import Schema
import TestSupport
import Testing

@Suite struct TimeTests {
    static func run(_ script: String) throws -> [[Double]] {
        try GoldenScript.program(script).split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
    }

    @Test(
        "UTC and TAI agree with astropy over 1972 to 2030, on days of leap seconds too",
        .enabled(if: PackageFolder.hasPython, "needs astropy: run tools/bootstrap, or set SKYLEDGER_DEPS"))
    func agreesWithAstropy() throws {
        let rows = try Self.run(
            """
            import numpy as np
            from astropy.time import Time
            from astropy.utils import iers
            iers.conf.auto_download = False
            g = np.random.default_rng(7)
            leap = np.array([41498, 41682, 48803, 53735, 57753])
            m = np.concatenate([g.uniform(41317.01, 62502, 3000), np.repeat(leap, 40) + g.uniform(0, 2, 200)])
            t = Time(np.floor(m), m - np.floor(m), format='mjd', scale='utc')
            a = t.tai.mjd
            for x, y in zip(m, a): print(repr(float(x)), repr(float(y)))
            """)
        #expect(rows.count == 3200)
        for row in rows {
            #expect(abs(ModifiedJulianDate.tai(utc: row[0]) - row[1]) < 3e-11)
            #expect(abs(ModifiedJulianDate.utc(tai: row[1]) - row[0]) < 3e-11)
        }
    }

    @Test(
        "a UTC timestamp's MJD TAI agrees with astropy to a microsecond",
        .enabled(if: PackageFolder.hasPython, "needs astropy: run tools/bootstrap, or set SKYLEDGER_DEPS"))
    func timestampsAgreeWithAstropy() throws {
        let rows = try Self.run(
            """
            import numpy as np
            from datetime import datetime, timedelta
            from astropy.time import Time
            g = np.random.default_rng(8)
            for u in g.integers(63072000000000, 1900000000000000, 2000):
                u = int(u)
                t = Time(datetime(1970, 1, 1) + timedelta(microseconds=u), scale='utc')
                print(u, repr(float(t.tai.mjd)))
            """)
        #expect(rows.count == 2000)
        for row in rows {
            #expect(abs(ModifiedJulianDate.tai(microseconds: Int64(row[0]), scale: .utc) - row[1]) * 86_400 < 2e-6)
        }
    }

    @Test("timestamps come back from MJD TAI within a microsecond on both scales, and exactly at whole seconds")
    func roundTrip() {
        var generator = SystemRandomNumberGenerator()
        for scale in TimeScale.allCases {
            for _ in 0..<2000 {
                let time = Int64.random(in: 63_072_000_000_000...2_500_000_000_000_000, using: &generator)
                let mjd = ModifiedJulianDate.tai(microseconds: time, scale: scale)
                let back = ModifiedJulianDate.microseconds(tai: mjd, scale: scale)
                #expect(abs(back! - time) <= 1)
            }
        }
        #expect(ModifiedJulianDate.microseconds(tai: .nan, scale: .utc) == nil)
    }

    @Test("TAI is 37 s ahead of UTC from 2017 on, 36 s until the second before")
    func newestLeapSecond() {
        let newYear: Int64 = 1_483_228_800_000_000
        #expect(ModifiedJulianDate.tai(microseconds: newYear, scale: .utc) == 57754 + 37.0 / 86_400)
        #expect(abs(ModifiedJulianDate.tai(microseconds: newYear - 1_000_000, scale: .utc) - (57754 + 35.0 / 86_400)) < 1e-11)
        #expect(ModifiedJulianDate.tai(microseconds: newYear, scale: .tai) == 57754)
    }
}
