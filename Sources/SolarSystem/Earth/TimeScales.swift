import CERFA

/// A moment as MJD in TDB, with the other scales that predictions need. Conversions are ERFA's (IAU SOFA's algorithms).
///
/// One `Double` of MJD resolves 0.6 microseconds, in which the fastest asteroid moves less than a microarcsecond.
public struct Moment: Sendable, Equatable {
    /// MJD in UTC (quasi-MJD on days with a leap second), TAI, TT and TDB.
    public let utc: Double
    public let tai: Double
    public let tt: Double
    public let tdb: Double

    /// From UTC. Dates after ERFA's last leap second take its count on.
    /// - Throws: `EphemerisError.time` for a date before 1960 or that is not a number.
    public init(utc: Double) throws(EphemerisError) {
        var (day, fraction) = (0.0, 0.0)
        guard utc.isFinite, utc > 36_934 else { throw .time(mjd: utc, reason: "UTC begins in 1960") }
        guard eraUtctai(Self.zero, utc, &day, &fraction) >= 0 else { throw .time(mjd: utc, reason: "ERFA has no leap seconds for it") }
        self.init(utc: utc, tai: day - Self.zero + fraction)
    }

    /// From TAI, the scale of the survey's midpoints.
    /// - Throws: `EphemerisError.time` for a date before 1960 or that is not a number.
    public init(tai: Double) throws(EphemerisError) {
        var (day, fraction) = (0.0, 0.0)
        guard tai.isFinite, tai > 36_935 else { throw .time(mjd: tai, reason: "UTC begins in 1960") }
        guard eraTaiutc(Self.zero, tai, &day, &fraction) >= 0 else { throw .time(mjd: tai, reason: "ERFA has no leap seconds for it") }
        self.init(utc: day - Self.zero + fraction, tai: tai)
    }

    private init(utc: Double, tai: Double) {
        self.utc = utc
        self.tai = tai
        tt = tai + 32.184 / 86_400
        // Fairhead and Bretagnon's series at the geocentre; the observatory's own terms are below 2 microseconds.
        tdb = tt + eraDtdb(Self.zero, tt, 0, 0, 0, 0) / 86_400
    }

    /// MJD 0 as a Julian date.
    static let zero = 2_400_000.5
}
