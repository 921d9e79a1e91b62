extension UnitVector {
    /// Components of many positions in degrees. Positions that are not on the sphere give NaN.
    /// - Complexity: O(n)
    public static func columns(ra: [Double], dec: [Double]) -> (x: [Double], y: [Double], z: [Double]) {
        precondition(ra.count == dec.count)
        var (x, y, z) = ([Double](), [Double](), [Double]())
        x.reserveCapacity(ra.count)
        y.reserveCapacity(ra.count)
        z.reserveCapacity(ra.count)
        for i in ra.indices {
            let v = UnitVector(uncheckedRa: ra[i], dec: dec[i])
            x.append(v.x)
            y.append(v.y)
            z.append(v.z)
        }
        return (x, y, z)
    }
}
