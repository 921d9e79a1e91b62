import Glibc

/// A cap of the sphere: the points within an angle of its centre, edge included.
public struct Circle: Sendable, Hashable {
    public let center: UnitVector
    /// Radians, in [0, pi].
    public let radius: Double

    /// - Throws: `SphereError.radiusOutOfRange` for a radius (radians) that is NaN or outside [0, pi].
    public init(center: UnitVector, radius: Double) throws(SphereError) {
        guard radius >= 0, radius <= Double.pi else { throw .radiusOutOfRange(value: radius) }
        self.center = center
        self.radius = radius
    }

    /// From degrees, radius too.
    /// - Throws: as `UnitVector(ra:dec:)` and `init(center:radius:)`.
    public init(ra: Double, dec: Double, radiusDegrees: Double) throws(SphereError) {
        let center = try UnitVector(ra: ra, dec: dec, place: "the circle's centre")
        try self.init(center: center, radius: radiusDegrees * (Double.pi / 180))
    }

    init(center: UnitVector, uncheckedRadius radius: Double) {
        self.center = center
        self.radius = min(max(radius, 0), Double.pi)
    }

    /// Whether the point is inside or on the edge; the edge is wide by a few units in the last place.
    public func contains(_ point: UnitVector) -> Bool {
        (point - center).dot(point - center) <= chordSquaredMax
    }

    /// The largest squared chord between the centre and a contained point, rounded up.
    var chordSquaredMax: Double {
        let chord = 2 * sin(radius / 2)
        return chord * chord * (1 + 0x1p-48) + 0x1p-104
    }

    /// The circle with a radius larger by that many radians, or the whole sphere.
    public func padded(by padding: Double) -> Circle {
        Circle(center: center, uncheckedRadius: radius + padding)
    }

    static let wholeSphere = Circle(center: UnitVector(x: 0, y: 0, z: 1), uncheckedRadius: Double.pi)
}
