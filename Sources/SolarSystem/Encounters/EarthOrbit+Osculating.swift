import CERFA
import Foundation

extension EarthOrbit {
    /// The ellipse that the Earth itself would follow about the Sun alone from a time (MJD TDB) on, on the ecliptic of J2000.
    ///
    /// The Moon makes it wobble within the month: its eccentricity moves by 8e-4, and distances to it by as much in au. JPL's published
    /// distances are to this ellipse at the epoch of the small body's elements. Source of the Earth's place and velocity: ERFA `epv00`
    /// (VSOP2000 fitted to DE405; 1900 to 2100).
    public static func osculating(at mjd: Double) -> Orbit {
        var heliocentric = [Double](repeating: 0, count: 6)
        var barycentric = [Double](repeating: 0, count: 6)
        heliocentric.withUnsafeMutableBufferPointer { h in
            barycentric.withUnsafeMutableBufferPointer { b in
                h.baseAddress!.withMemoryRebound(to: (Double, Double, Double).self, capacity: 2) { h in
                    b.baseAddress!.withMemoryRebound(to: (Double, Double, Double).self, capacity: 2) { b in
                        // The status only tells of dates outside 1900 to 2100, where the series still runs.
                        _ = eraEpv00(2_400_000.5, mjd, h, b)
                    }
                }
            }
        }
        // The obliquity of the IAU (1976), as in the elements of JPL and the MPC.
        let obliquity = 84381.448 / 3600 * Double.pi / 180
        let (s, c) = (sin(obliquity), cos(obliquity))
        func ecliptic(_ k: Int) -> SIMD3<Double> {
            let v = heliocentric[k..<(k + 3)].map { $0 }
            return SIMD3(v[0], c * v[1] + s * v[2], -s * v[1] + c * v[2])
        }
        return elements(place: ecliptic(0), velocity: ecliptic(3), at: mjd)
    }

    /// Elements of an ellipse from place (au) and velocity (au a day); the Earth's own mass is added to the Sun's.
    private static func elements(place r: SIMD3<Double>, velocity v: SIMD3<Double>, at mjd: Double) -> Orbit {
        func dot(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { (a * b).sum() }
        func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
            SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
        }
        let mass = gaussianConstant * gaussianConstant * (1 + 1 / 332_946.0487)
        let distance = dot(r, r).squareRoot()
        let momentum = cross(r, v)
        let toPerihelion = cross(v, momentum) / mass - r / distance
        let e = dot(toPerihelion, toPerihelion).squareRoot()
        let a = 1 / (2 / distance - dot(v, v) / mass)
        let inclination = atan2(hypot(momentum.x, momentum.y), momentum.z)
        let node = atan2(momentum.x, -momentum.y)
        // Argument of perihelion from the node, in the orbit's plane.
        let along = SIMD3(cos(node), sin(node), 0)
        let ahead = cross(momentum, along) / dot(momentum, momentum).squareRoot()
        let argument = atan2(dot(toPerihelion, ahead), dot(toPerihelion, along))
        let anomaly = atan2(dot(r, v) / (mass * a).squareRoot(), 1 - distance / a)
        let mean = anomaly - e * sin(anomaly)
        let degree = Double.pi / 180
        return Orbit(
            q: a * (1 - e), e: e, inclination: inclination / degree, node: node / degree, argumentOfPerihelion: argument / degree,
            perihelionTime: mjd - mean * (a * a * a / mass).squareRoot(), epoch: mjd)
    }
}
