/// The fast way from a position to its trixel: the same answer as `HtmDescent`, without square roots.
///
/// The first levels are looked up in a table of the planes between children. Below it the position is kept in coordinates of the trixel's
/// corners, p = a v0 + b v1 + c v2. It lies in child 0 exactly when a > b + c, in 1 when b > a + c, in 2 when c > a + b. The coordinates in
/// the child follow from the lengths of its edges, which halve from level to level up to terms of second order. A position so near an edge
/// that rounding could decide is left to the exact descent.
enum HtmFast {
    static let tableLevel = 6

    /// For every trixel above the table's level: the three planes between its children (9 numbers).
    /// Trixel `id` of level l stands at `id - 8 * 4^l + offset(l)`, offsets ending the levels before.
    private static let planes: [Double] = {
        var out: [Double] = []
        var level = Trixel.roots
        for _ in 0..<tableLevel {
            for trixel in level {
                let (m0, m1, m2) = trixel.middles
                for plane in [m2.cross(m1), m0.cross(m2), m1.cross(m0)] {
                    let unit = plane.normalized
                    out += [unit.x, unit.y, unit.z]
                }
            }
            level = level.flatMap(\.children)
        }
        return out
    }()

    /// For every trixel of the table's level: the planes that give coordinates in its corners (9 numbers), and of each edge 1 - cos (3).
    private static let bases: [Double] = {
        var level = Trixel.roots
        for _ in 0..<tableLevel { level = level.flatMap(\.children) }
        return level.flatMap { t -> [Double] in
            let determinant = t.v0.dot(t.v1.cross(t.v2))
            let dual = [t.v1.cross(t.v2), t.v2.cross(t.v0), t.v0.cross(t.v1)].flatMap { [$0.x / determinant, $0.y / determinant, $0.z / determinant] }
            func u(_ a: UnitVector, _ b: UnitVector) -> Double {
                let (dx, dy, dz) = (a.x - b.x, a.y - b.y, a.z - b.z)
                return (dx * dx + dy * dy + dz * dz) / 2
            }
            return dual + [u(t.v1, t.v2), u(t.v2, t.v0), u(t.v0, t.v1)]
        }
    }()

    static func index(_ x: Double, _ y: Double, _ z: Double, level: Int) -> Int64 {
        guard level > tableLevel else { return HtmDescent.index(UnitVector(x: x, y: y, z: z), level: level) }
        let id = planes.withUnsafeBufferPointer { planes in
            bases.withUnsafeBufferPointer { bases in fast(x, y, z, level, planes.baseAddress!, bases.baseAddress!) }
        }
        return id >= 0 ? id : HtmDescent.index(UnitVector(x: x, y: y, z: z), level: level)
    }

    /// - Returns: the trixel, or -1 where rounding could have decided.
    @inline(__always)
    private static func fast(
        _ x: Double, _ y: Double, _ z: Double, _ level: Int, _ planes: UnsafePointer<Double>, _ bases: UnsafePointer<Double>
    ) -> Int64 {
        let root = (z < 0 ? 0 : 4) | rootQuadrant(x, y, south: z < 0)
        var nearest = min(abs(x), min(abs(y), abs(z)))
        var k = root  // number of the trixel within its level
        var offset = 0  // number of trixels in the levels before
        var width = 8
        for _ in 0..<tableLevel {
            let p = planes + (offset + k) * 9
            let d0 = x * p[0] + y * p[1] + z * p[2]
            let d1 = x * p[3] + y * p[4] + z * p[5]
            let d2 = x * p[6] + y * p[7] + z * p[8]
            nearest = min(nearest, min(abs(d0), min(abs(d1), abs(d2))))
            let child = d0 > 0 ? 0 : (d1 > 0 ? 1 : (d2 > 0 ? 2 : 3))
            offset += width
            width *= 4
            k = k * 4 + child
        }
        if nearest < 4e-15 { return -1 }
        let base = bases + k * 12
        var a = x * base[0] + y * base[1] + z * base[2]
        var b = x * base[3] + y * base[4] + z * base[5]
        var c = x * base[6] + y * base[7] + z * base[8]
        var (u0, u1, u2) = (base[9], base[10], base[11])
        var id = Int64(8 << (2 * tableLevel) + k)
        // Coordinates are kept so that a + b + c stays near 1: an absolute error of 4e-15 of a radian grows with the zoom.
        var margin = 2e-13
        for _ in tableLevel..<level {
            let (sa, sb, sc) = (b + c - a, a + c - b, a + b - c)
            if min(abs(sa), min(abs(sb), abs(sc))) < margin { return -1 }
            // Half the length of the sum of two corners is cos(half the edge) = 1 - q; q is 1 - cos of the halved edge.
            let (q0, q1, q2) = (halved(u0), halved(u1), halved(u2))
            let s = 1 - (u0 + u1 + u2) / 4
            id <<= 2
            if sa < 0 {
                (a, b, c) = (-sa, 2 * b * (1 - q2), 2 * c * (1 - q1))
                (u0, u1, u2) = (between(s, q1, q2), q1, q2)
            } else if sb < 0 {
                (a, b, c) = (-sb, 2 * c * (1 - q0), 2 * a * (1 - q2))
                (u0, u1, u2) = (between(s, q2, q0), q2, q0)
                id += 1
            } else if sc < 0 {
                (a, b, c) = (-sc, 2 * a * (1 - q1), 2 * b * (1 - q0))
                (u0, u1, u2) = (between(s, q0, q1), q0, q1)
                id += 2
            } else {
                (a, b, c) = (sa * (1 - q0), sb * (1 - q1), sc * (1 - q2))
                (u0, u1, u2) = (between(s, q1, q2), between(s, q2, q0), between(s, q0, q1))
                id += 3
            }
            margin *= 2
        }
        return id
    }

    /// 1 - cos of half an edge from 1 - cos of the edge: 1 - sqrt(1 - u / 2), by its series; u is below 6e-4 at level 6.
    @inline(__always)
    private static func halved(_ u: Double) -> Double { u * (0.25 + u * (1.0 / 32 + u * (1.0 / 128 + u * (5.0 / 2048)))) }

    /// 1 - cos between the middles of two edges, (1 + c01 + c02 + c12) / 4 / ((1 - q1)(1 - q2)).
    @inline(__always)
    private static func between(_ s: Double, _ q1: Double, _ q2: Double) -> Double {
        let product = (1 - q1) * (1 - q2)
        return (product - s) / product
    }

    @inline(__always)
    private static func rootQuadrant(_ x: Double, _ y: Double, south: Bool) -> Int {
        let quadrant = y > 0 ? (x > 0 ? 0 : 1) : (x < 0 ? 2 : 3)
        return south ? quadrant : 3 - quadrant
    }
}
