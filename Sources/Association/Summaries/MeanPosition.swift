import Foundation
import Sphere

/// The mean of positions on the sphere: the direction of the sum of their unit vectors, unweighted, right at the poles and over RA 0.
///
/// Its covariance is the sum of the positions' covariances over n^2, each turned into the frame of east and north at the mean: near a
/// pole these differ from position to position.
struct MeanPosition {
    private var points: [Point] = []

    private struct Point {
        var direction: UnitVector
        var varianceEast: Double
        var varianceNorth: Double
        var covariance: Double
    }

    struct Result {
        /// ICRS, degrees.
        var ra = Double.nan
        var dec = Double.nan
        /// Degrees, and the covariance in square degrees: all NaN unless every position has both errors.
        var raErr = Double.nan
        var decErr = Double.nan
        var raDecCov = Double.nan
    }

    mutating func removeAll() { points.removeAll(keepingCapacity: true) }

    /// Positions that are not finite are passed over; a covariance that is unknown counts as 0.
    mutating func append(_ direction: UnitVector, raErr: Float, decErr: Float, raDecCov: Float) {
        guard direction.x.isFinite, direction.y.isFinite, direction.z.isFinite else { return }
        let (east, north) = (Double(raErr), Double(decErr))
        points.append(
            Point(
                direction: direction, varianceEast: east * east, varianceNorth: north * north,
                covariance: raDecCov.isFinite ? Double(raDecCov) : 0))
    }

    /// All NaN without positions, and where they cancel.
    var result: Result {
        var (x, y, z) = (0.0, 0.0, 0.0)
        for point in points {
            x += point.direction.x
            y += point.direction.y
            z += point.direction.z
        }
        let length = (x * x + y * y + z * z).squareRoot()
        guard length > 1e-12 * Double(points.count) else { return Result() }
        let mean = UnitVector(x: x / length, y: y / length, z: z / length)
        let (ra, dec) = UnitVector(x: x, y: y, z: z).raDec
        var out = Result(ra: ra, dec: dec)
        let n = Double(points.count)
        let (varianceEast, varianceNorth, covariance) = summedCovariance(in: Frame(at: mean))
        guard varianceEast.isFinite, varianceNorth.isFinite else { return out }
        out.raErr = varianceEast.squareRoot() / n
        out.decErr = varianceNorth.squareRoot() / n
        out.raDecCov = covariance / (n * n)
        return out
    }

    private func summedCovariance(in target: Frame) -> (Double, Double, Double) {
        var (varianceEast, varianceNorth, covariance) = (0.0, 0.0, 0.0)
        for point in points {
            let (cosine, sine) = Frame(at: point.direction).turn(to: target)
            let (a, b, c) = (point.varianceEast, point.varianceNorth, point.covariance)
            varianceEast += cosine * cosine * a + 2 * cosine * sine * c + sine * sine * b
            varianceNorth += sine * sine * a - 2 * cosine * sine * c + cosine * cosine * b
            covariance += cosine * sine * (b - a) + (cosine * cosine - sine * sine) * c
        }
        return (varianceEast, varianceNorth, covariance)
    }
}

/// East and north of a place on the sphere.
private struct Frame {
    var east: UnitVector
    var north: UnitVector

    init(at place: UnitVector) {
        let distance = hypot(place.x, place.y)
        // At the very pole the right ascension is 0, as in `UnitVector.raDec`.
        let (cosine, sine) = distance > 0 ? (place.x / distance, place.y / distance) : (1, 0)
        east = UnitVector(x: -sine, y: cosine, z: 0)
        north = UnitVector(x: -place.z * cosine, y: -place.z * sine, z: distance)
    }

    /// Cosine and sine of the angle by which components in this frame turn when they are carried to the other along the great circle.
    func turn(to other: Frame) -> (cosine: Double, sine: Double) {
        let along = other.east.dot(east) + other.north.dot(north)
        let across = other.east.dot(north) - other.north.dot(east)
        let length = hypot(along, across)
        return length > 0 ? (along / length, across / length) : (1, 0)
    }
}
