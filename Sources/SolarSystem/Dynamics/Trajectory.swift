/// The path of one body through the solar system, integrated as far as it is asked for and kept, so that any number of moments cost
/// little more than the span they cover.
///
///     var path = try Trajectory(state, planets: planets)
///     let (position, velocity) = try path.barycentric(at: 60_100)
public struct Trajectory: Sendable {
    private let planets: Planets
    private var forward: Integrator
    private var backward: Integrator
    private var later = [GaussRadau.Step]()
    private var earlier = [GaussRadau.Step]()
    private let epoch: Double

    /// - Throws: `EphemerisError.impossibleOrbit` and `.outsideSpan`.
    public init(_ state: StateVector, planets: Planets, nonGravitational: NonGravitational? = nil) throws(EphemerisError) {
        try state.check()
        let sun = try planets.state(of: .sun, at: state.epoch)
        let (position, velocity) = (state.position + sun.position, state.velocity + sun.velocity)
        let forces = Forces(nonGravitational: nonGravitational)
        self.planets = planets
        epoch = state.epoch
        forward = try Integrator(
            planets: planets, forces: forces, time: state.epoch, position: position, velocity: velocity, direction: 1)
        backward = try Integrator(
            planets: planets, forces: forces, time: state.epoch, position: position, velocity: velocity, direction: -1)
    }

    /// Position and velocity relative to the barycentre of the solar system, ICRF, au and au/day; `mjd` is TDB.
    /// - Throws: `EphemerisError.collision` and `.outsideSpan`.
    /// - Complexity: O(log n) for n kept steps, besides the integration to times not asked for before.
    public mutating func barycentric(at mjd: Double) throws(EphemerisError) -> (position: SIMD3<Double>, velocity: SIMD3<Double>) {
        guard mjd.isFinite else { throw .time(mjd: mjd, reason: "it is not a number") }
        if mjd >= epoch {
            while forward.time < mjd || later.isEmpty { later.append(try forward.step()) }
            return Self.find(later, mjd)
        }
        while backward.time > mjd { earlier.append(try backward.step()) }
        return Self.find(earlier, mjd)
    }

    /// The heliocentric state at a time.
    /// - Throws: `EphemerisError.collision` and `.outsideSpan`.
    public mutating func heliocentric(at mjd: Double) throws(EphemerisError) -> StateVector {
        let (position, velocity) = try barycentric(at: mjd)
        let sun = try planets.state(of: .sun, at: mjd)
        return StateVector(position: position - sun.position, velocity: velocity - sun.velocity, epoch: mjd)
    }

    /// Number of steps made so far.
    public var stepCount: Int { later.count + earlier.count }

    /// The step that holds a time: the last that starts before it, in the direction of the steps.
    private static func find(_ steps: [GaussRadau.Step], _ mjd: Double) -> (position: SIMD3<Double>, velocity: SIMD3<Double>) {
        var (low, high) = (0, steps.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if (mjd - steps[middle].start) * steps[middle].length >= 0 { low = middle } else { high = middle }
        }
        return steps[low].state(at: mjd)
    }
}

/// Moves states in time with the pull of the planets.
public struct Propagator: Sendable {
    public let planets: Planets

    public init(planets: Planets) {
        self.planets = planets
    }

    /// Heliocentric states at the given times (MJD TDB, any order), in that order.
    /// - Throws: `EphemerisError.impossibleOrbit`, `.collision` and `.outsideSpan`.
    public func propagate(
        _ state: StateVector, to mjds: [Double], nonGravitational: NonGravitational? = nil
    ) throws(EphemerisError) -> [StateVector] {
        var path = try Trajectory(state, planets: planets, nonGravitational: nonGravitational)
        var states = [StateVector]()
        states.reserveCapacity(mjds.count)
        for mjd in mjds { states.append(try path.heliocentric(at: mjd)) }
        return states
    }
}
