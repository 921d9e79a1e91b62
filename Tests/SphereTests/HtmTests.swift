import Foundation
import Testing

@testable import Sphere

@Suite("HTM") struct HtmTests {
    @Test("identifiers equal lsst-sphgeom's bit for bit, at corners, edges, poles and one ulp beside them", .enabled(if: Independent.isInstalled, "needs tools/bootstrap"))
    func goldenPoints() throws {
        let data = try Independent.output("golden/htm.py", "points")
        let levels = [0, 1, 9, 20, 24]
        let record = 3 * 8 + levels.count * 8
        let count = data.count / record
        #expect(count >= 100_000)
        var wrong = 0
        data.withUnsafeBytes { raw in
            for i in 0..<count {
                func double(_ k: Int) -> Double { raw.loadUnaligned(fromByteOffset: i * record + k * 8, as: Double.self) }
                let v = UnitVector(x: double(0), y: double(1), z: double(2))
                for (k, level) in levels.enumerated() {
                    let expected = raw.loadUnaligned(fromByteOffset: i * record + 24 + k * 8, as: Int64.self)
                    if HtmPixelization(level: level).index(v) != expected { wrong += 1 }
                    if HtmDescent.index(v, level: level) != expected { wrong += 1 }
                }
            }
        }
        #expect(wrong == 0)
    }

    @Test("identifiers of positions in degrees equal lsst-sphgeom's", .enabled(if: Independent.isInstalled, "needs tools/bootstrap"))
    func goldenDegrees() throws {
        let data = try Independent.output("golden/htm.py", "degrees")
        let count = data.count / 24
        #expect(count >= 40_000)
        let rows = data.withUnsafeBytes { raw in
            (0..<count).map { i in
                (
                    raw.loadUnaligned(fromByteOffset: i * 24, as: Double.self), raw.loadUnaligned(fromByteOffset: i * 24 + 8, as: Double.self),
                    raw.loadUnaligned(fromByteOffset: i * 24 + 16, as: Int64.self)
                )
            }
        }
        #expect(HtmPixelization(level: 20).index(ra: rows.map(\.0), dec: rows.map(\.1)) == rows.map(\.2))
    }

    struct Cover: Decodable {
        var kind: String
        var centre: [Double]?
        var radius: Double?
        var corners: [[Double]]?
        var limit: Int
        var pixels: UInt64
        var inside: [Int64]
    }

    @Test("covers hold every position inside and are no larger than lsst-sphgeom's at the same limit of ranges", .enabled(if: Independent.isInstalled, "needs tools/bootstrap"))
    func goldenCovers() throws {
        let covers = try JSONDecoder().decode([Cover].self, from: Independent.output("golden/htm.py", "covers"))
        #expect(covers.count >= 2000)
        let pixels = HtmPixelization(level: 20)
        var (missed, larger, tooMany) = (0, 0, 0)
        for cover in covers {
            let region: Region
            if let centre = cover.centre {
                region = .circle(Circle(centre: UnitVector(x: centre[0], y: centre[1], z: centre[2]), radius: cover.radius!))
            } else {
                region = .polygon(try ConvexPolygon(cover.corners!.map { UnitVector(x: $0[0], y: $0[1], z: $0[2]) }))
            }
            let envelope = pixels.envelope(of: region, maxRanges: cover.limit)
            if envelope.ranges.count > cover.limit { tooMany += 1 }
            missed += cover.inside.count { !envelope.contains($0) }
            if envelope.count > cover.pixels { larger += 1 }
        }
        #expect(missed == 0)
        #expect(larger == 0)
        #expect(tooMany == 0)
    }

    @Test("the tile of a pixel is the pixel of the tile's level")
    func tiles() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<1000 {
            let v = UnitVector(unchecked: .random(in: 0..<360, using: &generator), .random(in: -90...90, using: &generator))
            let pixels = HtmPixelization(level: 20)
            #expect(Int64(pixels.tile(of: pixels.index(v))) == HtmPixelization(level: 9).index(v))
        }
    }

    @Test("the exact sign agrees with integer arithmetic on small components")
    func exactSign() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            func vector() -> (UnitVector, [Int]) {
                let v = (0..<3).map { _ in Int.random(in: -3...3, using: &generator) }
                return (UnitVector(x: Double(v[0]), y: Double(v[1]), z: Double(v[2])), v)
            }
            let ((a, i), (b, j), (c, k)) = (vector(), vector(), vector())
            let determinant = i[0] * (j[1] * k[2] - j[2] * k[1]) + i[1] * (j[2] * k[0] - j[0] * k[2]) + i[2] * (j[0] * k[1] - j[1] * k[0])
            #expect(ExactSign.tripleProduct(a, b, c) == determinant.signum())
        }
    }
}
