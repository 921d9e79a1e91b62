/// A spherical triangle of the mesh: three corners, counter-clockwise from outside.
struct Trixel {
    var id: Int64
    var v0: UnitVector
    var v1: UnitVector
    var v2: UnitVector

    /// The eight roots: S0 to S3 are 8 to 11, N0 to N3 are 12 to 15.
    static let roots: [Trixel] = {
        let (x, y, z) = (UnitVector(x: 1, y: 0, z: 0), UnitVector(x: 0, y: 1, z: 0), UnitVector(x: 0, y: 0, z: 1))
        // Zeros are positive, as those of a subtraction would be.
        let (mx, my, mz) = (UnitVector(x: -1, y: 0, z: 0), UnitVector(x: 0, y: -1, z: 0), UnitVector(x: 0, y: 0, z: -1))
        let corners = [(x, mz, y), (y, mz, mx), (mx, mz, my), (my, mz, x), (x, z, my), (my, z, mx), (mx, z, y), (y, z, x)]
        return corners.enumerated().map { Trixel(id: 8 + Int64($0), v0: $1.0, v1: $1.1, v2: $1.2) }
    }()

    /// The middles of the edges, each opposite the corner of its number, normalised as lsst-sphgeom does.
    var middles: (UnitVector, UnitVector, UnitVector) { ((v1 + v2).normalized, (v2 + v0).normalized, (v0 + v1).normalized) }

    /// The four children: at each corner, and in the middle.
    var children: [Trixel] {
        let (m0, m1, m2) = middles
        return [
            Trixel(id: id << 2, v0: v0, v1: m2, v2: m1), Trixel(id: id << 2 + 1, v0: v1, v1: m0, v2: m2),
            Trixel(id: id << 2 + 2, v0: v2, v1: m1, v2: m0), Trixel(id: id << 2 + 3, v0: m0, v1: m1, v2: m2),
        ]
    }

    /// The trixel of a level-independent identifier.
    /// - Returns: nil where the number names none.
    static func named(_ id: Int64) -> Trixel? {
        guard id >= 8 else { return nil }
        let level = (63 - id.leadingZeroBitCount - 3) / 2
        guard (63 - id.leadingZeroBitCount - 3) % 2 == 0 else { return nil }
        var trixel = roots[Int(id >> Int64(2 * level)) - 8]
        for l in stride(from: 2 * (level - 1), through: 0, by: -2) { trixel = trixel.children[Int(id >> Int64(l)) & 3] }
        return trixel
    }
}
