import CS2
import Glibc

/// A point of the unit sphere, or a direction: three Cartesian components in the equatorial frame (x to RA 0, z to the north pole).
public struct UnitVector: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var z: Double

    /// Takes the components as they are: the caller says that they are of unit length.
    @inlinable
    public init(x: Double, y: Double, z: Double) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// From right ascension and declination in degrees.
    ///
    /// The components equal those of lsst-sphgeom's `UnitVector3d(LonLat.fromDegrees(ra, dec))` bit for bit.
    /// - Throws: `SphereError.rightAscensionNotFinite` and `.declinationOutOfRange`, with `place` as the part that is named.
    public init(ra: Double, dec: Double, place: String = "the point") throws(SphereError) {
        guard ra.isFinite else { throw .rightAscensionNotFinite(place: place, value: ra) }
        guard dec >= -90, dec <= 90 else { throw .declinationOutOfRange(place: place, value: dec) }
        self.init(uncheckedRa: ra, dec: dec)
    }

    /// From degrees that are known to be finite and in range; garbage in gives garbage out, never a trap.
    @inline(__always)
    init(uncheckedRa ra: Double, dec: Double) {
        let longitude = normalisedLongitude(ra * (Double.pi / 180))
        let latitude = dec * (Double.pi / 180)
        var (sineOfLongitude, cosineOfLongitude, sineOfLatitude, cosineOfLatitude) = (0.0, 0.0, 0.0, 0.0)
        sincos(longitude, &sineOfLongitude, &cosineOfLongitude)
        sincos(latitude, &sineOfLatitude, &cosineOfLatitude)
        self.init(x: cosineOfLongitude * cosineOfLatitude, y: sineOfLongitude * cosineOfLatitude, z: sineOfLatitude)
    }

    /// Right ascension in [0, 360) and declination in [-90, 90], degrees. At a pole the right ascension is 0.
    public var raDec: (ra: Double, dec: Double) {
        let dec = atan2(z, hypot(x, y)) * (180 / Double.pi)
        guard x != 0 || y != 0 else { return (0, dec) }
        return (normalisedDegrees(atan2(y, x) * (180 / Double.pi)), dec)
    }

    @inlinable
    public func dot(_ other: UnitVector) -> Double {
        x * other.x + y * other.y + z * other.z
    }

    /// The cross product: a plain vector, its length the sine of the angle between the two.
    @inlinable
    public func cross(_ other: UnitVector) -> UnitVector {
        UnitVector(x: y * other.z - z * other.y, y: z * other.x - x * other.z, z: x * other.y - y * other.x)
    }

    /// The angle between two directions in radians, in [0, pi]: `atan2(|a x b|, a . b)`, accurate at all angles.
    public func separation(to other: UnitVector) -> Double {
        // a x b = (a - b) x b: the difference keeps the digits that a product of near-equal numbers loses.
        let normal = (self - other).cross(other)
        return atan2(normal.length, dot(other))
    }

    @inlinable
    var length: Double { (x * x + y * y + z * z).squareRoot() }

    @inlinable
    static func - (left: UnitVector, right: UnitVector) -> UnitVector {
        UnitVector(x: left.x - right.x, y: left.y - right.y, z: left.z - right.z)
    }

    @inlinable
    static func + (left: UnitVector, right: UnitVector) -> UnitVector {
        UnitVector(x: left.x + right.x, y: left.y + right.y, z: left.z + right.z)
    }

    @inlinable
    static prefix func - (vector: UnitVector) -> UnitVector {
        UnitVector(x: -vector.x, y: -vector.y, z: -vector.z)
    }

    @inlinable
    static func * (vector: UnitVector, factor: Double) -> UnitVector {
        UnitVector(x: vector.x * factor, y: vector.y * factor, z: vector.z * factor)
    }

    /// Divides by the largest component first, then by the square root of one plus the other two squares, which is the rounding
    /// that lsst-sphgeom's midpoints have; the order of the two smaller ones does not matter.
    var normalised: UnitVector {
        let largest = max(abs(x), abs(y), abs(z))
        let (u, v, w) = (x / largest, y / largest, z / largest)
        let (uu, vv, ww) = (u * u, v * v, w * w)
        let rest: Double
        if abs(u) == 1 {
            rest = vv + ww
        } else if abs(v) == 1 {
            rest = uu + ww
        } else {
            rest = uu + vv
        }
        let norm = (1 + rest).squareRoot()
        return UnitVector(x: u / norm, y: v / norm, z: w / norm)
    }
}

/// Radians into [0, 2 pi], in the same steps as lsst-sphgeom's `NormalizedAngle`, so that the bits are equal: a whole turn stays.
@inline(__always)
func normalisedLongitude(_ longitude: Double) -> Double {
    if longitude >= 0, longitude <= 2 * Double.pi { return longitude }
    let remainder = fmod(longitude, 2 * Double.pi)
    return longitude < 0 ? remainder + 2 * Double.pi : remainder
}

/// Degrees into [0, 360).
func normalisedDegrees(_ degrees: Double) -> Double {
    if degrees >= 0, degrees < 360 { return degrees }
    let remainder = fmod(degrees, 360)
    let shifted = remainder < 0 ? remainder + 360 : remainder
    return shifted < 360 ? shifted : 0
}
