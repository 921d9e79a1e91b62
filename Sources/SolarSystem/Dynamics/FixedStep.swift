/// Nyström's method of order 5 with four evaluations (Hairer, Nørsett and Wanner, Solving Ordinary Differential Equations I, II.14, table
/// 14.2), four bodies at once, the planets' positions tabulated once for all.
struct FixedStep {
    typealias Lanes = SIMD4<Double>

    /// Positions of `Body` at each step's start, 1/5 and 2/3, and at the end of the last: x, y, z of 11 bodies a moment.
    let table: [Double]
    let sunVelocities: [SIMD3<Double>]
    let count: Int
    let length: Double

    static let bodies = 11
    static let stride = 33
    private static let fractions = [0, 0.2, 2.0 / 3]

    init(planets: Planets, start: Double, length: Double, count: Int) {
        var table = [Double]()
        table.reserveCapacity((3 * count + 1) * Self.stride)
        var sunVelocities = [SIMD3<Double>]()
        var moment = Forces.Moment()
        for step in 0...count {
            for fraction in step < count ? Self.fractions : [0] {
                moment.fill(planets, at: start + (Double(step) + fraction) * length)
                for position in moment.positions { table += [position.x, position.y, position.z] }
                if fraction == 0 { sunVelocities.append(moment.sunVelocity) }
            }
        }
        self.table = table
        self.sunVelocities = sunVelocities
        self.count = count
        self.length = length
    }

    /// Distances in au below which a planet's pull is too uneven for a fixed step, in the order of `Body`: at them the error of a step
    /// is below 1e-12 au.
    static let near: [Double] = [0, 0.05, 0.1, 0.1, 0.1, 0.1, 0.5, 0.5, 0.3, 0.3, 0.1]

    struct Four {
        var x: Lanes
        var y: Lanes
        var z: Lanes
    }

    /// Follows four bodies over all steps, from heliocentric to heliocentric states. Gives the lanes that met a planet, whose states are
    /// worthless then.
    func follow(_ position: inout Four, _ velocity: inout Four, gms: UnsafePointer<Double>) -> SIMDMask<SIMD4<Int64>> {
        var met = SIMDMask<SIMD4<Int64>>(repeating: false)
        let h = length
        table.withUnsafeBufferPointer { table in
            sunVelocities.withUnsafeBufferPointer { sunVelocities in
                let planets = table.baseAddress!
                var r = Four(x: position.x + planets[0], y: position.y + planets[1], z: position.z + planets[2])
                let drift = sunVelocities[0]
                var v = Four(x: velocity.x + drift.x, y: velocity.y + drift.y, z: velocity.z + drift.z)
                for step in 0..<count {
                    let now = planets + 3 * step * Self.stride
                    let sun = sunVelocities[step]
                    met = met .| Self.encounters(r, now)
                    let k1 = Self.acceleration(r, v, now, sun, gms)
                    let p2 = Self.shifted(r, v, h / 5, k1, h * h / 50)
                    let k2 = Self.acceleration(p2, Self.plus(v, k1, h / 5), now + Self.stride, sun, gms)
                    var p3 = Self.shifted(r, v, h * 2 / 3, k1, -h * h / 27)
                    p3 = Self.plus(p3, k2, 7 * h * h / 27)
                    let k3 = Self.acceleration(p3, Self.plus(v, k2, h * 2 / 3), now + 2 * Self.stride, sun, gms)
                    var p4 = Self.shifted(r, v, h, k1, 0.3 * h * h)
                    p4 = Self.plus(Self.plus(p4, k2, -2 * h * h / 35), k3, 9 * h * h / 35)
                    let k4 = Self.acceleration(p4, Self.plus(v, k3, h), now + 3 * Self.stride, sun, gms)
                    r = Self.shifted(r, v, h, k1, 14 * h * h / 336)
                    r = Self.plus(Self.plus(r, k2, 100 * h * h / 336), k3, 54 * h * h / 336)
                    v = Self.plus(Self.plus(v, k1, 14 * h / 336), k2, 125 * h / 336)
                    v = Self.plus(Self.plus(v, k3, 162 * h / 336), k4, 35 * h / 336)
                }
                let end = planets + 3 * count * Self.stride
                met = met .| Self.encounters(r, end)
                let last = sunVelocities[count]
                position = Four(x: r.x - end[0], y: r.y - end[1], z: r.z - end[2])
                velocity = Four(x: v.x - last.x, y: v.y - last.y, z: v.z - last.z)
            }
        }
        return met
    }

    @inline(__always)
    private static func plus(_ a: Four, _ b: Four, _ factor: Double) -> Four {
        Four(x: a.x + b.x * factor, y: a.y + b.y * factor, z: a.z + b.z * factor)
    }

    @inline(__always)
    private static func shifted(_ r: Four, _ v: Four, _ time: Double, _ a: Four, _ factor: Double) -> Four {
        plus(plus(r, v, time), a, factor)
    }

    @inline(__always)
    private static func encounters(_ r: Four, _ planets: UnsafePointer<Double>) -> SIMDMask<SIMD4<Int64>> {
        var met = SIMDMask<SIMD4<Int64>>(repeating: false)
        near.withUnsafeBufferPointer { near in
            for body in 1..<bodies {
                let (dx, dy, dz) = (r.x - planets[3 * body], r.y - planets[3 * body + 1], r.z - planets[3 * body + 2])
                met = met .| ((dx * dx + dy * dy + dz * dz) .< Lanes(repeating: near[body] * near[body]))
            }
        }
        return met
    }

    /// The same forces as `Forces`; the Sun's velocity is that of the step's start, which changes by 1e-8 au/day in a day.
    @inline(__always)
    private static func acceleration(
        _ r: Four, _ v: Four, _ planets: UnsafePointer<Double>, _ sunVelocity: SIMD3<Double>, _ gms: UnsafePointer<Double>
    ) -> Four {
        let (hx, hy, hz) = (r.x - planets[0], r.y - planets[1], r.z - planets[2])
        let (wx, wy, wz) = (v.x - sunVelocity.x, v.y - sunVelocity.y, v.z - sunVelocity.z)
        let squared = hx * hx + hy * hy + hz * hz
        let distance = squared.squareRoot()
        let perCube = gms[0] / (squared * distance)
        let light = 1 / (Constants.lightSpeed * Constants.lightSpeed)
        let along = (4 * gms[0] / distance - (wx * wx + wy * wy + wz * wz)) * light - 1
        let across = 4 * light * (hx * wx + hy * wy + hz * wz)
        var sum = Four(
            x: (hx * along + wx * across) * perCube, y: (hy * along + wy * across) * perCube, z: (hz * along + wz * across) * perCube)
        for body in 1..<bodies {
            let (dx, dy, dz) = (planets[3 * body] - r.x, planets[3 * body + 1] - r.y, planets[3 * body + 2] - r.z)
            let squared = dx * dx + dy * dy + dz * dz
            let pull = gms[body] / (squared * squared.squareRoot())
            sum.x += dx * pull
            sum.y += dy * pull
            sum.z += dz * pull
        }
        return sum
    }
}
