import CERFA
import Foundation

/// A place on the Earth by the Minor Planet Center's parallax constants.
public struct Observatory: Sendable, Equatable {
    /// Three characters.
    public let code: String
    public let name: String
    /// East longitude, degrees.
    public let longitude: Double
    /// Distance from the Earth's axis and from the plane of its equator (north positive), in equatorial radii.
    public let rhoCosPhi: Double
    public let rhoSinPhi: Double

    public init(code: String, name: String, longitude: Double, rhoCosPhi: Double, rhoSinPhi: Double) {
        self.code = code
        self.name = name
        self.longitude = longitude
        self.rhoCosPhi = rhoCosPhi
        self.rhoSinPhi = rhoSinPhi
    }

    /// The centre of the Earth: the Minor Planet Center's code 500.
    public static let geocentre = Observatory(code: "500", name: "Geocentric", longitude: 0, rhoCosPhi: 0, rhoSinPhi: 0)

    /// The Earth's equatorial radius in km that goes with the constants (WGS84 and GRS80).
    static let equatorialRadiusKm = 6378.137

    /// Position and velocity relative to the Earth's centre in the GCRS, au and au/day.
    ///
    /// Precession and nutation are IAU 2006/2000A, the rotation is the Earth rotation angle (`eraPvtob`, `eraC2i06a`). Polar motion
    /// is left out: at most 0.6 arcsec, 18 m on the ground. Without a value of UT1 - UTC (below 0.9 s always) a place on
    /// the equator is off by up to 465 m/s x 0.9 s = 420 m: 0.6 mas for an object at 1 au, 60 mas at 0.01 au.
    /// - Parameter ut1MinusUtc: Seconds, from the IERS.
    public func geocentric(at moment: Moment, ut1MinusUtc: Double = 0) -> Planets.State {
        geocentric(at: moment, ut1MinusUtc: ut1MinusUtc, orientation: EarthOrientation(at: moment))
    }

    /// The same with a matrix that many observatories, or moments within a few minutes, share.
    func geocentric(at moment: Moment, ut1MinusUtc: Double, orientation: EarthOrientation) -> Planets.State {
        let angle = eraEra00(Moment.zero, moment.utc + ut1MinusUtc / 86_400) + longitude * Double.pi / 180
        let (sine, cosine) = (sin(angle), cos(angle))
        let radius = Self.equatorialRadiusKm / Constants.auKm
        // 1.00273781191135448 turns of UT1 a day.
        let rate = 1.002_737_811_911_354_48 * 2 * Double.pi
        let place = SIMD3(rhoCosPhi * cosine, rhoCosPhi * sine, rhoSinPhi) * radius
        let motion = SIMD3(-rhoCosPhi * sine, rhoCosPhi * cosine, 0) * (radius * rate)
        return Planets.State(position: orientation.toCelestial(place), velocity: orientation.toCelestial(motion))
    }
}

/// The matrix between the GCRS and the celestial intermediate frame at a moment: it changes by 50 arcsec a year.
struct EarthOrientation: Sendable {
    private let columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

    init(at moment: Moment) {
        var flat = [Double](repeating: 0, count: 9)
        flat.withUnsafeMutableBytes { bytes in
            eraC2i06a(Moment.zero, moment.tt, bytes.bindMemory(to: (Double, Double, Double).self).baseAddress!)
        }
        // ERFA's rows take celestial to intermediate; the way back is the transpose.
        columns = (SIMD3(flat[0], flat[1], flat[2]), SIMD3(flat[3], flat[4], flat[5]), SIMD3(flat[6], flat[7], flat[8]))
    }

    func toCelestial(_ v: SIMD3<Double>) -> SIMD3<Double> {
        columns.0 * v.x + columns.1 * v.y + columns.2 * v.z
    }
}
