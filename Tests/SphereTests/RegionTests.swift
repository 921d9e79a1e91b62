import Foundation
import TestSupport
import Testing

@testable import Sphere

struct RegionTests {
    @Test("The separation of two points is the angle that they were made with, from a microarcsecond to a half turn")
    func separationIsTheAngle() {
        var generator = SeededGenerator(state: 1)
        for angle in [0, 1e-9, 1e-6, 0.1, 1.5, .pi / 2, 3, .pi - 1e-6, .pi] {
            for _ in 0..<50 {
                let center = randomDirection(&generator)
                let other = point(at: angle, from: center, turn: Double.random(in: 0..<7, using: &generator))
                #expect(abs(center.separation(to: other) - angle) < 1e-15 * 4)
            }
        }
    }

    @Test("Degrees come back from a unit vector, right ascension in [0, 360)")
    func degreesComeBack() throws {
        var generator = SeededGenerator(state: 2)
        for _ in 0..<2_000 {
            let (ra, dec) = (Double.random(in: 0..<360, using: &generator), Double.random(in: -89...89, using: &generator))
            let back = try UnitVector(ra: ra - 720, dec: dec).raDec
            #expect(abs(remainder(back.ra - ra, 360)) < 1e-11 && abs(back.dec - dec) < 1e-11 && (0..<360).contains(back.ra))
        }
        #expect(throws: SphereError.self) { try UnitVector(ra: .nan, dec: 0) }
        #expect(throws: SphereError.rightAscensionNotFinite(place: "here", value: .infinity)) {
            try UnitVector(ra: .infinity, dec: 0, place: "here")
        }
        #expect(throws: SphereError.declinationOutOfRange(place: "here", value: 90.5)) { try UnitVector(ra: 0, dec: 90.5, place: "here") }
    }

    @Test("A polygon holds a point just when an odd number of fan triangles around a vertex do, in either direction of its vertices")
    func polygonAgreesWithFan() throws {
        var generator = SeededGenerator(state: 3)
        for _ in 0..<300 {
            let radius = Double.random(in: 0.01...1.2, using: &generator)
            guard let (polygon, center) = randomPolygon(radius: radius, &generator) else { continue }
            let reversed = try ConvexPolygon(vertices: polygon.vertices.reversed())
            let v = polygon.vertices
            for _ in 0..<20 {
                let candidate = point(
                    at: radius * Double.random(in: 0...1.2, using: &generator), from: center,
                    turn: Double.random(in: 0..<7, using: &generator))
                // The sign of the solid angles: weights in the triangle's corners by Cramer's rule.
                let inFan = (1..<(v.count - 1)).filter { index in
                    let (a, b, c) = (v[0], v[index], v[index + 1])
                    return candidate.dot(a.cross(b)) > 0 && candidate.dot(b.cross(c)) > 0 && candidate.dot(c.cross(a)) > 0
                }.count
                #expect(polygon.contains(candidate) == (inFan == 1))
                #expect(reversed.contains(candidate) == (inFan == 1))
            }
            #expect(v.allSatisfy(polygon.contains))
        }
    }

    @Test("A polygon that is none is refused with what is wrong")
    func wrongPolygonsAreRefused() {
        func refused(_ corners: [(Double, Double)]) -> SphereError? {
            do throws(SphereError) {
                _ = try ConvexPolygon(raDec: corners.map { (ra: $0.0, dec: $0.1) })
                return nil
            } catch { return error }
        }
        #expect(refused([(0, 0), (1, 0)]) == .tooFewVertices(count: 2))
        #expect(refused([(0, 0), (1, 0), (1, 1), (0, 0)]) == .repeatedVertex(first: 0, second: 3))
        #expect(refused([(0, 0), (1, 0), (2, 0), (1, 1)]) == .degeneratePolygon(vertex: 1))
        #expect(refused([(0, 0), (2, 0), (1, 0.5), (1, 2)]) == .nonConvexPolygon(vertex: 2))
        #expect(refused([(0, -10), (90, -10), (180, -10), (270, -10)]) == nil)
        #expect(refused([(29, -49), (234, -19), (307, 71), (14, -59), (239, -54), (278, -15)]) == .polygonLargerThanHemisphere)
        let star = (0..<5).map { (Double($0 * 2 % 5) * 72, 80.0) }
        if case .nonConvexPolygon = refused(star) {} else { Issue.record("a star is not refused as non-convex") }
        #expect(refused([(0, 0), (1, 95), (1, 1)]) == .declinationOutOfRange(place: "the polygon's vertex 2", value: 95))
    }

    @Test("A padded region holds every point within the padding of a point inside")
    func paddedRegionsAreSupersets() throws {
        var generator = SeededGenerator(state: 4)
        var polygons = 0
        for round in 0..<3_000 {
            let radius = pow(10, Double.random(in: -5...0.1, using: &generator))
            let padding = pow(10, Double.random(in: -7 ... -0.3, using: &generator))
            let (region, inside): (Region, UnitVector)
            switch round % 3 {
            case 0:
                let center = randomDirection(&generator)
                region = .circle(try Circle(center: center, radius: radius))
                inside = point(at: radius, from: center, turn: Double.random(in: 0..<7, using: &generator))
            case 1:
                guard let (polygon, _) = randomPolygon(radius: radius, &generator) else { continue }
                region = .polygon(polygon)
                let corner = Int.random(in: 0..<polygon.vertices.count, using: &generator)
                let share = Bool.random(using: &generator) ? 0 : Double.random(in: 0...1, using: &generator)
                inside =
                    (polygon.vertices[corner] * (1 - share) + polygon.vertices[(corner + 1) % polygon.vertices.count] * share).normalised
            default:
                let box = try randomBox(&generator)
                region = .box(box)
                let edge = try randomPoint(in: box, &generator).raDec
                inside = try UnitVector(
                    ra: Bool.random(using: &generator) ? box.ra1 : edge.ra, dec: Bool.random(using: &generator) ? box.dec2 : edge.dec)
            }
            let padded = region.padded(by: padding)
            if case .polygon = padded { polygons += 1 }
            for turn in 0..<16 {
                let near = point(at: padding * (1 - 1e-9), from: inside, turn: Double(turn) * 0.4)
                #expect(padded.contains(near), "round \(round)")
            }
            #expect(region.boundingCircle.padded(by: 1e-14).contains(inside), "round \(round)")
        }
        #expect(polygons > 300)
    }

    @Test("Bulk containment equals containment one by one, and NaN is outside")
    func bulkContainment() throws {
        var generator = SeededGenerator(state: 5)
        let regions: [Region] = [
            try .circle(parsing: "10 20 30"), try .polygon(parsing: "0 0, 60 0, 30 50"), try .box(parsing: "350 -20 40 60"),
        ]
        let points = (0..<2_000).map { _ in randomDirection(&generator).raDec }
        for region in regions {
            let bulk = region.contains(ra: points.map(\.ra), dec: points.map(\.dec))
            #expect(bulk == (try points.map { region.contains(try UnitVector(ra: $0.ra, dec: $0.dec)) }))
            #expect(bulk.contains(true) && bulk.contains(false))
            #expect(region.contains(ra: [.nan, 10, 10], dec: [20, .nan, 20]) == [false, false, true])
        }
    }

    @Test("A box wraps over RA 0, covers a pole, and its edges are inside")
    func boxes() throws {
        let box = try Box(ra1: 350, dec1: 80, ra2: 10, dec2: 90)
        #expect(
            box.contains(ra: 350, dec: 80) && box.contains(ra: 370, dec: 80) && box.contains(ra: -5, dec: 85)
                && box.contains(ra: 180, dec: 90))
        #expect(!box.contains(ra: 11, dec: 85) && !box.contains(ra: 349, dec: 85) && !box.contains(ra: 0, dec: 79.9))
        #expect(box.raWidth == 20)
        #expect(try Box(ra1: 0, dec1: 0, ra2: 360, dec2: 1).raWidth == 360)
        #expect(box.padded(by: 0.001).raWidth == 360)
    }

    @Test("A region's text says what it is, or which part is wrong")
    func texts() throws {
        #expect(try Region(parsing: " circle 10 -5 0.5 ") == .circle(try Circle(ra: 10, dec: -5, radiusDegrees: 0.5)))
        #expect(try Region(parsing: "box 350 -5 10 5") == .box(try Box(ra1: 350, dec1: -5, ra2: 10, dec2: 5)))
        #expect(try Region(parsing: "POLYGON 10 -5, 12 -5, 11 -3") == .polygon(parsing: "10 -5,12  -5,11 -3 "))
        let wrong: [(String, SphereError)] = [
            ("ellipse 1 2 3", .unknownRegion(text: "ellipse 1 2 3")),
            ("circle 1 2", .wrongNumberCount(place: "the circle", expected: 3, found: 2)),
            ("circle 1 x 3", .notANumber(place: "the circle", text: "x")),
            ("circle 1 2 -3", .radiusOutOfRange(value: -3 * (Double.pi / 180))),
            ("circle inf 2 3", .rightAscensionNotFinite(place: "the circle's centre", value: .infinity)),
            ("polygon 1 2, 3 4, 5", .wrongNumberCount(place: "the polygon's vertex 3", expected: 2, found: 1)),
            ("polygon 1 2, 3 4,", .wrongNumberCount(place: "the polygon's vertex 3", expected: 2, found: 0)),
            ("polygon 1 2, 3 99, 5 6", .declinationOutOfRange(place: "the polygon's vertex 2", value: 99)),
            ("box 1 5 2 4", .declinationsReversed(dec1: 5, dec2: 4)),
            ("box 1 5 2 -91", .declinationOutOfRange(place: "the box's second corner", value: -91)),
        ]
        for (text, error) in wrong {
            #expect(throws: error) { try Region(parsing: text) }
            #expect(error.description.hasSuffix("."))
        }
    }
}
