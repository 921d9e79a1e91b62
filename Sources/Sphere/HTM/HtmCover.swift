import Foundation

/// Covers of regions by trixels.
enum HtmCover {
    enum Relation { case outside, crosses, inside }

    /// Trixels of a level as ranges, at most `maxRanges` of them, that hold everything in the region.
    ///
    /// The frontier of trixels that cross the boundary is refined level by level, until the level is reached or there are several times as
    /// many ranges as allowed; then the smallest gaps are closed. No cover with as many ranges made of trixels of the level reached is smaller.
    static func envelope(of region: Region, level: Int, maxRanges: Int) -> RangeSet {
        let shape = Shape(region)
        var inside: [ClosedRange<Int64>] = []
        var frontier = Trixel.roots.filter { trixel in
            switch shape.relation(to: trixel) {
            case .outside: return false
            case .crosses: return true
            case .inside:
                inside.append(descendants(trixel.id, 0, level))
                return false
            }
        }
        var reached = 0
        let enough = maxRanges == .max ? Int.max : max(4 * maxRanges, 64)
        while reached < level, !frontier.isEmpty, RangeSet(inside + frontier.map { descendants($0.id, reached, level) }).ranges.count <= enough {
            reached += 1
            var next: [Trixel] = []
            next.reserveCapacity(frontier.count * 2)
            for trixel in frontier {
                for child in trixel.children {
                    switch shape.relation(to: child) {
                    case .outside: break
                    case .crosses: next.append(child)
                    case .inside: inside.append(descendants(child.id, reached, level))
                    }
                }
            }
            frontier = next
        }
        return RangeSet(inside + frontier.map { descendants($0.id, reached, level) }).simplified(to: maxRanges)
    }

    private static func descendants(_ id: Int64, _ own: Int, _ level: Int) -> ClosedRange<Int64> {
        let shift = Int64(2 * (level - own))
        return (id << shift)...((id + 1) << shift - 1)
    }

    /// A region prepared for being held against many trixels. Relations err to `crosses`, never to `outside` or `inside`.
    struct Shape {
        let region: Region
        let bound: Circle

        init(_ region: Region) {
            self.region = region
            bound = region.boundingCircle
        }

        /// Room for rounding, in radians.
        static let slack = 2e-15

        func relation(to trixel: Trixel) -> Relation {
            switch region {
            case .circle(let circle): return Self.relation(of: circle, to: trixel)
            case .polygon(let polygon):
                if Self.relation(of: bound, to: trixel) == .outside { return .outside }
                return Self.relation(of: polygon, to: trixel)
            case .box(let box):
                if Self.relation(of: bound, to: trixel) == .outside { return .outside }
                return Self.relation(of: box, to: trixel)
            }
        }

        static func relation(of circle: Circle, to t: Trixel) -> Relation {
            let distances = [t.v0, t.v1, t.v2].map { circle.centre.separation(to: $0) }
            let within = distances.count { $0 <= circle.radius - slack }
            if within == 3, circle.radius <= .pi / 2 { return .inside }
            if distances.contains(where: { $0 <= circle.radius + slack }) { return .crosses }
            // The centre is inside, or an edge comes near.
            let normals = [t.v0.cross(t.v1), t.v1.cross(t.v2), t.v2.cross(t.v0)]
            if normals.allSatisfy({ $0.dot(circle.centre) >= -slack }) { return .crosses }
            for (normal, (a, b)) in zip(normals, [(t.v0, t.v1), (t.v1, t.v2), (t.v2, t.v0)]) {
                let unit = normal.normalized
                let height = asin(max(-1, min(1, unit.dot(circle.centre))))
                guard abs(height) <= circle.radius + slack else { continue }
                // The foot of the perpendicular lies on the edge when the centre is between the planes through its ends.
                if unit.cross(a).dot(circle.centre) >= -slack, b.cross(unit).dot(circle.centre) >= -slack { return .crosses }
            }
            return .outside
        }

        static func relation(of polygon: ConvexPolygon, to t: Trixel) -> Relation {
            let corners = [t.v0, t.v1, t.v2]
            if corners.allSatisfy({ corner in polygon.inwardNormals.allSatisfy { $0.dot(corner) >= slack } }) { return .inside }
            // Two convex cones are apart when a face of one has the other behind it; that the test misses pairs wider than a hemisphere
            // costs only a visit to their children.
            for normal in polygon.inwardNormals where corners.allSatisfy({ normal.dot($0) < -slack }) { return .outside }
            for normal in [t.v0.cross(t.v1), t.v1.cross(t.v2), t.v2.cross(t.v0)] {
                let unit = normal.normalized
                if polygon.vertices.allSatisfy({ unit.dot($0) < -slack }) { return .outside }
            }
            return .crosses
        }

        /// Boxes by the spans of a trixel in dec and against the box's two meridians.
        static func relation(of box: Box, to t: Trixel) -> Relation {
            let corners = [t.v0, t.v1, t.v2]
            let (low, high) = decSpan(corners)
            let room = 1e-12
            if high < box.dec1 - room || low > box.dec2 + room { return .outside }
            let withinDec = low >= box.dec1 + room && high <= box.dec2 - room
            if box.holdsAllRa { return withinDec ? .inside : .crosses }
            // Planes of the western and eastern meridian; the box lies on the inner sides of both, or, wider than 180 degrees, of either.
            let (west, east) = (box.ra1 * .pi / 180, box.ra2 * .pi / 180)
            let planes = [UnitVector(x: -sin(west), y: cos(west), z: 0), UnitVector(x: sin(east), y: -cos(east), z: 0)]
            let outer = planes.map { plane in corners.allSatisfy { plane.dot($0) < -slack } }
            let inner = planes.map { plane in corners.allSatisfy { plane.dot($0) > slack } }
            if box.width <= 180 {
                if outer[0] || outer[1] { return .outside }
                return withinDec && inner[0] && inner[1] ? .inside : .crosses
            }
            if outer[0] && outer[1] { return .outside }
            return withinDec && (inner[0] || inner[1]) ? .inside : .crosses
        }

        /// The lowest and highest declination in a trixel, in degrees: at corners, at the top of an edge's arc, or at a pole inside.
        static func decSpan(_ corners: [UnitVector]) -> (Double, Double) {
            var (low, high) = (corners.map(\.dec).min()!, corners.map(\.dec).max()!)
            var holdsNorth = true
            var holdsSouth = true
            for i in 0..<3 {
                let (a, b) = (corners[i], corners[(i + 1) % 3])
                let normal = a.cross(b).normalized
                if normal.z < -slack { holdsNorth = false }
                if -normal.z < -slack { holdsSouth = false }
                // The point of the great circle nearest to the north pole, and its opposite.
                let top = UnitVector(x: -normal.z * normal.x, y: -normal.z * normal.y, z: 1 - normal.z * normal.z)
                guard top.norm > 1e-12 else { continue }
                for extreme in [top.normalized, -top.normalized] where normal.cross(a).dot(extreme) >= -slack && b.cross(normal).dot(extreme) >= -slack {
                    low = min(low, extreme.dec)
                    high = max(high, extreme.dec)
                }
            }
            return (holdsSouth ? -90 : low, holdsNorth ? 90 : high)
        }
    }
}
