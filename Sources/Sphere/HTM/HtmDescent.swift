/// The exact way from a position to its trixel: level by level, with exact signs where rounding leaves them open.
///
/// Kunszt, Szalay & Thakar 2001, "The Hierarchical Triangular Mesh". A position on an edge goes to the first child in the order 0, 1, 2
/// whose inner edge it lies on, as in lsst-sphgeom.
enum HtmDescent {
    /// The root's number, 0 to 7, by the signs of the components; positions on the planes between roots go where lsst-sphgeom puts them.
    @inline(__always)
    static func root(_ x: Double, _ y: Double, _ z: Double) -> Int {
        if z < 0 {
            if y > 0 { return x > 0 ? 0 : 1 }
            if y == 0 { return x >= 0 ? 0 : 2 }
            return x < 0 ? 2 : 3
        }
        if y > 0 { return x > 0 ? 7 : 6 }
        if y == 0 { return x >= 0 ? 7 : 5 }
        return x < 0 ? 5 : 4
    }

    static func index(_ v: UnitVector, level: Int) -> Int64 {
        index(v, from: Trixel.roots[root(v.x, v.y, v.z)], levels: level)
    }

    /// The descent below a trixel that holds the position.
    static func index(_ v: UnitVector, from trixel: Trixel, levels: Int) -> Int64 {
        var (v0, v1, v2, id) = (trixel.v0, trixel.v1, trixel.v2, trixel.id)
        for _ in 0..<levels {
            id <<= 2
            let m01 = (v0 + v1).normalized
            let m20 = (v2 + v0).normalized
            if orientation(v, m01, m20) >= 0 {
                (v1, v2) = (m01, m20)
                continue
            }
            let m12 = (v1 + v2).normalized
            if orientation(v, m12, m01) >= 0 {
                (v0, v1, v2) = (v1, m12, m01)
                id += 1
            } else if orientation(v, m20, m12) >= 0 {
                (v0, v1, v2) = (v2, m20, m12)
                id += 2
            } else {
                (v0, v1, v2) = (m12, m20, m01)
                id += 3
            }
        }
        return id
    }

    /// The sign of a · (b × c).
    @inline(__always)
    static func orientation(_ a: UnitVector, _ b: UnitVector, _ c: UnitVector) -> Int {
        let product = a.dot(b.cross(c))
        // Each term is below 1 and takes four roundings: 6 terms of at most 4 units of 2^-53, with room.
        if product > 4e-15 { return 1 }
        if product < -4e-15 { return -1 }
        return ExactSign.tripleProduct(a, b, c)
    }
}
