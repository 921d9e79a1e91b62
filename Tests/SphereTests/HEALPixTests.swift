import Foundation
import Sphere
import TestSupport
import Testing

@Suite("HEALPix") struct HEALPixTests {
    @Test(
        "pixels of every order, centres, corners and neighbours are those of an independent library",
        .enabled(if: PackageFolder.hasPython, "needs the dependencies' python: run tools/bootstrap"))
    func golden() throws {
        let words = try GoldenScript.words(of: "healpix.py", seed: 27)
        var place = 0
        func next() -> UInt64 {
            defer { place += 1 }
            return words[place]
        }
        func number() -> Double { Double(bitPattern: next()) }
        // Points, with their pixel at the finest order and at another.
        let points = Int(next())
        var wrong = 0
        for _ in 0..<points {
            let (ra, dec) = (number(), number())
            let (order, pixel, finest) = (Int(next()), Int64(next()), Int64(next()))
            let vector = try UnitVector(ra: ra, dec: dec)
            if try HEALPix(order: order).index(vector) != pixel { wrong += 1 }
            // Other orders of the same operations round the last bit of a coordinate otherwise: at the finest order a pixel is 1e8 times that.
            if HEALPix.finest.index(vector) != finest {
                #expect(HEALPix.finest.center(of: HEALPix.finest.index(vector)).separation(to: HEALPix.finest.center(of: finest)) < 1e-8)
                wrong += order == 29 ? 0 : 1
            }
        }
        #expect(wrong <= points / 100_000, "\(wrong) of \(points)")
        // Pixels with centre, corners (south, east, north, west) and sorted neighbours.
        for _ in 0..<Int(next()) {
            let (order, pixel) = (Int(next()), Int64(next()))
            let healpix = try HEALPix(order: order)
            let known = try (0..<5).map { _ in try UnitVector(ra: number(), dec: number()) }
            let ours = [healpix.center(of: pixel)] + healpix.corners(of: pixel)
            for (a, b) in zip(known, ours) { #expect(a.separation(to: b) < 1e-13, "order \(order) pixel \(pixel)") }
            let neighbours = (0..<Int(next())).map { _ in Int64(next()) }
            #expect(healpix.neighbours(of: pixel) == neighbours, "order \(order) pixel \(pixel)")
        }
        #expect(place == words.count)
    }

    @Test("the centre of a pixel lies in it, at every order", arguments: [0, 1, 2, 5, 10, 20, 29])
    func centres(order: Int) throws {
        let healpix = try HEALPix(order: order)
        var generator = SeededGenerator(state: UInt64(order))
        for _ in 0..<2000 {
            let pixel = Int64.random(in: 0..<healpix.pixelCount, using: &generator)
            #expect(healpix.index(healpix.center(of: pixel)) == pixel)
        }
    }

    @Test("a margin holds every point within ten arcseconds of its pixel, and none of the pixel")
    func margins() throws {
        let finer = HEALPix.forMargin(arcsec: 10)
        var generator = SeededGenerator(state: 8)
        for order in [0, 3, 6, 9] {
            let healpix = try HEALPix(order: order)
            for _ in 0..<4 {
                let pixel = Int64.random(in: 0..<healpix.pixelCount, using: &generator)
                let margin = healpix.margin(of: pixel, at: finer)
                let bits = Int64(2 * (finer.order - order))
                let inside = pixel << bits...((pixel + 1) << bits) - 1
                #expect(!margin.ranges.contains { $0.overlaps(inside) })
                for edge in healpix.boundary(of: pixel, pointsPerEdge: 50) {
                    let (ra, dec) = edge.raDec
                    for _ in 0..<4 {
                        let angle = Double.random(in: 0..<(2 * .pi), using: &generator)
                        let distance = 10.0 / 3600 * Double.random(in: 0..<1, using: &generator).squareRoot()
                        let nearDec = dec + distance * sin(angle)
                        guard abs(nearDec) < 89.9 else { continue }
                        let point = try UnitVector(ra: ra + distance * cos(angle) / cos(nearDec * .pi / 180), dec: nearDec)
                        guard point.separation(to: edge) * 180 / .pi * 3600 <= 10, healpix.index(point) != pixel else { continue }
                        let cell = finer.index(point)
                        #expect(margin.ranges.contains { $0.contains(cell) }, "order \(order) pixel \(pixel)")
                    }
                }
            }
        }
    }
}
