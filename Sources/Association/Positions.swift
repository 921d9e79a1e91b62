import Sphere

/// Positions with identifiers, as association takes them: parallel columns of unit vectors.
public struct Positions: Sendable {
    /// Identifiers (diaSourceId or diaObjectId); they decide ties, so that the order of rows never matters.
    public var id: [Int64]
    public var x: [Double]
    public var y: [Double]
    public var z: [Double]

    public init(id: [Int64], x: [Double], y: [Double], z: [Double]) {
        precondition(id.count == x.count && x.count == y.count && y.count == z.count)
        self.id = id
        self.x = x
        self.y = y
        self.z = z
    }

    /// From ICRS degrees.
    public init(id: [Int64], ra: [Double], dec: [Double]) {
        let (x, y, z) = UnitVector.columns(ra: ra, dec: dec)
        self.init(id: id, x: x, y: y, z: z)
    }

    public var count: Int { id.count }
}
