import Sphere

/// Positions with identifiers, as association takes them: parallel columns of unit vectors.
public struct Positions: Sendable {
    /// Identifiers (diaSourceId or diaObjectId); they decide ties, so that the order of rows never matters.
    public var id: [Int64]
    public var x: [Double]
    public var y: [Double]
    public var z: [Double]
    /// Errors, one a row; nil where no row has any.
    public var errors: PositionErrors?

    public init(id: [Int64], x: [Double], y: [Double], z: [Double], errors: PositionErrors? = nil) {
        precondition(id.count == x.count && x.count == y.count && y.count == z.count)
        precondition(errors == nil || errors!.count == id.count, "positions and errors differ in length")
        self.id = id
        self.x = x
        self.y = y
        self.z = z
        self.errors = errors
    }

    /// From ICRS degrees.
    public init(id: [Int64], ra: [Double], dec: [Double], errors: PositionErrors? = nil) {
        let (x, y, z) = UnitVector.columns(ra: ra, dec: dec)
        self.init(id: id, x: x, y: y, z: z, errors: errors)
    }

    public var count: Int { id.count }

    /// One row with its errors.
    func sample(_ row: Int) -> PositionSample {
        PositionSample(
            x: x[row], y: y[row], z: z[row], row: Int32(row), raErr: errors?.raErr[row] ?? .nan, decErr: errors?.decErr[row] ?? .nan,
            raDecCov: errors?.raDecCov[row] ?? .nan)
    }

    /// The rows named, in that order.
    public func gather(_ rows: [Int]) -> Positions {
        Positions(
            id: rows.map { id[$0] }, x: rows.map { x[$0] }, y: rows.map { y[$0] }, z: rows.map { z[$0] },
            errors: errors.map { errors in
                PositionErrors(
                    raErr: rows.map { errors.raErr[$0] }, decErr: rows.map { errors.decErr[$0] },
                    raDecCov: rows.map { errors.raDecCov[$0] })
            })
    }
}
