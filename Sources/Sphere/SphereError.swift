/// What can be wrong with a coordinate, a region or a pixelization's name. Each message says what, where and what to do.
public enum SphereError: Error, Equatable, CustomStringConvertible {
    /// A right ascension that is NaN or infinite; `place` names the part of the region.
    case rightAscensionNotFinite(place: String, value: Double)
    /// A declination that is NaN or outside [-90, 90] degrees.
    case declinationOutOfRange(place: String, value: Double)
    /// A radius that is NaN, negative or more than a half turn.
    case radiusOutOfRange(value: Double)
    /// A box whose first declination is above its second.
    case declinationsReversed(dec1: Double, dec2: Double)
    /// A polygon with fewer than three vertices.
    case tooFewVertices(count: Int)
    /// Two vertices of a polygon (counted from 0) that are the same point.
    case repeatedVertex(first: Int, second: Int)
    /// A polygon with three consecutive vertices on one great circle; `vertex` (from 0) is the middle one.
    case degeneratePolygon(vertex: Int)
    /// A polygon that turns both ways or crosses itself; `vertex` (from 0) is where that shows.
    case nonConvexPolygon(vertex: Int)
    /// A polygon that no open hemisphere contains.
    case polygonLargerThanHemisphere
    /// A word in a region's text that is not a number.
    case notANumber(place: String, text: String)
    /// A region's text with the wrong number of numbers in one part.
    case wrongNumberCount(place: String, expected: Int, found: Int)
    /// A region's text that begins with none of the known words.
    case unknownRegion(text: String)
    /// A pixelization's name that is not of the form `htm20` or `s2-20`.
    case unknownPixelization(name: String)
    /// A level that the pixelization does not have.
    case levelOutOfRange(pixelization: String, level: Int, minimum: Int, maximum: Int)

    public var description: String {
        switch self {
        case .rightAscensionNotFinite(let place, let value):
            "The right ascension of \(place) is \(value): give a finite number of degrees."
        case .declinationOutOfRange(let place, let value):
            "The declination of \(place) is \(value): give degrees between -90 and 90."
        case .radiusOutOfRange(let value):
            "The circle's radius is \(value) radians: give one between 0 and half a turn (180 degrees)."
        case .declinationsReversed(let dec1, let dec2):
            "The box's first declination \(dec1) is above its second \(dec2): give the southern one first."
        case .tooFewVertices(let count):
            "The polygon has \(count) vertices: give at least 3."
        case .repeatedVertex(let first, let second):
            "The polygon's vertices \(first + 1) and \(second + 1) are the same point: remove one."
        case .degeneratePolygon(let vertex):
            "The polygon's vertex \(vertex + 1) lies on the great circle of its neighbours: remove it."
        case .nonConvexPolygon(let vertex):
            "The polygon is not convex at vertex \(vertex + 1): order its vertices around it, or split it into convex polygons."
        case .polygonLargerThanHemisphere:
            "The polygon does not fit within a hemisphere: split it into smaller ones."
        case .notANumber(let place, let text):
            "\"\(text)\" in \(place) is not a number: give degrees as a decimal number."
        case .wrongNumberCount(let place, let expected, let found):
            "There are \(found) numbers in \(place): give \(expected)."
        case .unknownRegion(let text):
            "\"\(text)\" begins with no known region: write \"polygon ...\", \"circle ...\" or \"box ...\"."
        case .unknownPixelization(let name):
            "\"\(name)\" is no pixelization: write htm and a level (htm20) or s2- and a level (s2-20)."
        case .levelOutOfRange(let pixelization, let level, let minimum, let maximum):
            "The pixelization \(pixelization) has no level \(level): give one between \(minimum) and \(maximum)."
        }
    }
}
