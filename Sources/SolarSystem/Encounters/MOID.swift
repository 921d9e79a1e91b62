import Foundation

/// The minimum orbit intersection distance: how near two orbits come as curves, wherever the bodies are.
///
/// ```swift
/// let moid = MOID(of: orbit, with: EarthOrbit.mean(at: orbit.epoch))
/// ```
/// One orbit is scanned along its true anomaly; at each place the nearest point of the other is found; every local minimum of that
/// distance is then refined over both anomalies by damped Newton steps. Orbits of any eccentricity are taken. Of two unbound orbits the
/// parts within a hundred times their perihelia are compared.
public struct MOID: Sendable, Equatable {
    /// au.
    public var distance: Double
    /// True anomalies of the two nearest points, degrees from 0 to 360.
    public var trueAnomaly: Double
    public var trueAnomalyOther: Double
    /// Ecliptic longitude and latitude (J2000, seen from the Sun) of the point on the other orbit, degrees.
    public var eclipticLongitude: Double
    public var eclipticLatitude: Double
    /// Speed between bodies that are at the two points, km/s, without their pull on each other.
    public var relativeSpeed: Double

    /// - Complexity: about 150 to 300 nearest points, some 40 microseconds.
    public init(of orbit: Orbit, with other: Orbit) {
        let (a, b) = (Conic(orbit), Conic(other))
        // The scan needs a closed orbit to find nearest points on: the smaller of two, the only one of one.
        let swapped = b.aphelion > a.aphelion
        let (scanned, target) = swapped ? (b, a) : (a, b)
        let starts = target.isClosed ? Self.minima(along: scanned, near: target) : Self.gridMinima(scanned, target)
        var best = (square: Double.infinity, scanned: 0.0, target: 0.0)
        for start in starts {
            let refined = Self.refined(scanned, target, start)
            if refined.square < best.square { best = refined }
        }
        let (nuA, nuB) = swapped ? (best.target, best.scanned) : (best.scanned, best.target)
        let place = b.place(nuB).0
        let velocity = a.velocity(nuA) - b.velocity(nuB)
        distance = best.square.squareRoot()
        trueAnomaly = Self.turns(nuA)
        trueAnomalyOther = Self.turns(nuB)
        eclipticLongitude = Self.turns(atan2(place.y, place.x))
        eclipticLatitude = atan2(place.z, hypot(place.x, place.y)) * 180 / .pi
        // au a day to km/s.
        relativeSpeed = (velocity * velocity).sum().squareRoot() * 149_597_870.7 / 86_400
    }

    private typealias Anomalies = (scanned: Double, target: Double)

    private static func turns(_ angle: Double) -> Double {
        let degrees = (angle * 180 / .pi).truncatingRemainder(dividingBy: 360)
        let positive = degrees < 0 ? degrees + 360 : degrees
        return positive < 360 ? positive : 0
    }

    private static func square(_ v: SIMD3<Double>) -> Double { (v * v).sum() }

    /// The places where the distance to the closed target has a local minimum along the scan.
    private static func minima(along scanned: Conic, near target: Conic) -> [Anomalies] {
        // Beyond this distance from the Sun every point is farther from the target than the scanned perihelion is.
        let limit = scanned.anomaly(within: 2 * target.aphelion + scanned.q)
        var anomalies = (0..<144).map { limit * (Double(2 * $0 + 1) / 144 - 1) }
        if limit == .pi, scanned.e > 0.3 {
            // True anomaly is sparse at the far end of long ellipses: eccentric anomaly fills it.
            let stretch = ((1 + scanned.e) / (1 - scanned.e)).squareRoot()
            anomalies += (0..<144).map { 2 * atan(stretch * tan(.pi / 2 * (Double(2 * $0 + 1) / 144 - 1))) }
            anomalies.sort()
        }
        let found = anomalies.map { nu -> (square: Double, target: Double) in
            let place = scanned.place(nu).0
            let nearest = target.nearest(to: place)
            return (square(place - target.place(nearest).0), nearest)
        }
        let n = anomalies.count
        return (0..<n).compactMap { i in
            let before = limit < .pi && i == 0 ? .infinity : found[(i + n - 1) % n].square
            let after = limit < .pi && i == n - 1 ? .infinity : found[(i + 1) % n].square
            return found[i].square <= before && found[i].square <= after ? (anomalies[i], found[i].target) : nil
        }
    }

    /// The local minima of a grid over two unbound orbits, the eight with the smallest distances.
    private static func gridMinima(_ first: Conic, _ second: Conic) -> [Anomalies] {
        let steps = 256
        let reach = 100 * (first.q + second.q)
        func places(_ conic: Conic) -> ([Double], [SIMD3<Double>]) {
            let limit = conic.anomaly(within: reach)
            let anomalies = (0...steps).map { limit * (2 * Double($0) / Double(steps) - 1) }
            return (anomalies, anomalies.map { conic.place($0).0 })
        }
        let ((nuA, a), (nuB, b)) = (places(first), places(second))
        let squares = a.map { place in b.map { square(place - $0) } }
        var out: [(Double, Anomalies)] = []
        for i in 0...steps {
            for j in 0...steps {
                let here = squares[i][j]
                let isLowest = (max(0, i - 1)...min(steps, i + 1)).allSatisfy { k in
                    (max(0, j - 1)...min(steps, j + 1)).allSatisfy { squares[k][$0] >= here }
                }
                if isLowest { out.append((here, (nuA[i], nuB[j]))) }
            }
        }
        return out.sorted { $0.0 < $1.0 }.prefix(8).map(\.1)
    }

    /// Newton steps on half the squared distance, damped until each helps (Levenberg and Marquardt's way with the full second derivative).
    private static func refined(_ first: Conic, _ second: Conic, _ start: Anomalies) -> (square: Double, scanned: Double, target: Double) {
        var (nuA, nuB) = start
        var damping = 0.0
        var (a, da, dda) = first.place(nuA)
        var (b, db, ddb) = second.place(nuB)
        var best = square(a - b)
        for _ in 0..<100 {
            let gap = a - b
            let (gradientA, gradientB) = ((gap * da).sum(), -(gap * db).sum())
            let aa = square(da) + (gap * dda).sum()
            let bb = square(db) - (gap * ddb).sum()
            let ab = -(da * db).sum()
            // Each anomaly has its own scale: damp with the squares of the speeds.
            let (dampA, dampB) = (damping * square(da), damping * square(db))
            let determinant = (aa + dampA) * (bb + dampB) - ab * ab
            var moved = false
            if aa + dampA > 0, determinant > 0 {
                let stepA = -((bb + dampB) * gradientA - ab * gradientB) / determinant
                let stepB = -((aa + dampA) * gradientB - ab * gradientA) / determinant
                let (tryA, tryB) = (nuA + stepA, nuB + stepB)
                let isOnOrbit = 1 + first.e * cos(tryA) > 1e-9 && 1 + second.e * cos(tryB) > 1e-9
                if isOnOrbit, abs(stepA) < 1, abs(stepB) < 1 {
                    let (placeA, placeB) = (first.place(tryA), second.place(tryB))
                    let now = square(placeA.0 - placeB.0)
                    if now <= best {
                        (a, da, dda) = placeA
                        (b, db, ddb) = placeB
                        (nuA, nuB, best) = (tryA, tryB, now)
                        moved = true
                        if abs(stepA) < 1e-13, abs(stepB) < 1e-13 { break }
                    }
                }
            }
            damping = moved ? (damping < 1e-9 ? 0 : damping / 8) : max(1e-6, damping * 8)
            if damping > 1e12 { break }
        }
        return (best, nuA, nuB)
    }
}
