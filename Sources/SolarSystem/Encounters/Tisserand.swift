import Foundation

/// Tisserand's parameter, which tells comets of Jupiter's family (2 to 3) from asteroids (above 3) and long-period comets (below 2).
public enum Tisserand {
    /// Semi-major axis of Jupiter, au: that of its osculating orbit about J2000, to four places. The mean one of Simon et al. (1994) is
    /// 5.2026; the parameter of an asteroid differs by less than 0.001 between the two.
    public static let jupiterSemiMajorAxis = 5.2044

    /// With respect to Jupiter: `aJ / a + 2 cos i sqrt(a (1 - e^2) / aJ)`, written with `q` so that it holds for every eccentricity.
    ///
    /// The inclination is to the ecliptic, as usual, not to Jupiter's orbit. Source: Kresak (1972), Levison (1996).
    public static func jupiter(_ orbit: Orbit) -> Double {
        let a = jupiterSemiMajorAxis
        return a * (1 - orbit.e) / orbit.q + 2 * cos(orbit.inclination * .pi / 180) * (orbit.q * (1 + orbit.e) / a).squareRoot()
    }
}
