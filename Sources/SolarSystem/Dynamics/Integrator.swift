import Foundation

/// Follows one body in one direction of time, step by step.
struct Integrator {
    let planets: Planets
    let forces: Forces
    private(set) var time: Double
    private(set) var position: SIMD3<Double>
    private(set) var velocity: SIMD3<Double>
    private var acceleration: SIMD3<Double>
    /// Signed length of the next step, days.
    private var length: Double
    private var b = [SIMD3<Double>](repeating: .zero, count: 7)
    private var moments = [Forces.Moment](repeating: Forces.Moment(), count: 8)

    /// Relative size of the last coefficient that sets the step; Rein and Spiegel's value, at which the error is that of rounding.
    private static let tolerance = 1e-9
    /// No step is shorter than this part of the time in which a body's pull changes. There the error is nil, and what the last coefficient
    /// shows is the rounding of times and positions, after which the steps would run down to nothing (seen 0.02 au from Jupiter).
    private static let shortestPart = 0.02

    /// Barycentric position and velocity, au and au/day; `direction` is +1 or -1.
    init(
        planets: Planets, forces: Forces, time: Double, position: SIMD3<Double>, velocity: SIMD3<Double>, direction: Double
    ) throws(EphemerisError) {
        try planets.check(time)
        self.planets = planets
        self.forces = forces
        self.time = time
        self.position = position
        self.velocity = velocity
        acceleration = .zero
        length = 0
        moments[0].fill(planets, at: time)
        acceleration = accelerationNow()
        let r = (position - moments[0].positions[0]).length
        length = direction * min(0.05 * (r * r * r / Constants.gmSun).squareRoot(), 20)
    }

    private func accelerationNow() -> SIMD3<Double> {
        moments[0].positions.withUnsafeBufferPointer { positions in
            Planets.gms.withUnsafeBufferPointer { gms in
                forces.acceleration(
                    position, velocity, positions: positions.baseAddress!, sunVelocity: moments[0].sunVelocity, gms: gms.baseAddress!)
            }
        }
    }

    /// The shortest step worth making here, days.
    /// - Throws: `EphemerisError.collision` inside the Sun or a planet.
    private func shortestStep() throws(EphemerisError) -> Double {
        // Faster than any planet's own motion.
        let speed = velocity.length + 0.03
        var least = Double.infinity
        for body in Body.allCases {
            let distance = (moments[0].positions[body.rawValue] - position).length
            guard distance > body.radiusKm / Constants.auKm else { throw .collision(mjd: time) }
            least = min(least, (distance * distance * distance / Planets.gms[body.rawValue]).squareRoot(), distance / speed)
        }
        return Self.shortestPart * least
    }

    /// Makes one step and gives its polynomial.
    /// - Throws: `EphemerisError.collision` and `.outsideSpan`.
    mutating func step() throws(EphemerisError) -> GaussRadau.Step {
        let shortest = try shortestStep()
        if abs(length) < shortest { length = length < 0 ? -shortest : shortest }
        while true {
            // A step that would leave the planets' span ends at its edge; a step from the edge is an error.
            let edge = length > 0 ? planets.lastMjd : planets.firstMjd
            if (time + length - edge) * length > 0 {
                guard abs(edge - time) > 1e-6 else {
                    throw .outsideSpan(mjd: time + length, first: planets.firstMjd, last: planets.lastMjd)
                }
                length = edge - time
            }
            for node in 1...7 { moments[node].fill(planets, at: time + GaussRadau.nodes[node] * length) }
            let worst = iterate()
            let wanted = worst > 0 ? pow(Self.tolerance / worst, 1.0 / 7) : 4
            guard wanted >= 0.25 || abs(length) <= shortest, worst.isFinite else {
                guard abs(length) > shortest else { throw .collision(mjd: time) }
                let smaller = max(abs(length) * (wanted.isFinite && wanted > 0.01 ? wanted : 0.05), shortest)
                length = length < 0 ? -smaller : smaller
                b = [SIMD3<Double>](repeating: .zero, count: 7)
                continue
            }
            let done = GaussRadau.Step(
                start: time, length: length, position: position, velocity: velocity, acceleration: acceleration, b: b)
            let end = done.state(at: time + length)
            time += length
            (position, velocity) = end
            moments[0].fill(planets, at: time)
            acceleration = accelerationNow()
            let ratio = min(wanted, 4)
            length *= ratio
            b = GaussRadau.predicted(b, ratio: ratio)
            return done
        }
    }

    /// Solves for the coefficients of one step; gives the last one relative to the acceleration.
    private mutating func iterate() -> Double {
        let (x, v, a0, dt, law) = (position, velocity, acceleration, length, forces)
        var worst = 0.0
        b.withUnsafeMutableBufferPointer { b in
            withUnsafeTemporaryAllocation(of: SIMD3<Double>.self, capacity: 7) { g in
                for j in 0..<7 {
                    var sum = SIMD3<Double>.zero
                    for k in j..<7 { sum += b[k] * GaussRadau.toNewton[7 * k + j] }
                    g.initializeElement(at: j, to: sum)
                }
                var before = Double.infinity
                for _ in 0..<12 {
                    var change = 0.0
                    var largest = a0.length
                    for node in 1...7 {
                        let h = GaussRadau.nodes[node]
                        let (position, velocity) = GaussRadau.state(h, dt, x, v, a0, UnsafePointer(b.baseAddress!))
                        let a = moments[node].positions.withUnsafeBufferPointer { positions in
                            Planets.gms.withUnsafeBufferPointer { gms in
                                law.acceleration(
                                    position, velocity, positions: positions.baseAddress!, sunVelocity: moments[node].sunVelocity,
                                    gms: gms.baseAddress!)
                            }
                        }
                        largest = max(largest, a.length)
                        var difference = (a - a0) / h
                        for j in 1..<node { difference = (difference - g[j - 1]) / (h - GaussRadau.nodes[j]) }
                        let correction = difference - g[node - 1]
                        g[node - 1] = difference
                        for k in 0..<node { b[k] += correction * GaussRadau.fromNewton[7 * (node - 1) + k] }
                        if node == 7 { change = correction.length }
                    }
                    worst = b[6].length / largest
                    let relative = change / largest
                    if relative < 1e-16 || relative >= before || !relative.isFinite { break }
                    before = relative
                }
            }
        }
        return worst
    }
}
