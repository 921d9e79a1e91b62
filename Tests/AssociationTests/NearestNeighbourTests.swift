import Foundation
import Sphere
import Testing

@testable import Association

@Suite("Association by nearest neighbour") struct NearestNeighbourTests {
    /// Positions scattered over a few arcseconds around a place, so that many pairs lie within an arcsecond.
    static func crowd(_ count: Int, ra: Double, dec: Double, spreadArcsec: Double, firstId: Int64) -> Positions {
        let ids = (0..<count).map { firstId + Int64($0) }.shuffled()
        let decs = (0..<count).map { _ in max(-90, min(90, dec + Double.random(in: -1...1) * spreadArcsec / 3600)) }
        let ras = decs.map { d in
            (ra + Double.random(in: -1...1) * spreadArcsec / 3600 / max(cos(d * .pi / 180), 1e-3) + 360).truncatingRemainder(
                dividingBy: 360)
        }
        return Positions(id: ids, ra: ras, dec: decs)
    }

    static let places: [(Double, Double)] = [(150, -30), (0, 0), (0, 89.9999), (123, -90), (359.9999, 45)]

    /// Every pair within the radius by brute force over all pairs, as angles in arcseconds.
    static func angles(_ a: Positions, _ b: Positions, _ radius: Double) -> [(i: Int, j: Int, angle: Double)] {
        var out: [(Int, Int, Double)] = []
        for i in 0..<a.count {
            for j in 0..<b.count {
                let angle =
                    UnitVector(x: a.x[i], y: a.y[i], z: a.z[i]).separation(to: UnitVector(x: b.x[j], y: b.y[j], z: b.z[j])) * 180 / .pi
                    * 3600
                if angle <= radius { out.append((i, j, angle)) }
            }
        }
        return out
    }

    @Test("the pairs found are all pairs within the radius, at poles and over RA 0 too", arguments: places)
    func pairs(_ place: (Double, Double)) {
        let a = Self.crowd(80, ra: place.0, dec: place.1, spreadArcsec: 6, firstId: 1)
        let b = Self.crowd(80, ra: place.0, dec: place.1, spreadArcsec: 6, firstId: 1000)
        let found = Set(NearestNeighbour.pairs(sources: a, objects: b, radiusArcsec: 1).map { [$0.source, $0.object] })
        #expect(found == Set(Self.angles(a, b, 1).map { [$0.i, $0.j] }))
        #expect(!found.isEmpty)
    }

    @Test("the assignment is one to one and no source and object that are both free lie within the radius", arguments: places)
    func oneToOne(_ place: (Double, Double)) {
        let sources = Self.crowd(120, ra: place.0, dec: place.1, spreadArcsec: 8, firstId: 1)
        let objects = Self.crowd(100, ra: place.0, dec: place.1, spreadArcsec: 8, firstId: 1000)
        let assignment = NearestNeighbour.associate(sources: sources, objects: objects, radiusArcsec: 1)
        let taken = assignment.objectRow.compactMap { $0 }
        #expect(Set(taken).count == taken.count)
        for pair in Self.angles(sources, objects, 1) {
            let (own, owner) = (assignment.objectRow[pair.i], assignment.objectRow.firstIndex(of: pair.j))
            #expect(own != nil || owner != nil)
            // A pair closer than both partners' own would have been taken first.
            let ownAngle = assignment.separationArcsec[pair.i]
            let ownerAngle = owner.map { assignment.separationArcsec[$0] } ?? .infinity
            #expect(pair.angle >= min(own == nil ? .infinity : ownAngle, ownerAngle) - 1e-9)
        }
    }

    @Test("the result does not depend on the order of rows")
    func orderOfRows() {
        let sources = Self.crowd(150, ra: 10, dec: 5, spreadArcsec: 8, firstId: 1)
        let objects = Self.crowd(150, ra: 10, dec: 5, spreadArcsec: 8, firstId: 1000)
        func shuffled(_ p: Positions) -> Positions {
            let order = (0..<p.count).shuffled()
            return Positions(id: order.map { p.id[$0] }, x: order.map { p.x[$0] }, y: order.map { p.y[$0] }, z: order.map { p.z[$0] })
        }
        func owners(_ s: Positions, _ o: Positions) -> [Int64: Int64] {
            let assignment = NearestNeighbour.associate(sources: s, objects: o, radiusArcsec: 1)
            let ownership = Ownership(assignment, sources: s, objects: o, radiusArcsec: 1)
            return Dictionary(
                uniqueKeysWithValues: ownership.owner.enumerated().map { i, owner in
                    switch owner {
                    case .object(let row): (s.id[i], o.id[row])
                    case .founder(let row): (s.id[i], s.id[row])
                    }
                })
        }
        #expect(owners(sources, objects) == owners(shuffled(sources), shuffled(objects)))
    }

    @Test("no source founds an object within the radius of one that is there or of another founder")
    func founders() {
        let sources = Self.crowd(200, ra: 200, dec: -70, spreadArcsec: 10, firstId: 1)
        let objects = Self.crowd(40, ra: 200, dec: -70, spreadArcsec: 10, firstId: 1000)
        let assignment = NearestNeighbour.associate(sources: sources, objects: objects, radiusArcsec: 1)
        let ownership = Ownership(assignment, sources: sources, objects: objects, radiusArcsec: 1)
        let founders = ownership.owner.indices.filter { ownership.owner[$0] == .founder($0) }
        let near = Self.angles(sources, objects, 1)
        #expect(!founders.isEmpty)
        #expect(founders.allSatisfy { founder in !near.contains { $0.i == founder } })
        for pair in Self.angles(sources, sources, 1) where pair.i != pair.j {
            #expect(!(founders.contains(pair.i) && founders.contains(pair.j)))
        }
        // Whoever joins is within the radius of what it joins.
        for (i, owner) in ownership.owner.enumerated() {
            switch owner {
            case .object(let row): #expect(near.contains { $0.i == i && $0.j == row })
            case .founder(let row): #expect(i == row || Self.angles(sources, sources, 1).contains { $0.i == i && $0.j == row })
            }
        }
    }

    @Test("nothing to match gives nothing")
    func empty() {
        let none = Positions(id: [], x: [], y: [], z: [])
        let one = Positions(id: [7], ra: [1], dec: [1])
        #expect(NearestNeighbour.associate(sources: one, objects: none, radiusArcsec: 1).objectRow == [nil])
        #expect(NearestNeighbour.associate(sources: none, objects: one, radiusArcsec: 1).objectRow == [])
        let alone = NearestNeighbour.associate(sources: one, objects: none, radiusArcsec: 1)
        #expect(Ownership(alone, sources: one, objects: none, radiusArcsec: 1).owner == [.founder(0)])
    }
}
