import Foundation

/// Gnomonic projection about a centre: straight lines in the plane are great circles on the sky. All angles in degrees.
struct TangentPlane {
    let ra: Double
    let dec: Double

    /// Plane to sky.
    func sky(_ x: Double, _ y: Double) -> (ra: Double, dec: Double) {
        let (xi, eta) = (x * .pi / 180, y * .pi / 180)
        let (a, d) = (ra * .pi / 180, dec * .pi / 180)
        let denominator = cos(d) - eta * sin(d)
        let right = a + atan2(xi, denominator)
        let declination = atan2(sin(d) + eta * cos(d), hypot(xi, denominator))
        let degrees = (right * 180 / .pi).truncatingRemainder(dividingBy: 360)
        return (degrees < 0 ? degrees + 360 : degrees, declination * 180 / .pi)
    }

    /// Sky to plane, nil on the far side.
    func plane(_ ra: Double, _ dec: Double) -> (x: Double, y: Double)? {
        let (r, d) = (ra * .pi / 180, dec * .pi / 180)
        let (a, b) = (self.ra * .pi / 180, self.dec * .pi / 180)
        let c = sin(b) * sin(d) + cos(b) * cos(d) * cos(r - a)
        guard c > 0.1 else { return nil }
        return (cos(d) * sin(r - a) / c * 180 / .pi, (cos(b) * sin(d) - sin(b) * cos(d) * cos(r - a)) / c * 180 / .pi)
    }
}
