import Foundation

/// All positions within an angle of a centre.
public struct Circle: Sendable, Equatable {
    public let centre: UnitVector
    /// Radians, from 0 to pi.
    public let radius: Double
    private let chordSquared: Double

    public init(centre: UnitVector, radius: Double) {
        self.centre = centre
        self.radius = min(max(radius, 0), .pi)
        let half = sin(self.radius / 2)
        chordSquared = 4 * half * half
    }

    /// ICRS degrees.
    /// - Throws: `SphereError`
    public init(ra: Double, dec: Double, radius: Double) throws {
        guard radius >= 0, radius <= 180 else { throw SphereError.badRadius(radius) }
        self.init(centre: try UnitVector(ra: ra, dec: dec), radius: radius * .pi / 180)
    }

    public func contains(_ position: UnitVector) -> Bool {
        let (dx, dy, dz) = (position.x - centre.x, position.y - centre.y, position.z - centre.z)
        // A rim position stays inside in spite of the rounding of its components.
        return dx * dx + dy * dy + dz * dz <= chordSquared * (1 + 4e-16) + 1e-31
    }

    public func padded(by margin: Double) -> Circle { Circle(centre: centre, radius: radius + margin) }
}
