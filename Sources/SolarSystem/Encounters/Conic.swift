import Foundation

/// The shape and place of an orbit in space, as a curve over true anomaly; radians and au inside.
struct Conic: Sendable {
    let q: Double
    let e: Double
    /// Semi-latus rectum.
    let p: Double
    /// Unit vector to perihelion, and the one a quarter turn ahead in the orbit's plane; ecliptic J2000.
    let toward: SIMD3<Double>
    let ahead: SIMD3<Double>

    init(_ orbit: Orbit) {
        q = orbit.q
        e = orbit.e
        p = orbit.q * (1 + orbit.e)
        let degree = Double.pi / 180
        let (sn, cn) = (sin(orbit.node * degree), cos(orbit.node * degree))
        let (si, ci) = (sin(orbit.inclination * degree), cos(orbit.inclination * degree))
        let (sw, cw) = (sin(orbit.argumentOfPerihelion * degree), cos(orbit.argumentOfPerihelion * degree))
        toward = SIMD3(cn * cw - sn * sw * ci, sn * cw + cn * sw * ci, sw * si)
        ahead = SIMD3(-cn * sw - sn * cw * ci, -sn * sw + cn * cw * ci, cw * si)
    }

    var isClosed: Bool { e < 1 }
    var aphelion: Double { e < 1 ? q * (1 + e) / (1 - e) : .infinity }

    /// Place, first and second derivative by true anomaly.
    func place(_ nu: Double) -> (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        let (s, c) = (sin(nu), cos(nu))
        let u = 1 + e * c
        let tangent = -s * toward + (e + c) * ahead
        let speed = p / (u * u)
        return (p / u * (c * toward + s * ahead), speed * tangent, speed * (-c * toward - s * ahead + (2 * e * s / u) * tangent))
    }

    /// au a day, for a body of no mass on it.
    func velocity(_ nu: Double) -> SIMD3<Double> {
        (gaussianConstant / p.squareRoot()) * (-sin(nu) * toward + (e + cos(nu)) * ahead)
    }

    /// The true anomaly, 0 to pi, up to which the distance from the Sun stays within a limit; pi where it always does.
    func anomaly(within limit: Double) -> Double {
        if aphelion <= limit { return .pi }
        return limit <= q ? 0 : acos(min(1, max(-1, (p / limit - 1) / e)))
    }

    /// True anomaly of the closed orbit's point that is nearest to a place, to about 1e-6: enough to begin from.
    ///
    /// The place is projected on the orbit's plane and the nearest point of an ellipse found by Newton steps on Eberly's convex function
    /// (D. Eberly, Distance from a Point to an Ellipse, 2013), which cannot miss.
    func nearest(to place: SIMD3<Double>) -> Double {
        let a = q / (1 - e)
        let b = a * (1 - e * e).squareRoot()
        let x = (place * toward).sum() + a * e
        let y = (place * ahead).sum()
        // With the shorter axis as unit: (scaled / (t + ratio))^2 + (z / (t + 1))^2 = 1, which falls and is convex from the start below on.
        let ratio = (a / b) * (a / b)
        let scaled = ratio * abs(x) / a
        let z = max(abs(y) / b, 1e-12)
        var t = max(z - 1, scaled - ratio)
        for _ in 0..<60 {
            let (m, n) = (scaled / (t + ratio), z / (t + 1))
            let step = (m * m + n * n - 1) / (2 * (m * m / (t + ratio) + n * n / (t + 1)))
            t += step
            if step < 1e-7 * (t + 1) { break }
        }
        let cosine = x.sign == .minus ? -scaled / (t + ratio) : scaled / (t + ratio)
        let sine = y.sign == .minus ? -z / (t + 1) : z / (t + 1)
        return atan2(b * sine, a * cosine - a * e)
    }
}

/// Gauss's constant, the root of the Sun's mass parameter in au^1.5 a day.
let gaussianConstant = 0.01720209895
