extension Circle {
    /// The circle about the mean direction of positions (degrees) that holds them all, and a margin (radians) around them.
    /// - Throws: `SphereError` where there are none, or they spread over the whole sphere.
    public init(enclosingRa ra: [Double], dec: [Double], margin: Double) throws(SphereError) {
        let positions = zip(ra, dec).map { UnitVector(uncheckedRa: $0, dec: $1) }
        let sum = positions.reduce(UnitVector(x: 0, y: 0, z: 0), +)
        guard sum.length > 0 else { throw .radiusOutOfRange(value: .nan) }
        let center = sum.normalised
        let radius = positions.map { center.separation(to: $0) }.max() ?? 0
        try self.init(center: center, radius: min(radius + margin, .pi))
    }
}
