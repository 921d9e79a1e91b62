import Foundation

/// Where a body is within a day of a known state, by the Sun's pull alone, as a Taylor series: cheap, with a bound on what it misses.
struct CoarsePath {
    let position: SIMD3<Double>
    let velocity: SIMD3<Double>
    private let halfAcceleration: SIMD3<Double>
    private let sixthJerk: SIMD3<Double>
    /// Two of the greatest |fourth derivative| / 24 the conic has, au/day^4.
    private let rest: Double

    @inline(__always)
    init(_ position: SIMD3<Double>, _ velocity: SIMD3<Double>) {
        self.position = position
        self.velocity = velocity
        let squared = position.squaredLength
        let distance = squared.squareRoot()
        let perCube = Constants.gmSun / (squared * distance)
        halfAcceleration = position * (-perCube / 2)
        sixthJerk = (velocity - position * (3 * position.dot(velocity) / squared)) * (-perCube / 6)
        // |r''''| <= mu^2/r^5 (1 + 3) + 15 mu v^2 / r^3 roughly; at its own speed of escape v^2 = 2 mu / r.
        rest = 2 * perCube * (perCube * distance * 4 + 15 * velocity.squaredLength / distance) / 24
    }

    /// Heliocentric position `days` after the state.
    @inline(__always)
    func position(after days: Double) -> SIMD3<Double> {
        position + (velocity + (halfAcceleration + sixthJerk * days) * days) * days
    }

    /// Bound of the error on the sky in radians: the series' rest, the planets' pull on a body that is near none (3e-7 au/day^2), and the
    /// Earth's, with 4 to spare for the Moon and the change of distance.
    @inline(__always)
    func error(after days: Double, range: Double) -> Double {
        let squared = days * days
        return (rest * squared * squared + 3e-7 * squared / 2) / range + 4 * 8.9e-10 * squared / (2 * range * range * range)
    }

    /// The body as an observer sees it: the difference vector, au. `observer` and `sun` are barycentric, the latter with its velocity.
    @inline(__always)
    func seen(after days: Double, observer: SIMD3<Double>, sun: Planets.State) -> SIMD3<Double> {
        let lightTime = (position(after: days) + sun.position - observer).length / Constants.lightSpeed
        return position(after: days - lightTime) + sun.position - sun.velocity * lightTime - observer
    }
}
