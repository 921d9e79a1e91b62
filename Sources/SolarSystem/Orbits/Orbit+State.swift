import Foundation

extension Orbit {
    /// The state at the epoch of osculation, heliocentric.
    /// - Throws: `EphemerisError.impossibleOrbit`.
    public func state() throws(EphemerisError) -> StateVector {
        try state(twoBodyAt: epoch)
    }

    /// The state at another time on the unperturbed conic.
    /// - Throws: `EphemerisError.impossibleOrbit`.
    public func state(twoBodyAt mjd: Double) throws(EphemerisError) -> StateVector {
        try check()
        let mu = Constants.gmSun
        let motion = UniversalVariable(q: q, e: e, mu: mu)
        let s = motion.variable(time: mjd - perihelionTime)
        let (g1, g2, _) = motion.functions(s)
        let r = q + mu * e * g2
        let speed = (mu * (1 + e) / q).squareRoot()
        let (toPerihelion, ahead) = axes
        return StateVector(
            eclipticPosition: toPerihelion * (q - mu * g2) + ahead * (q * g1 * speed),
            velocity: toPerihelion * (-mu * g1 / r) + ahead * ((r - mu * g2) / r * speed), epoch: mjd)
    }

    /// Unit vectors to the perihelion and 90 degrees ahead of it in the orbit, ecliptic axes.
    private var axes: (SIMD3<Double>, SIMD3<Double>) {
        let degree = Double.pi / 180
        let (sn, cn) = (sin(node * degree), cos(node * degree))
        let (sw, cw) = (sin(argumentOfPerihelion * degree), cos(argumentOfPerihelion * degree))
        let (si, ci) = (sin(inclination * degree), cos(inclination * degree))
        return (
            SIMD3(cn * cw - sn * sw * ci, sn * cw + cn * sw * ci, sw * si),
            SIMD3(-cn * sw - sn * cw * ci, -sn * sw + cn * cw * ci, cw * si)
        )
    }

    /// The osculating orbit of a state, for any eccentricity; the nearest perihelion in time.
    ///
    /// A circle has its perihelion where the body is, an orbit in the ecliptic its node at longitude 0.
    /// - Throws: `EphemerisError.impossibleOrbit` for a state that is not finite or falls straight into the Sun.
    public init(_ state: StateVector) throws(EphemerisError) {
        try state.check()
        let mu = Constants.gmSun
        let (position, velocity) = state.ecliptic
        let r = position.length
        let momentum = position.cross(velocity)
        let h = momentum.length
        guard h > 1e-12 * r * velocity.length, h > 0 else {
            throw .impossibleOrbit(reason: "it falls straight into the Sun or out of it, which these elements cannot say")
        }
        let pole = momentum / h
        let eccentricityVector = velocity.cross(momentum) / mu - position / r
        let e = eccentricityVector.length
        let toPerihelion = e > 1e-15 ? eccentricityVector / e : position / r
        let q = h * h / mu / (1 + e)
        let inPlane = (momentum.x * momentum.x + momentum.y * momentum.y).squareRoot()
        let nodeAngle = inPlane > 1e-15 * h ? atan2(momentum.x, -momentum.y) : 0
        let toNode = SIMD3(cos(nodeAngle), sin(nodeAngle), 0)
        let trueAnomaly = atan2(toPerihelion.cross(position).dot(pole), toPerihelion.dot(position))
        let motion = UniversalVariable(q: q, e: e, mu: mu)
        let since = motion.time(motion.variable(trueAnomaly: trueAnomaly))
        func positive(_ angle: Double) -> Double {
            let degrees = angle * 180 / Double.pi
            return degrees < 0 ? degrees + 360 : degrees
        }
        self.init(
            q: q, e: e, inclination: atan2(inPlane, momentum.z) * 180 / Double.pi, node: positive(nodeAngle),
            argumentOfPerihelion: positive(atan2(toNode.cross(toPerihelion).dot(pole), toNode.dot(toPerihelion))),
            perihelionTime: state.epoch - since, epoch: state.epoch)
    }
}
