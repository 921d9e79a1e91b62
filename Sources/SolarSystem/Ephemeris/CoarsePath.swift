import Foundation

/// Where a body is within a day of a known state, by the Sun's pull alone, as a Taylor series: cheap, with a bound on what it misses.
struct CoarsePath {
    let position: SIMD3<Double>
    let velocity: SIMD3<Double>
    private let halfAcceleration: SIMD3<Double>
    private let sixthJerk: SIMD3<Double>
    /// Twice a bound of |fourth derivative| / 24 on the conic, au/day^4.
    private let rest: Double
    /// Twice a bound of what the planets add to the Sun's pull meanwhile, au/day^2.
    private let pull: Double

    @inline(__always)
    init(_ position: SIMD3<Double>, _ velocity: SIMD3<Double>, _ perturbers: Perturbers) {
        self.position = position
        self.velocity = velocity
        let squared = position.squaredLength
        let distance = squared.squareRoot()
        let perCube = Constants.gmSun / (squared * distance)
        halfAcceleration = position * (-perCube / 2)
        sixthJerk = (velocity - position * (3 * position.dot(velocity) / squared)) * (-perCube / 6)
        // The fourth derivative is at most mu/r^3 (4 mu/r^2 + 15 v^2/r).
        rest = 2 * perCube * (perCube * distance * 4 + 15 * velocity.squaredLength / distance) / 24
        pull = 2 * perturbers.pull(on: position)
    }

    /// Heliocentric position `days` after the state.
    @inline(__always)
    func position(after days: Double) -> SIMD3<Double> {
        position + (velocity + (halfAcceleration + sixthJerk * days) * days) * days
    }

    /// Bound of the error on the sky, radians: the series' rest, the planets' pull, and the light time, which is not iterated.
    @inline(__always)
    func error(after days: Double, range: Double) -> Double {
        let squared = days * days
        let second = 2 * velocity.squaredLength / (Constants.lightSpeed * Constants.lightSpeed)
        return (rest * squared * squared + pull * squared / 2) / range + second
    }

    /// The body as an observer sees it: the difference vector, au. `observer` and `sun` are barycentric, the latter with its velocity.
    @inline(__always)
    func seen(after days: Double, observer: SIMD3<Double>, sun: Planets.State) -> SIMD3<Double> {
        let lightTime = (position(after: days) + sun.position - observer).length / Constants.lightSpeed
        return position(after: days - lightTime) + sun.position - sun.velocity * lightTime - observer
    }
}

/// The planets and the Moon about the night, for a bound of their pull.
struct Perturbers: Sendable {
    /// Heliocentric, au, at the states' epoch.
    private let positions: [SIMD3<Double>]
    /// How far a body may come nearer to a planet within the time: 0.03 au/day is faster than two bodies pass each other at 0.5 au.
    private let approach: Double
    /// Bound of the planets' pull on the Sun, au/day^2: Jupiter's is 1.1e-8.
    private static let onSun = 2e-8

    init(_ planets: Planets, epoch: Double, reachDays: Double) throws(EphemerisError) {
        let sun = try planets.state(of: .sun, at: epoch).position
        var positions = [SIMD3<Double>]()
        for body in Body.allCases { positions.append(try planets.state(of: body, at: epoch).position - sun) }
        self.positions = positions
        approach = 0.03 * reachDays
    }

    @inline(__always)
    func pull(on position: SIMD3<Double>) -> Double {
        var sum = Self.onSun
        for body in 1..<positions.count {
            let distance = max((positions[body] - position).length - approach, 1e-3)
            sum += Planets.gms[body] / (distance * distance)
        }
        return sum
    }
}
