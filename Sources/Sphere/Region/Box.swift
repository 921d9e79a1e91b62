import Glibc

/// The points between two right ascensions (eastward from the first, over RA 0 where need be) and two declinations, edges included.
public struct Box: Sendable, Hashable {
    /// The western edge in degrees, in [0, 360).
    public let ra1: Double
    /// The extent in right ascension in degrees, in [0, 360]; 360 is all.
    public let raWidth: Double
    /// Degrees.
    public let dec1: Double
    /// Degrees, not below `dec1`.
    public let dec2: Double

    /// The eastern edge in degrees, in [0, 360).
    public var ra2: Double { normalisedDegrees(ra1 + raWidth) }

    /// From degrees. A difference of 360 or more between `ra2` and `ra1` as given means all right ascensions.
    ///
    /// - Throws: `SphereError.rightAscensionNotFinite`, `.declinationOutOfRange`, `.declinationsReversed`.
    public init(ra1: Double, dec1: Double, ra2: Double, dec2: Double) throws(SphereError) {
        for (name, ra) in [("the box's first corner", ra1), ("the box's second corner", ra2)] where !ra.isFinite {
            throw .rightAscensionNotFinite(place: name, value: ra)
        }
        for (name, dec) in [("the box's first corner", dec1), ("the box's second corner", dec2)] where !(dec >= -90 && dec <= 90) {
            throw .declinationOutOfRange(place: name, value: dec)
        }
        guard dec1 <= dec2 else { throw .declinationsReversed(dec1: dec1, dec2: dec2) }
        let start = normalisedDegrees(ra1)
        let width = ra2 - ra1 >= 360 ? 360 : Box.eastward(from: start, to: normalisedDegrees(ra2))
        self.init(start: start, width: width, dec1: dec1, dec2: dec2)
    }

    init(start: Double, width: Double, dec1: Double, dec2: Double) {
        ra1 = start
        raWidth = width
        self.dec1 = dec1
        self.dec2 = dec2
    }

    private static func eastward(from start: Double, to end: Double) -> Double {
        end >= start ? end - start : end - start + 360
    }

    /// Whether a point in degrees is inside or on an edge, by comparison of the numbers as given (RA normalised).
    public func contains(ra: Double, dec: Double) -> Bool {
        guard dec >= dec1, dec <= dec2 else { return false }
        if raWidth >= 360 || abs(dec) == 90 { return true }
        let ra = normalisedDegrees(ra)
        let end = ra1 + raWidth
        return ra >= ra1 ? ra <= end : ra <= end - 360
    }

    /// Whether the point is inside; an edge is wide by 1e-13 degrees, the rounding between a vector and its angles.
    public func contains(_ point: UnitVector) -> Bool {
        let (ra, dec) = point.raDec
        guard dec >= dec1 - Box.tolerance, dec <= dec2 + Box.tolerance else { return false }
        let across = hypot(point.x, point.y)
        if raWidth >= 360 || across < 1e-15 { return true }
        let slack = Box.tolerance / across
        let east = Box.eastward(from: ra1, to: ra)
        return east <= raWidth + slack || east >= 360 - slack
    }

    /// Degrees.
    private static let tolerance = 1e-13

    /// A superset of every point within `padding` radians: to all right ascensions where it reaches a pole.
    public func padded(by padding: Double) -> Box {
        guard padding > 0 else { return self }
        let degrees = padding * (180 / Double.pi) * (1 + 1e-12) + 1e-13
        let (south, north) = (max(dec1 - degrees, -90), min(dec2 + degrees, 90))
        // The circle around a point of the edge touches the meridians asin(sin(padding) / cos(dec)) away, which is more than
        // padding / cos(dec) of the point: the padded box's own declination, nearer to the pole, bounds it.
        let cosine = cos(max(abs(south), abs(north)) * (Double.pi / 180))
        guard south > -90, north < 90, degrees / cosine * 2 + raWidth < 360 else {
            return Box(start: 0, width: 360, dec1: south, dec2: north)
        }
        let side = degrees / cosine
        return Box(start: normalisedDegrees(ra1 - side), width: raWidth + 2 * side, dec1: south, dec2: north)
    }

    /// The smaller of a circle around a pole and one around the box's middle.
    public var boundingCircle: Circle {
        let north = dec1 + dec2 >= 0
        let pole = UnitVector(x: 0, y: 0, z: north ? 1 : -1)
        let polarRadius = (north ? 90 - dec1 : 90 + dec2) * (Double.pi / 180) + 1e-14
        let polar = Circle(center: pole, uncheckedRadius: polarRadius)
        guard raWidth <= 180 else { return polar }
        let middle = UnitVector(uncheckedRa: ra1 + raWidth / 2, dec: (dec1 + dec2) / 2)
        // Up to half a turn wide, the farthest points are corners.
        let radius = [dec1, dec2].reduce(0) { max($0, middle.separation(to: UnitVector(uncheckedRa: ra1, dec: $1))) } + 1e-14
        return radius < polarRadius ? Circle(center: middle, uncheckedRadius: radius) : polar
    }
}
