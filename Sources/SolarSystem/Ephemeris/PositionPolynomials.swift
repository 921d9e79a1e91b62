import Sphere

/// Positions of known objects as polynomials in time, as the Rubin pipelines keep them for a night (the `SsObjects` files of HiTS).
///
/// They are Chebyshev series (T0 first) of the object's and the observer's position, au, on the axes of the ICRF. Their argument is
/// t - tmin in days, both MJD in TAI: not scaled to [-1, 1], where a reader expects a Chebyshev series to live. Found by trial: read so,
/// the files' `ra` and `dec` come out to 0.001 arcsec at the midpoint of the exposure (`midpointMjdTai` of its sources). Scaled, the same
/// argument would fall at MJD 57071.58, when it is day at the observatory; read as powers of t the series miss by 10 arcsec and more at
/// every moment. Light time is in the object's series already: the direction is the plain difference.
public struct PositionPolynomials: Sendable {
    /// Three series each: x, y and z.
    public let object: [[Double]]
    public let observer: [[Double]]
    /// First and last moment, MJD TAI.
    public let tmin: Double
    public let tmax: Double

    /// - Throws: `EphemerisError.impossibleOrbit` when a series is missing or empty, or the span is none.
    public init(object: [[Double]], observer: [[Double]], tmin: Double, tmax: Double) throws(EphemerisError) {
        guard object.count == 3, observer.count == 3, (object + observer).allSatisfy({ !$0.isEmpty }) else {
            throw .impossibleOrbit(reason: "its polynomials are not three series for the object and three for the observer")
        }
        guard tmin < tmax else { throw .impossibleOrbit(reason: "its polynomials span MJD \(tmin) to \(tmax)") }
        self.object = object
        self.observer = observer
        self.tmin = tmin
        self.tmax = tmax
    }

    /// Right ascension and declination in degrees and the distance in au.
    /// - Parameter mjdTai: Between `tmin` and `tmax`.
    /// - Throws: `EphemerisError.time` outside them.
    public func position(at mjdTai: Double) throws(EphemerisError) -> (ra: Double, dec: Double, range: Double) {
        guard mjdTai >= tmin, mjdTai <= tmax else {
            throw .time(mjd: mjdTai, reason: "the polynomials hold from MJD \(tmin) to \(tmax)")
        }
        let x = mjdTai - tmin
        var seen = SIMD3<Double>.zero
        for axis in 0..<3 { seen[axis] = Self.chebyshev(object[axis], x) - Self.chebyshev(observer[axis], x) }
        let range = seen.length
        let (ra, dec) = UnitVector(x: seen.x / range, y: seen.y / range, z: seen.z / range).raDec
        return (ra, dec, range)
    }

    /// Clenshaw's sum.
    private static func chebyshev(_ c: [Double], _ x: Double) -> Double {
        var (later, latest) = (0.0, 0.0)
        for k in stride(from: c.count - 1, to: 0, by: -1) {
            (latest, later) = (2 * x * latest - later + c[k], latest)
        }
        return x * latest - later + c[0]
    }
}
