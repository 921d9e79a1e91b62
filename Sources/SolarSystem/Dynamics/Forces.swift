/// What pulls a body without mass: the Sun, the planets, Pluto and the Moon as points (Newton), the Sun's first post-Newtonian term, and
/// an outgassing or radiation force where the orbit has one.
///
/// Left out: the large asteroids (Ceres, Pallas and Vesta move a main-belt asteroid by some 0.01 arcsec a year, in rare encounters by
/// tenths), the flattening of the Sun and the Earth (below a milliarcsecond outside close approaches).
struct Forces {
    /// Positions of `Body`, and the Sun's velocity, at one moment.
    struct Moment {
        var positions = [SIMD3<Double>](repeating: .zero, count: Body.allCases.count)
        var sunVelocity = SIMD3<Double>.zero

        mutating func fill(_ planets: Planets, at mjd: Double) {
            sunVelocity = positions.withUnsafeMutableBufferPointer { planets.positions(at: mjd, into: $0) }
        }
    }

    let nonGravitational: NonGravitational?

    /// Barycentric acceleration in au/day^2 of a body at a barycentric position and velocity.
    @inline(__always)
    func acceleration(
        _ position: SIMD3<Double>, _ velocity: SIMD3<Double>, positions: UnsafePointer<SIMD3<Double>>, sunVelocity: SIMD3<Double>,
        gms: UnsafePointer<Double>
    ) -> SIMD3<Double> {
        var sum = SIMD3<Double>.zero
        for body in 1..<Body.allCases.count {
            let to = positions[body] - position
            let squared = to.squaredLength
            sum += to * (gms[body] / (squared * squared.squareRoot()))
        }
        let r = position - positions[0]
        let v = velocity - sunVelocity
        let squared = r.squaredLength
        let distance = squared.squareRoot()
        let perCube = gms[0] / (squared * distance)
        // Damour and Deruelle's test particle (Moyer 2003, equation 4-61 with one body): GM / (c^2 r^3) ((4 GM / r - v^2) r + 4 (r.v) v).
        let light = Constants.lightSpeed * Constants.lightSpeed
        let relativity = (r * (4 * gms[0] / distance - v.squaredLength) + v * (4 * r.dot(v))) / light
        sum += (relativity - r) * perCube
        if let nonGravitational {
            sum += nonGravitational.acceleration(r, v, distance: distance)
        }
        return sum
    }
}

/// Marsden's radial, transverse and normal accelerations at 1 au, au/day^2, falling as 1/r^2 (asteroids: Yarkovsky and radiation).
public struct NonGravitational: Sendable, Equatable {
    public var a1: Double
    public var a2: Double
    public var a3: Double

    public init(a1: Double = 0, a2: Double = 0, a3: Double = 0) {
        self.a1 = a1
        self.a2 = a2
        self.a3 = a3
    }

    func acceleration(_ r: SIMD3<Double>, _ v: SIMD3<Double>, distance: Double) -> SIMD3<Double> {
        let radial = r / distance
        let momentum = r.cross(v)
        let normal = momentum / momentum.length
        let transverse = normal.cross(radial)
        return (radial * a1 + transverse * a2 + normal * a3) / (distance * distance)
    }
}
