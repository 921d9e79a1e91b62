import Glibc

/// How a trixel lies to a region. `crossing` is the answer in doubt, so a cover never loses a point.
enum TrixelRelation {
    case outside
    case inside
    case crossing
}

/// A region with what the test of a trixel needs, computed once.
enum TrixelProbe {
    case circle(CircleProbe)
    case polygon(ConvexPolygon)
    case box(Box)

    /// Radians: larger than the rounding of a distance between a point and a great circle.
    static let margin = 1.5e-15

    init(_ region: Region) {
        switch region {
        case .circle(let circle): self = .circle(CircleProbe(circle))
        case .polygon(let polygon): self = .polygon(polygon)
        case .box(let box): self = .box(box)
        }
    }

    func relation(to trixel: Trixel) -> TrixelRelation {
        switch self {
        case .circle(let probe): probe.relation(to: trixel)
        case .polygon(let polygon): TrixelProbe.relation(of: polygon, to: trixel)
        case .box(let box): TrixelProbe.relation(of: box, to: trixel)
        }
    }

    /// Two convex polygons are apart exactly when the plane of an edge of one has the whole other on its far side.
    private static func relation(of polygon: ConvexPolygon, to trixel: Trixel) -> TrixelRelation {
        var isInside = true
        for index in polygon.normals.indices {
            let (normal, origin) = (polygon.normals[index], polygon.vertices[index])
            let heights = ((trixel.v0 - origin).dot(normal), (trixel.v1 - origin).dot(normal), (trixel.v2 - origin).dot(normal))
            if max(heights.0, heights.1, heights.2) < -margin { return .outside }
            if min(heights.0, heights.1, heights.2) < margin { isInside = false }
        }
        if isInside { return .inside }
        func isBeyond(_ a: UnitVector, _ b: UnitVector) -> Bool {
            let normal = ConvexPolygon.normal(a, b)
            return polygon.vertices.allSatisfy { ($0 - a).dot(normal) < -margin }
        }
        let isOutside = isBeyond(trixel.v0, trixel.v1) || isBeyond(trixel.v1, trixel.v2) || isBeyond(trixel.v2, trixel.v0)
        return isOutside ? .outside : .crossing
    }

    /// By the trixel's own bounds in RA and dec. No trixel has a pole but as a vertex, nor leaves its quadrant.
    private static func relation(of box: Box, to trixel: Trixel) -> TrixelRelation {
        let slack = 1e-12
        let bounds = RaDecBounds(trixel)
        if bounds.dec.upperBound < box.dec1 - slack || bounds.dec.lowerBound > box.dec2 + slack { return .outside }
        let inDec = bounds.dec.lowerBound > box.dec1 && bounds.dec.upperBound < box.dec2
        let (southReached, northReached) = (box.dec1 <= -90, box.dec2 >= 90)
        let isDecInside = inDec || (northReached && bounds.dec.lowerBound > box.dec1) || (southReached && bounds.dec.upperBound < box.dec2)
        if box.raWidth >= 360 { return isDecInside ? .inside : .crossing }
        // At a pole all right ascensions meet.
        let touchesPole = (northReached && bounds.dec.upperBound > 90 - slack) || (southReached && bounds.dec.lowerBound < -90 + slack)
        let raSlack = slack / max(cos(max(abs(bounds.dec.lowerBound), abs(bounds.dec.upperBound)) * (Double.pi / 180)), 1e-9)
        let start = normalisedDegrees(bounds.ra.lowerBound - box.ra1)
        let end = start + bounds.ra.upperBound - bounds.ra.lowerBound
        let isApart = start > box.raWidth + raSlack && end < 360 - raSlack
        if isApart && !touchesPole { return .outside }
        let isRaInside = start > 0 && end < box.raWidth
        return isDecInside && isRaInside ? .inside : .crossing
    }
}

/// What a circle's test needs.
struct CircleProbe {
    private let center: UnitVector
    private let radius: Double
    private let chordSquaredMax: Double
    private let sineMax: Double
    /// Larger than a hemisphere, and so not convex: the rest of the sphere is tested instead.
    private let isLarge: Bool

    init(_ circle: Circle) {
        center = circle.center
        radius = circle.radius
        chordSquaredMax = circle.chordSquaredMax
        sineMax = sin(min(circle.radius, Double.pi / 2)) + TrixelProbe.margin
        isLarge = circle.radius > Double.pi / 2
    }

    func relation(to trixel: Trixel) -> TrixelRelation {
        let within = isWithin(trixel.v0) + isWithin(trixel.v1) + isWithin(trixel.v2)
        if isLarge {
            guard within > 0 else { return .outside }
            guard within == 3 else { return .crossing }
            let rest = CircleProbe(Circle(center: -center, uncheckedRadius: Double.pi - radius))
            return rest.relation(to: trixel) == .outside ? .inside : .crossing
        }
        if within == 3 { return .inside }
        if within > 0 { return .crossing }
        let edges = (edge(trixel.v0, trixel.v1), edge(trixel.v1, trixel.v2), edge(trixel.v2, trixel.v0))
        if edges.0 == .outside || edges.1 == .outside || edges.2 == .outside { return .outside }
        if edges.0 == .crossing || edges.1 == .crossing || edges.2 == .crossing { return .crossing }
        // Not near any edge, and on no edge's far side: the whole circle is inside the trixel, or it is beyond a corner.
        let isCenterInside = isInner(trixel.v0, trixel.v1) && isInner(trixel.v1, trixel.v2) && isInner(trixel.v2, trixel.v0)
        return isCenterInside ? .crossing : .outside
    }

    private func isWithin(_ point: UnitVector) -> Int {
        (point - center).dot(point - center) <= chordSquaredMax ? 1 : 0
    }

    private func isInner(_ a: UnitVector, _ b: UnitVector) -> Bool {
        (center - a).dot(ConvexPolygon.normal(a, b)) >= -TrixelProbe.margin
    }

    /// Outside when the circle is on the far side of the edge's great circle, crossing when it reaches the edge itself, else inside.
    private func edge(_ a: UnitVector, _ b: UnitVector) -> TrixelRelation {
        let normal = ConvexPolygon.normal(a, b)
        let height = (center - a).dot(normal)
        if height < -sineMax { return .outside }
        guard height <= sineMax else { return .inside }
        // The foot of the centre on the great circle lies between the ends.
        let isBetween = normal.cross(a).dot(center) >= -TrixelProbe.margin && b.cross(normal).dot(center) >= -TrixelProbe.margin
        return isBetween ? .crossing : .inside
    }
}

/// The ranges of right ascension and declination of a trixel, in degrees.
struct RaDecBounds {
    /// From a quadrant's edge on, without wrapping.
    let ra: ClosedRange<Double>
    let dec: ClosedRange<Double>

    init(_ trixel: Trixel) {
        let vertices = [trixel.v0, trixel.v1, trixel.v2]
        let middle = vertices[0] + vertices[1] + vertices[2]
        // Right ascension is monotonic along an edge, and constant along one that ends at a pole, which has none of its own.
        let around = atan2(middle.y, middle.x)
        let offsets = vertices.filter { hypot($0.x, $0.y) > 1e-15 }.map { vertex in
            atan2(middle.x * vertex.y - middle.y * vertex.x, middle.x * vertex.x + middle.y * vertex.y)
        }
        let degrees = 180 / Double.pi
        ra = (around + (offsets.min() ?? 0)) * degrees...(around + (offsets.max() ?? 0)) * degrees
        var (south, north) = (90.0, -90.0)
        for (index, a) in vertices.enumerated() {
            let b = vertices[(index + 1) % 3]
            let dec = atan2(a.z, hypot(a.x, a.y)) * degrees
            (south, north) = (min(south, dec), max(north, dec))
            // An edge that rises (or falls) towards its middle from both ends has its greatest declination between them.
            let cosine = a.dot(b)
            let (fromA, fromB) = (b.z - cosine * a.z, a.z - cosine * b.z)
            guard fromA * fromB > 0 else { continue }
            let normal = ConvexPolygon.normal(a, b)
            let apex = atan2(hypot(normal.x, normal.y), abs(normal.z)) * degrees
            if fromA > 0 { north = max(north, apex) } else { south = min(south, -apex) }
        }
        dec = south...north
    }
}
