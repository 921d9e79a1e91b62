import Foundation
import TestSupport
import Testing

@testable import Sphere

struct HtmIndexTests {
    @Test(
        "HTM ids equal lsst-sphgeom's bit for bit, on edges, vertices, poles and one unit in the last place beside them",
        .enabled(if: PackageFolder.hasPython, "needs lsst-sphgeom: run tools/bootstrap, or set SKYLEDGER_DEPS"))
    func idsEqualSphgeom() throws {
        let words = try GoldenScript.words(of: "htm.py", seed: 1)
        let count = Int(words[0])
        #expect(count >= 100_000)
        func column(_ number: Int) -> ArraySlice<UInt64> { words[(1 + number * count)..<(1 + (number + 1) * count)] }
        let (kinds, levels, ids) = (Array(column(0)), Array(column(1)), column(2).map { Int64(bitPattern: $0) })
        let (a, b, c) = (
            column(3).map(Double.init(bitPattern:)), column(4).map(Double.init(bitPattern:)), column(5).map(Double.init(bitPattern:))
        )
        for level in HtmPixelization.levels {
            let mesh = try HtmPixelization(level)
            for kind in [UInt64(0), 1] {
                let rows = (0..<count).filter { kinds[$0] == kind && levels[$0] == UInt64(level) }
                let (p, q, r) = (rows.map { a[$0] }, rows.map { b[$0] }, rows.map { c[$0] })
                let bulk = kind == 0 ? mesh.index(x: p, y: q, z: r) : mesh.index(ra: p, dec: q)
                #expect(bulk == rows.map { ids[$0] }, "bulk, level \(level), kind \(kind)")
                let single = try rows.indices.map { row in
                    mesh.index(kind == 0 ? UnitVector(x: p[row], y: q[row], z: r[row]) : try UnitVector(ra: p[row], dec: q[row]))
                }
                #expect(single == rows.map { ids[$0] }, "one by one, level \(level), kind \(kind)")
            }
        }
    }

    @Test("The descent for columns agrees with the exact descent at every level, for block lengths that are not whole too")
    func bulkAgreesWithExact() throws {
        var generator = SeededGenerator(state: 7)
        for level in HtmPixelization.levels {
            let mesh = try HtmPixelization(level)
            let points = (0..<(FastIndex.blockSize * 8 + level)).map { _ in randomDirection(&generator) }
            #expect(mesh.index(x: points.map(\.x), y: points.map(\.y), z: points.map(\.z)) == points.map { mesh.index($0) })
        }
        #expect(try HtmPixelization(20).index(ra: [], dec: []).isEmpty)
    }

    @Test("The descent for columns agrees with the exact descent beside edges, from far within its margin of error to just past it")
    func bulkAgreesWithExactNearEdges() throws {
        var generator = SeededGenerator(state: 10)
        for level in [7, 12, 13, 16, 20, 24] {
            let mesh = try HtmPixelization(level)
            // The margin in weights, where a trixel's own sum to one.
            let margin = pow(2, Double(level - 32))
            let points = (0..<20_000).map { _ in
                var trixel = Trixel.roots[Int.random(in: 0..<8, using: &generator)]
                for _ in 0..<level {
                    let children = trixel.children
                    trixel = [children.0, children.1, children.2, children.3].randomElement(using: &generator)!
                }
                let along = Double.random(in: 0...1, using: &generator)
                let across = Double.random(in: -2...2, using: &generator) * margin
                return (trixel.v0 * along + trixel.v1 * (1 - along - across) + trixel.v2 * across).normalised
            }
            #expect(mesh.index(x: points.map(\.x), y: points.map(\.y), z: points.map(\.z)) == points.map { mesh.index($0) })
        }
    }

    @Test("A point's pixel at a level is the parent of its pixel at the next")
    func childrenBelongToParents() throws {
        var generator = SeededGenerator(state: 8)
        for _ in 0..<500 {
            let point = randomDirection(&generator)
            let ids = try HtmPixelization.levels.map { try HtmPixelization($0).index(point) }
            for (parent, child) in zip(ids, ids.dropFirst()) { #expect(child >> 2 == parent) }
            #expect((8...15).contains(ids[0]))
        }
    }

    @Test("A coordinate that is not finite gives id 0, which is no trixel, and no trap")
    func notFiniteGivesZero() throws {
        let mesh = try HtmPixelization(20)
        #expect(mesh.index(ra: [.nan, 1, .infinity, 2], dec: [1, .nan, 0, 3]).map { $0 == 0 } == [true, true, true, false])
    }

    @Test("The exact sign of a determinant is that of integer arithmetic, and turns with the order of its vectors")
    func exactOrientationAgreesWithIntegers() {
        var generator = SeededGenerator(state: 9)
        for _ in 0..<20_000 {
            let v = (0..<9).map { _ in Int.random(in: -3...3, using: &generator) }
            let vectors = [0, 3, 6].map { UnitVector(x: Double(v[$0]), y: Double(v[$0 + 1]), z: Double(v[$0 + 2])) }
            let determinant =
                v[0] * (v[4] * v[8] - v[5] * v[7]) - v[1] * (v[3] * v[8] - v[5] * v[6]) + v[2] * (v[3] * v[7] - v[4] * v[6])
            #expect(orientation(vectors[0], vectors[1], vectors[2]) == determinant.signum())
            #expect(exactOrientation(vectors[1], vectors[0], vectors[2]) == -determinant.signum())
        }
    }

    @Test("A point a subnormal distance beside a great circle is on its own side")
    func exactOrientationSeesSubnormals() {
        let (x, y) = (UnitVector(x: 1, y: 0, z: 0), UnitVector(x: 0.6, y: 0.8, z: 0))
        for z in [Double.leastNonzeroMagnitude, 1e-300, 1e-17] {
            #expect(orientation(UnitVector(x: 0.9, y: 0.1, z: z), x, y) == 1)
            #expect(orientation(UnitVector(x: 0.9, y: 0.1, z: -z), x, y) == -1)
        }
        #expect(orientation(UnitVector(x: 0.9, y: 0.1, z: 0), x, y) == 0)
    }
}
