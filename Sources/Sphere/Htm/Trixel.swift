/// One triangle of the Hierarchical Triangular Mesh (A. S. Szalay et al., arXiv:cs/0701164), with its vertices counter-clockwise.
///
/// Ids: the roots S0...S3 are 8...11 and N0...N3 are 12...15; a child's id is its parent's with two more bits.
struct Trixel {
    var id: Int64
    var v0: UnitVector
    var v1: UnitVector
    var v2: UnitVector

    /// The eight roots, by id.
    static let roots: [Trixel] = {
        let (x, y, z) = (UnitVector(x: 1, y: 0, z: 0), UnitVector(x: 0, y: 1, z: 0), UnitVector(x: 0, y: 0, z: 1))
        let corners = [
            (x, -z, y), (y, -z, -x), (-x, -z, -y), (-y, -z, x),
            (x, z, -y), (-y, z, -x), (-x, z, y), (y, z, x),
        ]
        return corners.enumerated().map { Trixel(id: Int64(8 + $0.offset), v0: $0.element.0, v1: $0.element.1, v2: $0.element.2) }
    }()

    /// The root of a point. On the planes between roots the choice is lsst-sphgeom's.
    static func root(of v: UnitVector) -> Trixel {
        let south = v.z < 0
        let quadrant: Int
        if v.y > 0 {
            quadrant = v.x > 0 ? 0 : 1
        } else if v.y == 0 {
            quadrant = v.x >= 0 ? 0 : 2
        } else {
            quadrant = v.x < 0 ? 2 : 3
        }
        return roots[south ? quadrant : 7 - quadrant]
    }

    /// The four children in the order of their ids.
    var children: (Trixel, Trixel, Trixel, Trixel) {
        let (m01, m12, m20) = ((v0 + v1).normalised, (v1 + v2).normalised, (v2 + v0).normalised)
        let first = id << 2
        return (
            Trixel(id: first, v0: v0, v1: m01, v2: m20), Trixel(id: first + 1, v0: v1, v1: m12, v2: m01),
            Trixel(id: first + 2, v0: v2, v1: m20, v2: m12), Trixel(id: first + 3, v0: m12, v1: m20, v2: m01)
        )
    }

    /// The trixel of that level that holds the point, by exact tests: a point on an edge belongs to the lower child.
    @inline(never)
    static func index(of v: UnitVector, level: Int) -> Int64 {
        guard v.x.isFinite, v.y.isFinite, v.z.isFinite else { return 0 }
        var trixel = root(of: v)
        for _ in 0..<level {
            let (v0, v1, v2) = (trixel.v0, trixel.v1, trixel.v2)
            let (m01, m12, m20) = ((v0 + v1).normalised, (v1 + v2).normalised, (v2 + v0).normalised)
            let first = trixel.id << 2
            if orientation(v, m01, m20) >= 0 {
                trixel = Trixel(id: first, v0: v0, v1: m01, v2: m20)
            } else if orientation(v, m12, m01) >= 0 {
                trixel = Trixel(id: first + 1, v0: v1, v1: m12, v2: m01)
            } else if orientation(v, m20, m12) >= 0 {
                trixel = Trixel(id: first + 2, v0: v2, v1: m20, v2: m12)
            } else {
                trixel = Trixel(id: first + 3, v0: m12, v1: m20, v2: m01)
            }
        }
        return trixel.id
    }
}
