import Foundation

/// Where a body is and how it moves, relative to the Sun: ICRF equatorial axes, au and au/day, at an MJD in TDB.
public struct StateVector: Sendable, Equatable {
    public var position: SIMD3<Double>
    public var velocity: SIMD3<Double>
    /// MJD TDB.
    public var epoch: Double

    public init(position: SIMD3<Double>, velocity: SIMD3<Double>, epoch: Double) {
        self.position = position
        self.velocity = velocity
        self.epoch = epoch
    }

    /// From ecliptic axes of J2000 (obliquity: `Constants.obliquity`), as JPL Horizons and orbit catalogues print states.
    public init(eclipticPosition: SIMD3<Double>, velocity: SIMD3<Double>, epoch: Double) {
        self.init(position: Ecliptic.toEquatorial(eclipticPosition), velocity: Ecliptic.toEquatorial(velocity), epoch: epoch)
    }

    /// Position and velocity on the ecliptic axes of J2000.
    public var ecliptic: (position: SIMD3<Double>, velocity: SIMD3<Double>) {
        (Ecliptic.fromEquatorial(position), Ecliptic.fromEquatorial(velocity))
    }

    /// Throws a sentence for a state that cannot be followed: not finite, or at the Sun's centre.
    public func check() throws(EphemerisError) {
        let values = [position.x, position.y, position.z, velocity.x, velocity.y, velocity.z, epoch]
        guard values.allSatisfy(\.isFinite) else { throw .impossibleOrbit(reason: "its state has a value that is not a number") }
        guard position.squaredLength > 0 else { throw .impossibleOrbit(reason: "it is at the centre of the Sun") }
    }
}

/// Turns between the equator (ICRF) and the ecliptic of J2000.
enum Ecliptic {
    static let sine = sin(Constants.obliquity)
    static let cosine = cos(Constants.obliquity)

    static func toEquatorial(_ v: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(v.x, cosine * v.y - sine * v.z, sine * v.y + cosine * v.z)
    }

    static func fromEquatorial(_ v: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(v.x, cosine * v.y + sine * v.z, -sine * v.y + cosine * v.z)
    }
}

extension SIMD3<Double> {
    @inline(__always)
    func dot(_ other: SIMD3<Double>) -> Double { x * other.x + y * other.y + z * other.z }

    @inline(__always)
    func cross(_ other: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }

    @inline(__always)
    var squaredLength: Double { dot(self) }

    @inline(__always)
    var length: Double { dot(self).squareRoot() }
}
