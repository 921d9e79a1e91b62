import Foundation
import TestSupport
import Testing

@testable import Sphere

struct EnvelopeTests {
    struct Golden {
        let region: Region
        let level: Int
        let maxRanges: Int
        /// Of sphgeom's cover; none where that lacks a point inside.
        let pixels: Double?
        let inside: [Int64]
    }

    func golden() throws -> [Golden] {
        let words = try GoldenScript.words(of: "envelopes.py", seed: 1)
        var position = 0
        func next(_ count: Int) -> ArraySlice<UInt64> {
            defer { position += count }
            return words[position..<(position + count)]
        }
        func integer() -> Int { Int(truncatingIfNeeded: next(1).first!) }
        var cases: [Golden] = []
        while position < words.count {
            let kind = integer()
            let values = next(integer()).map(Double.init(bitPattern:))
            let vectors = stride(from: 0, to: values.count - 2, by: 3).map {
                UnitVector(x: values[$0], y: values[$0 + 1], z: values[$0 + 2])
            }
            let region: Region =
                kind == 0
                ? .circle(try Circle(center: vectors[0], radius: values[3])) : .polygon(try ConvexPolygon(vertices: vectors))
            let (level, limit, pixels) = (integer(), integer(), integer())
            cases.append(
                Golden(
                    region: region, level: level, maxRanges: limit, pixels: pixels < 0 ? nil : Double(pixels),
                    inside: next(integer()).map { Int64(bitPattern: $0) }))
        }
        return cases
    }

    @Test(
        "A cover holds sphgeom's pixel of every point inside and has no more pixels than sphgeom's cover with as many ranges",
        .enabled(if: PackageFolder.hasPython, "needs lsst-sphgeom: run tools/bootstrap, or set SKYLEDGER_DEPS"))
    func coversAreSupersetsAndNoLargerThanSphgeoms() throws {
        let cases = try golden()
        #expect(cases.filter { $0.pixels != nil }.count >= 2_000)
        for (number, golden) in cases.enumerated() {
            let cover = try HtmPixelization(golden.level).envelope(of: golden.region, maxRanges: golden.maxRanges)
            #expect(golden.inside.allSatisfy(cover.contains), "region \(number)")
            #expect(cover.idCount <= golden.pixels ?? .infinity, "region \(number), level \(golden.level), at most \(golden.maxRanges)")
            #expect(golden.maxRanges == 0 || cover.ranges.count <= golden.maxRanges, "region \(number)")
        }
    }

    @Test(
        "Covers by HTM and by S2 hold the pixels and tiles of points in circles, polygons and boxes",
        arguments: ["htm20", "htm9", "s2-20", "s2-9"])
    func coversHoldPoints(name: String) throws {
        let pixels = try pixelization(named: name)
        var generator = SeededGenerator(state: 11)
        for round in 0..<300 {
            let radius = pow(10, Double.random(in: -5 ... -0.4, using: &generator))
            var points: [UnitVector] = []
            let region: Region
            switch round % 3 {
            case 0:
                let center = randomDirection(&generator)
                region = .circle(try Circle(center: center, radius: radius))
                points = (0..<20).map { _ in
                    point(
                        at: radius * Double.random(in: 0...1, using: &generator), from: center,
                        turn: Double.random(in: 0..<7, using: &generator))
                }
            case 1:
                guard let (polygon, center) = randomPolygon(radius: radius, &generator) else { continue }
                region = .polygon(polygon)
                points =
                    polygon.vertices
                    + (0..<40).map { _ in
                        point(
                            at: radius * Double.random(in: 0...1, using: &generator), from: center,
                            turn: Double.random(in: 0..<7, using: &generator))
                    }
            default:
                let box = try randomBox(&generator)
                region = .box(box)
                points = try (0..<20).map { _ in try randomPoint(in: box, &generator) }
            }
            let cover = pixels.envelope(of: region, maxRanges: 20)
            let tiles = radius < 0.05 || name == "htm9" ? pixels.tileEnvelope(of: region) : nil
            #expect(cover.ranges.count <= 20)
            for inside in points where region.contains(inside) {
                let id = pixels.index(inside)
                #expect(cover.contains(id), "round \(round)")
                if let tiles { #expect(tiles.contains(Int64(pixels.tile(of: id))), "round \(round)") }
            }
        }
    }

    @Test("The whole sphere is one range of HTM ids, and a circle larger than a hemisphere lacks only what is far")
    func largeCircles() throws {
        let mesh = try HtmPixelization(8)
        let all = RangeSet([(Int64(8) << 16)...((Int64(16) << 16) - 1)])
        #expect(mesh.envelope(of: .circle(.wholeSphere), maxRanges: 0) == all)
        #expect(mesh.envelope(of: .box(try Box(ra1: 0, dec1: -90, ra2: 360, dec2: 90)), maxRanges: 0) == all)
        let large = try Circle(ra: 10, dec: 20, radiusDegrees: 170)
        let cover = mesh.envelope(of: .circle(large), maxRanges: 0)
        #expect(!cover.contains(mesh.index(try UnitVector(ra: 190, dec: -20))))
        #expect(cover.contains(mesh.index(try UnitVector(ra: 190, dec: -31))))
        #expect(cover.idCount / all.idCount < 0.9935)
    }

    @Test("A level above the mesh's range and an unknown name are refused by name")
    func namesAreRead() throws {
        #expect(try pixelization(named: "htm20").name == "htm20")
        #expect(try pixelization(named: "s2-12").name == "s2-12")
        #expect(throws: SphereError.levelOutOfRange(pixelization: "htm", level: 25, minimum: 0, maximum: 24)) {
            try pixelization(named: "htm25")
        }
        #expect(throws: SphereError.levelOutOfRange(pixelization: "s2", level: 8, minimum: 9, maximum: 30)) {
            try pixelization(named: "s2-8")
        }
        for name in ["", "htm", "htm-1", "healpix5", "s220", "htm20 "] {
            #expect(throws: SphereError.unknownPixelization(name: name)) { try pixelization(named: name) }
        }
    }

    @Test("A pixel's tile is its ancestor: HTM's of level 9, and the S2 prefix that points of one level-9 cell share")
    func tilesAreAncestors() throws {
        var generator = SeededGenerator(state: 12)
        let (mesh, coarse) = (try HtmPixelization(20), try HtmPixelization(9))
        let (cells, coarseCells) = (try S2Pixelization(20), try S2Pixelization(9))
        let points = (0..<2_000).map { _ in randomDirection(&generator) }
        for point in points {
            #expect(Int64(mesh.tile(of: mesh.index(point))) == coarse.index(point))
            #expect(cells.tile(of: cells.index(point)) == coarseCells.tile(of: coarseCells.index(point)))
        }
        let angles = points.map(\.raDec)
        let bulk = cells.index(ra: angles.map(\.ra), dec: angles.map(\.dec))
        let single = try angles.map { cells.index(try UnitVector(ra: $0.ra, dec: $0.dec)) }
        // A leaf's width of rounding between the two ways to a vector may cross a cell's edge, but rarely.
        #expect(zip(bulk, single).filter { $0 != $1 }.count <= 2)
    }
}
