import Glibc

/// A convex polygon with great circles as edges, smaller than a hemisphere, its vertices counter-clockwise as seen from outside.
public struct ConvexPolygon: Sendable, Hashable {
    /// At least three, counter-clockwise.
    public let vertices: [UnitVector]
    /// The inward unit normal of the plane of each edge (from vertex i to the next).
    public var inwardNormals: [UnitVector] { normals }
    let normals: [UnitVector]

    /// From vertices in order around the polygon, in either direction.
    ///
    /// - Throws: `SphereError` for fewer than three, repeated ones, three in a row on one great circle, a polygon that is not convex
    ///   and one that no hemisphere contains.
    public init(vertices given: [UnitVector]) throws(SphereError) {
        let count = given.count
        guard count >= 3 else { throw .tooFewVertices(count: count) }
        for second in 1..<count {
            if let first = (0..<second).first(where: { given[$0] == given[second] }) {
                throw .repeatedVertex(first: first, second: second)
            }
        }
        var turns = [Int](repeating: 0, count: count)
        for index in 0..<count {
            let before = given[(index + count - 1) % count]
            turns[index] = orientation(before, given[index], given[(index + 1) % count])
            if turns[index] == 0 { throw .degeneratePolygon(vertex: index) }
        }
        if let index = turns.firstIndex(where: { $0 != turns[0] }) { throw .nonConvexPolygon(vertex: index) }
        let ordered = turns[0] > 0 ? given : Array(given.reversed())
        for index in 0..<count {
            let (a, b) = (ordered[index], ordered[(index + 1) % count])
            let outside = (0..<count).first { other in
                other != index && other != (index + 1) % count && orientation(ordered[other], a, b) < 0
            }
            guard let outside else { continue }
            let sum = ordered.dropFirst().reduce(ordered[0], +)
            if ordered.contains(where: { $0.dot(sum) <= 0 }) { throw .polygonLargerThanHemisphere }
            throw .nonConvexPolygon(vertex: turns[0] > 0 ? outside : count - 1 - outside)
        }
        vertices = ordered
        normals = (0..<count).map { ConvexPolygon.normal(ordered[$0], ordered[($0 + 1) % count]) }
    }

    /// From degrees.
    /// - Throws: as `UnitVector(ra:dec:)`, naming the vertex, and `init(vertices:)`.
    public init(raDec: [(ra: Double, dec: Double)]) throws(SphereError) {
        var vertices: [UnitVector] = []
        for (index, corner) in raDec.enumerated() {
            vertices.append(try UnitVector(ra: corner.ra, dec: corner.dec, place: "the polygon's vertex \(index + 1)"))
        }
        try self.init(vertices: vertices)
    }

    static func normal(_ a: UnitVector, _ b: UnitVector) -> UnitVector {
        a.cross(b - a).normalised
    }

    /// Whether the point is inside or on an edge: exact with respect to the vertices.
    public func contains(_ point: UnitVector) -> Bool {
        for (index, normal) in normals.enumerated() {
            let height = (point - vertices[index]).dot(normal)
            if height > 1e-15 { continue }
            if height < -1e-15 { return false }
            let next = index + 1 == vertices.count ? 0 : index + 1
            if orientation(point, vertices[index], vertices[next]) < 0 { return false }
        }
        return true
    }

    /// A circle around the mean direction of the vertices.
    public var boundingCircle: Circle {
        let center = vertices.dropFirst().reduce(vertices[0], +).normalised
        let radius = vertices.reduce(0) { max($0, center.separation(to: $1)) } + 1e-15
        // A cap is convex, and so holds the polygon with its vertices, up to a hemisphere only.
        return radius < Double.pi / 2 ? Circle(center: center, uncheckedRadius: radius) : .wholeSphere
    }

    /// A polygon (or a circle, where no polygon smaller than a hemisphere will do) that has every point within `padding` radians.
    ///
    /// Each edge's plane is turned about the axis across the edge's middle until both its ends are `padding` inside; when some
    /// other vertex then is not, or the new planes make no polygon, it is the padded bounding circle.
    public func padded(by padding: Double) -> Region {
        guard padding > 0 else { return .polygon(self) }
        let fallback = Region.circle(boundingCircle.padded(by: padding))
        // A little more, so that rounding does not put a point outside.
        let height = sin(min(padding * (1 + 1e-12) + 2e-15, Double.pi / 2))
        var planes: [UnitVector] = []
        for (index, normal) in normals.enumerated() {
            let (a, b) = (vertices[index], vertices[(index + 1) % vertices.count])
            let middle = (a + b).normalised
            let sine = height / middle.dot(a)
            guard sine < 1 else { return fallback }
            let plane = normal * (1 - sine * sine).squareRoot() + middle * sine
            guard vertices.allSatisfy({ $0.dot(plane) >= height - 1e-15 }) else { return fallback }
            planes.append(plane)
        }
        let corners = planes.indices.map { index in
            planes[(index + planes.count - 1) % planes.count].cross(planes[index]).normalised
        }
        guard let polygon = try? ConvexPolygon(vertices: corners),
            zip(corners, vertices).allSatisfy({ $0.dot($1) > 0 })
        else { return fallback }
        return .polygon(polygon)
    }
}
