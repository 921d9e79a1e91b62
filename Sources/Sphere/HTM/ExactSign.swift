/// The exact sign of a triple product of doubles, for the few positions where rounding leaves it open.
///
/// Each product of three doubles is expanded without error by fused multiply-add, and the 24 parts are summed without error
/// (Shewchuk 1997, Discrete & Computational Geometry 18, 305, GROW-EXPANSION).
enum ExactSign {
    /// The sign of a · (b × c): 1, 0 or -1. Components of `a` may be as small as doubles go; those of `b` and `c` are 0 or above 2^-100.
    static func tripleProduct(_ a: UnitVector, _ b: UnitVector, _ c: UnitVector) -> Int {
        // Scaling one factor by a power of two is exact and keeps the lowest parts of the products from vanishing.
        let s = 0x1p600
        let (ax, ay, az) = (a.x * s, a.y * s, a.z * s)
        var expansion: [Double] = []
        add(ax, b.y, c.z, to: &expansion)
        add(-ax, b.z, c.y, to: &expansion)
        add(ay, b.z, c.x, to: &expansion)
        add(-ay, b.x, c.z, to: &expansion)
        add(az, b.x, c.y, to: &expansion)
        add(-az, b.y, c.x, to: &expansion)
        let leading = expansion.last { $0 != 0 } ?? 0
        return leading > 0 ? 1 : (leading < 0 ? -1 : 0)
    }

    private static func add(_ x: Double, _ y: Double, _ z: Double, to expansion: inout [Double]) {
        let high = x * y
        let low = (-high).addingProduct(x, y)
        for part in [low, high] where part != 0 {
            let top = part * z
            let rest = (-top).addingProduct(part, z)
            if rest != 0 { grow(&expansion, by: rest) }
            if top != 0 { grow(&expansion, by: top) }
        }
    }

    /// Adds a number to a nonoverlapping expansion, smallest part first.
    private static func grow(_ expansion: inout [Double], by value: Double) {
        var sum = value
        for i in expansion.indices {
            let total = sum + expansion[i]
            let virtual = total - sum
            expansion[i] = (sum - (total - virtual)) + (expansion[i] - virtual)
            sum = total
        }
        expansion.append(sum)
        expansion.removeAll { $0 == 0 }
    }
}
