import Foundation

/// A convex polygon whose edges are arcs of great circles, smaller than a hemisphere.
public struct ConvexPolygon: Sendable, Equatable {
    /// Corners, counter-clockwise as seen from outside the sphere.
    public let vertices: [UnitVector]
    /// For each edge, from a corner to the next, the inward unit normal of its plane.
    public let inwardNormals: [UnitVector]

    /// Corners in either sense of rotation; a closing corner equal to the first is dropped.
    /// - Throws: `SphereError.badPolygon`
    public init(_ corners: [UnitVector]) throws {
        var corners = corners
        if corners.count > 3, corners.first == corners.last { corners.removeLast() }
        guard corners.count >= 3 else { throw SphereError.badPolygon("it needs at least three corners, and has \(corners.count)") }
        let middle = corners.reduce(UnitVector(x: 0, y: 0, z: 0), +)
        guard middle.norm > 1e-9 else { throw SphereError.badPolygon("its corners lie around the whole sphere") }
        if Self.turn(corners, about: middle.normalized) < 0 { corners.reverse() }
        var normals: [UnitVector] = []
        for (i, corner) in corners.enumerated() {
            let next = corners[(i + 1) % corners.count]
            let normal = corner.cross(next)
            guard normal.norm > 1e-12 else { throw SphereError.badPolygon("corners \(i + 1) and \((i + 1) % corners.count + 1) coincide or are opposite") }
            normals.append(normal.normalized)
        }
        for (i, normal) in normals.enumerated() {
            for (j, corner) in corners.enumerated() where j != i && j != (i + 1) % corners.count {
                guard normal.dot(corner) > -1e-14 else {
                    throw SphereError.badPolygon("it is not convex at the edge from corner \(i + 1), or its edges cross: cut it into convex parts")
                }
            }
        }
        guard normals.allSatisfy({ $0.dot(middle.normalized) > 0 }) else { throw SphereError.badPolygon("it is as large as a hemisphere, or has no area") }
        vertices = corners
        inwardNormals = normals
    }

    /// Twice the signed area in the plane, up to a factor: positive for counter-clockwise.
    private static func turn(_ corners: [UnitVector], about middle: UnitVector) -> Double {
        corners.indices.reduce(0) { $0 + corners[$1].cross(corners[($1 + 1) % corners.count]).dot(middle) }
    }

    public func contains(_ position: UnitVector) -> Bool {
        for normal in inwardNormals where normal.dot(position) < -2e-16 { return false }
        return true
    }

    public var boundingCircle: Circle {
        let centre = vertices.reduce(UnitVector(x: 0, y: 0, z: 0), +).normalized
        let radius = vertices.map { centre.separation(to: $0) }.max()!
        return Circle(centre: centre, radius: radius + 1e-15)
    }

    /// Each edge's plane is turned outward by the margin about the axis in the plane that is farthest from the edge, which moves every
    /// point of the edge by at least the margin; corners are where the new planes meet. Where that is no polygon, the bounding circle serves.
    func padded(by margin: Double) -> Region {
        guard margin > 0 else { return .polygon(self) }
        let count = vertices.count
        // A plane turned about an axis perpendicular to the edge's middle moves the middle by the angle, and a point at angle t from the
        // middle by asin(sin(angle) cos(t)): turn by more, so that the edge's ends move far enough.
        let planes = inwardNormals.enumerated().map { i, normal -> UnitVector in
            let (a, b) = (vertices[i], vertices[(i + 1) % count])
            let half = a.separation(to: b) / 2
            let angle = asin(min(1, sin(margin) / cos(half + margin)))
            let middle = (a + b).normalized
            let (s, c) = (sin(angle), cos(angle))
            return UnitVector(x: normal.x * c + middle.x * s, y: normal.y * c + middle.y * s, z: normal.z * c + middle.z * s)
        }
        let corners = (0..<count).map { i -> UnitVector in
            let meeting = planes[(i + count - 1) % count].cross(planes[i])
            let corner = meeting.normalized
            return corner.dot(vertices[i]) < 0 ? -corner : corner
        }
        let circle = boundingCircle.padded(by: margin)
        let farthest = zip(corners, vertices).map { $0.separation(to: $1) }.max() ?? .infinity
        guard farthest.isFinite, farthest < 10 * margin + boundingCircle.radius, circle.radius < .pi / 3, let polygon = try? ConvexPolygon(corners) else {
            return .circle(circle)
        }
        return .polygon(polygon)
    }
}
