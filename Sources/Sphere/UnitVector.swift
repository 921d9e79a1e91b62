import Foundation

/// A position on the sky as a vector of length 1: x towards (0, 0), y towards (90, 0), z towards the north pole of ICRS.
public struct UnitVector: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var z: Double

    /// Components that are of unit length already.
    @inlinable
    public init(x: Double, y: Double, z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// From angles in radians; the arithmetic is that of lsst-sphgeom, to the last bit.
    @inlinable
    public init(raRadians: Double, decRadians: Double) {
        let (sinRa, cosRa, cosDec) = (sin(raRadians), cos(raRadians), cos(decRadians))
        self.init(x: cosRa * cosDec, y: sinRa * cosDec, z: sin(decRadians))
    }

    /// From ICRS degrees.
    /// - Throws: `SphereError.badPosition` unless ra is finite and dec from -90 to 90.
    public init(ra: Double, dec: Double) throws {
        guard ra.isFinite, dec >= -90, dec <= 90 else { throw SphereError.badPosition(ra: ra, dec: dec) }
        self.init(unchecked: ra, dec)
    }

    @inlinable
    init(unchecked ra: Double, _ dec: Double) { self.init(raRadians: ra * (Double.pi / 180), decRadians: dec * (Double.pi / 180)) }

    /// Right ascension in degrees, from 0 up to 360.
    public var ra: Double {
        let degrees = atan2(y, x) * 180 / .pi
        return degrees < 0 ? (degrees + 360 == 360 ? 0 : degrees + 360) : degrees
    }

    /// Declination in degrees.
    public var dec: Double { atan2(z, (x * x + y * y).squareRoot()) * 180 / .pi }

    @inlinable
    public func dot(_ other: UnitVector) -> Double { x * other.x + y * other.y + z * other.z }

    /// The cross product, not of unit length.
    @inlinable
    public func cross(_ other: UnitVector) -> UnitVector {
        UnitVector(x: y * other.z - z * other.y, y: z * other.x - x * other.z, z: x * other.y - y * other.x)
    }

    @inlinable
    public static func + (a: UnitVector, b: UnitVector) -> UnitVector { UnitVector(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z) }

    @inlinable
    public static prefix func - (a: UnitVector) -> UnitVector { UnitVector(x: -a.x, y: -a.y, z: -a.z) }

    @inlinable
    var norm: Double { (x * x + y * y + z * z).squareRoot() }

    /// The same direction with length 1. The components are divided by the largest first; the order of these steps is that of
    /// lsst-sphgeom's Vector3d::normalize, which decides the last bit.
    @inlinable
    public var normalized: UnitVector {
        let (ax, ay, az) = (abs(x), abs(y), abs(z))
        let largest = max(ax, max(ay, az))
        if ax == largest {
            let (u, v) = (y / largest, z / largest)
            let n = (1 + (u * u + v * v)).squareRoot()
            return UnitVector(x: (x < 0 ? -1 : 1) / n, y: u / n, z: v / n)
        }
        if ay == largest {
            let (u, v) = (x / largest, z / largest)
            let n = (1 + (u * u + v * v)).squareRoot()
            return UnitVector(x: u / n, y: (y < 0 ? -1 : 1) / n, z: v / n)
        }
        let (u, v) = (x / largest, y / largest)
        let n = (1 + (u * u + v * v)).squareRoot()
        return UnitVector(x: u / n, y: v / n, z: (z < 0 ? -1 : 1) / n)
    }

    /// The angle between two positions in radians, exact for small and for large angles alike.
    public func separation(to other: UnitVector) -> Double { atan2(cross(other).norm, dot(other)) }
}
