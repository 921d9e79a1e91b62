import Foundation
import Sphere

/// Predicts where bodies are seen, from their states, with the pull of the planets, light time and the observer's place.
///
///     let ephemeris = Ephemeris(planets: planets)
///     let seen = try ephemeris.predict(orbit.state(), at: Moment(tai: 61_109.28), from: rubin)
public struct Ephemeris: Sendable {
    public let planets: Planets
    /// UT1 - UTC in seconds; 0 costs at most 0.6 mas at 1 au (see `Observatory.geocentric`).
    public let ut1MinusUtc: Double

    public init(planets: Planets, ut1MinusUtc: Double = 0) {
        self.planets = planets
        self.ut1MinusUtc = ut1MinusUtc
    }

    /// What is to be predicted in a batch: the number of the body in the list of states, and by whom and when it is seen.
    public struct Request: Sendable {
        public var body: Int
        public var moment: Moment
        public var observatory: Observatory

        public init(body: Int, moment: Moment, observatory: Observatory) {
            self.body = body
            self.moment = moment
            self.observatory = observatory
        }
    }

    /// The observer's barycentric position and velocity, au and au/day, ICRF.
    /// - Throws: `EphemerisError.outsideSpan`.
    public func observer(at moment: Moment, _ observatory: Observatory) throws(EphemerisError) -> Planets.State {
        let earth = try planets.state(of: .earth, at: moment.tdb)
        let place = observatory.geocentric(at: moment, ut1MinusUtc: ut1MinusUtc)
        return Planets.State(position: earth.position + place.position, velocity: earth.velocity + place.velocity)
    }

    /// One body at one moment.
    /// - Throws: `EphemerisError.impossibleOrbit`, `.collision` and `.outsideSpan`.
    public func predict(
        _ state: StateVector, at moment: Moment, from observatory: Observatory, nonGravitational: NonGravitational? = nil
    ) throws(EphemerisError) -> Prediction {
        var path = try Trajectory(state, planets: planets, nonGravitational: nonGravitational)
        return try predict(&path, at: moment, observer: try observer(at: moment, observatory))
    }

    /// Many moments of many bodies: each body is integrated once. Answers are in the order of the requests.
    /// - Throws: `EphemerisError.impossibleOrbit`, `.collision` and `.outsideSpan`.
    public func ephemeris(of states: [StateVector], at requests: [Request]) throws(EphemerisError) -> [Prediction] {
        var found = [Prediction?](repeating: nil, count: requests.count)
        let order = requests.indices.sorted { (requests[$0].body, $0) < (requests[$1].body, $1) }
        var path: Trajectory?
        var body = -1
        for index in order {
            let request = requests[index]
            precondition(states.indices.contains(request.body), "a request names a body that is not in the list")
            if request.body != body || path == nil {
                path = try Trajectory(states[request.body], planets: planets)
                body = request.body
            }
            found[index] = try predict(&path!, at: request.moment, observer: try observer(at: request.moment, request.observatory))
        }
        return found.map { $0! }
    }

    /// A body on a path that is kept between calls, seen by an observer whose barycentric state is known.
    /// - Throws: `EphemerisError.collision` and `.outsideSpan`.
    public func predict(_ path: inout Trajectory, at moment: Moment, observer: Planets.State) throws(EphemerisError) -> Prediction {
        var lightTime = 0.0
        var (position, velocity) = try path.barycentric(at: moment.tdb)
        // Each turn gains a factor of c / v, about 10^4.
        for _ in 0..<6 {
            let next = (position - observer.position).length / Constants.lightSpeed
            let change = abs(next - lightTime)
            lightTime = next
            (position, velocity) = try path.barycentric(at: moment.tdb - lightTime)
            if change < 1e-12 { break }
        }
        let sunThen = try planets.state(of: .sun, at: moment.tdb - lightTime)
        let sunNow = try planets.state(of: .sun, at: moment.tdb)
        return Self.prediction(
            body: Planets.State(position: position, velocity: velocity), observer: observer, sunThen: sunThen, sunNow: sunNow)
    }

    /// Angles, ranges and rates from barycentric states.
    static func prediction(
        body: Planets.State, observer: Planets.State, sunThen: Planets.State, sunNow: Planets.State
    ) -> Prediction {
        let degree = 180 / Double.pi
        let seen = body.position - observer.position
        let range = seen.length
        let direction = seen / range
        // The light time changes too: the body's clock runs at 1 - rangeRate / c of the observer's.
        let plain = direction.dot(body.velocity - observer.velocity)
        let rangeRate = plain / (1 + direction.dot(body.velocity) / Constants.lightSpeed)
        let motion = body.velocity * (1 - rangeRate / Constants.lightSpeed) - observer.velocity
        let across = (seen.x * seen.x + seen.y * seen.y).squareRoot()
        let east = across > 0 ? SIMD3(-seen.y, seen.x, 0) / across : SIMD3(0, 1, 0)
        let north = direction.cross(east)
        let heliocentric = Planets.State(position: body.position - sunThen.position, velocity: body.velocity - sunThen.velocity)
        let r = heliocentric.position.length
        let (ra, dec) = UnitVector(x: direction.x, y: direction.y, z: direction.z).raDec
        func angle(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { atan2(a.cross(b).length, a.dot(b)) * degree }
        return Prediction(
            ra: ra, dec: dec, raRate: motion.dot(east) / range * degree, decRate: motion.dot(north) / range * degree, range: range,
            rangeRate: rangeRate, lightTime: range / Constants.lightSpeed, heliocentricRange: r,
            heliocentricRangeRate: heliocentric.position.dot(heliocentric.velocity) / r,
            phaseAngle: angle(-heliocentric.position, -seen), elongation: angle(sunNow.position - observer.position, seen),
            topocentric: Planets.State(position: seen, velocity: motion), heliocentric: heliocentric)
    }
}
