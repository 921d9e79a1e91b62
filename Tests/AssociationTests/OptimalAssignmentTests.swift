import Foundation
import Sphere
import TestSupport
import Testing

@testable import Association

@Suite("Association by likelihood") struct OptimalAssignmentTests {
    static let places: [(Double, Double)] = [(150, -30), (0, 0), (359.99999, 70), (33, 90), (123, -90), (10, 89.9999)]

    /// The least total of all matchings, one source after the other, with every choice tried.
    static func leastTotal(_ costs: [[Double?]], noMatch: Double, from source: Int = 0, taken: Int = 0) -> Double {
        if source == costs.count { return 0 }
        var least = noMatch + leastTotal(costs, noMatch: noMatch, from: source + 1, taken: taken)
        for (object, cost) in costs[source].enumerated() where taken & (1 << object) == 0 {
            guard let cost else { continue }
            least = min(least, cost + leastTotal(costs, noMatch: noMatch, from: source + 1, taken: taken | 1 << object))
        }
        return least
    }

    /// Costs of the pairs within the radius by the fixture's formulas, nil beyond.
    static func costs(
        _ sources: MatchingFixture, _ objects: MatchingFixture, _ model: MatchModel, cost: (Int, Int, Double) -> Double
    ) -> [[Double?]] {
        (0..<sources.count).map { i in
            (0..<objects.count).map { j in
                let angle = sources.place(i).separation(to: objects.place(j)) * Angle.arcsecPerRadian
                return angle <= model.radiusArcsec ? cost(i, j, angle) : nil
            }
        }
    }

    static func total(_ assignment: Assignment, _ costs: [[Double?]], noMatch: Double) -> Double {
        zip(assignment.objectRow, costs).map { row, ofSource in row.map { ofSource[$0] ?? .infinity } ?? noMatch }.reduce(0, +)
    }

    static func pairs(_ sources: MatchingFixture, _ objects: MatchingFixture, _ model: MatchModel = MatchModel()) -> [Int64: Int64] {
        let assignment = OptimalAssignment.associate(sources: sources.positions, objects: objects.positions, model: model)
        let matched = assignment.objectRow.enumerated().compactMap { i, row in row.map { (sources.id[i], objects.id[$0]) } }
        return Dictionary(uniqueKeysWithValues: matched)
    }

    @Test("no matching of a crowded group costs less, with random errors, at poles and over RA 0 too", arguments: places)
    func optimumWithErrors(_ place: (Double, Double)) {
        var generator = SeededGenerator(state: 5)
        for round in 0..<25 {
            let model = MatchModel(tailFraction: round % 3 == 0 ? 0 : 0.01, newSourceDensity: round % 2 == 0 ? 1e-4 : 0.3)
            let noMatch = -log(model.newSourceDensity)
            let spread = Double.random(in: 0.5...1.2, using: &generator)
            func crowd(_ firstId: Int64) -> MatchingFixture {
                MatchingFixture.crowd(6, ra: place.0, dec: place.1, spreadArcsec: spread, firstId: firstId, using: &generator)
                    .withErrors(using: &generator)
            }
            let (sources, objects) = (crowd(1), crowd(100))
            let costs = Self.costs(sources, objects, model) { i, j, _ in MatchingFixture.cost(sources, i, objects, j, model) }
            let assignment = OptimalAssignment.associate(sources: sources.positions, objects: objects.positions, model: model)
            let taken = assignment.objectRow.compactMap { $0 }
            #expect(Set(taken).count == taken.count)
            #expect(abs(Self.total(assignment, costs, noMatch: noMatch) - Self.leastTotal(costs, noMatch: noMatch)) < 1e-6)
        }
    }

    @Test("without any errors the sum of distances is least, and no match costs a little more than the radius", arguments: places)
    func optimumByDistance(_ place: (Double, Double)) {
        var generator = SeededGenerator(state: 6)
        let model = MatchModel()
        for round in 0..<15 {
            func crowd(_ firstId: Int64) -> MatchingFixture {
                var crowd = MatchingFixture.crowd(6, ra: place.0, dec: place.1, spreadArcsec: 1, firstId: firstId, using: &generator)
                let unknown = [Float](repeating: .nan, count: 6)
                if round % 2 == 0 { crowd.errors = PositionErrors(raErr: unknown, decErr: unknown, raDecCov: unknown) }
                return crowd
            }
            let (sources, objects) = (crowd(1), crowd(100))
            let costs = Self.costs(sources, objects, model) { _, _, angle in angle }
            let assignment = OptimalAssignment.associate(sources: sources.positions, objects: objects.positions, model: model)
            #expect(abs(Self.total(assignment, costs, noMatch: 1.01) - Self.leastTotal(costs, noMatch: 1.01)) < 1e-8)
        }
    }

    @Test("an unrelated pair far away changes nothing")
    func farPair() {
        // A lies on X and not far from Y; B reaches X only, as well as A reaches Y.
        let arcsec = 1 / 3600.0
        var sources = MatchingFixture(id: [1, 2], ra: [20, 20 - 0.9 * arcsec], dec: [0, 0], errors: nil)
        var objects = MatchingFixture(id: [10, 11], ra: [20, 20 + 0.9 * arcsec], dec: [0, 0], errors: nil)
        for withErrors in [false, true] {
            if withErrors {
                let sigma = [Float](repeating: Float(0.15 * arcsec), count: 2)
                sources.errors = PositionErrors(raErr: sigma, decErr: sigma, raDecCov: [0, 0])
                objects.errors = sources.errors
            }
            let near = Self.pairs(sources, objects)
            #expect(near == [1: 10])
            for offset in [0.01, 0.5, 0.999] {
                func more(_ all: MatchingFixture, id: Int64, ra: Double) -> MatchingFixture {
                    var out = all
                    out.id.append(id)
                    out.ra.append(ra)
                    out.dec.append(40)
                    if let e = all.errors {
                        out.errors = PositionErrors(raErr: e.raErr + [.nan], decErr: e.decErr + [.nan], raDecCov: [0, 0, 0])
                    }
                    return out
                }
                var far = Self.pairs(more(sources, id: -3, ra: 200), more(objects, id: -12, ra: 200 + offset * arcsec))
                #expect(far.removeValue(forKey: -3) == -12)
                #expect(far == near)
            }
        }
    }

    @Test("the order of rows does not matter, for equal costs neither", arguments: [false, true])
    func orderOfRows(withErrors: Bool) {
        var generator = SeededGenerator(state: 7)
        func crowd(_ firstId: Int64) -> MatchingFixture {
            var crowd = MatchingFixture.crowd(150, ra: 0, dec: 5, spreadArcsec: 5, firstId: firstId, using: &generator)
            if withErrors { crowd = crowd.withErrors(using: &generator) }
            // The same rows again under other identifiers: every cost comes twice.
            let twice = crowd.reordered(Array(0..<150) + Array(0..<150))
            return MatchingFixture(id: twice.id.indices.map { firstId + Int64($0) }, ra: twice.ra, dec: twice.dec, errors: twice.errors)
        }
        let (sources, objects) = (crowd(1), crowd(1000))
        let expected = Self.pairs(sources, objects)
        for _ in 0..<5 {
            let (s, o) = (sources.reordered((0..<300).shuffled()), objects.reordered((0..<300).shuffled()))
            #expect(Self.pairs(s, o) == expected)
        }
    }

    @Test("turning the whole sky turns the pairs with it")
    func rotation() {
        var generator = SeededGenerator(state: 8)
        func crowd(_ firstId: Int64) -> MatchingFixture {
            var crowd = MatchingFixture.crowd(200, ra: 77, dec: 12, spreadArcsec: 6, firstId: firstId, using: &generator)
            let sigma = (0..<200).map { _ in Float.random(in: 0.05...0.3, using: &generator) / 3600 }
            crowd.errors = PositionErrors(raErr: sigma, decErr: sigma, raDecCov: [Float](repeating: 0, count: 200))
            return crowd
        }
        let (sources, objects) = (crowd(1), crowd(1000))
        let expected = Self.pairs(sources, objects)
        // Rows of a rotation: to the pole, over RA 0, elsewhere.
        for (ra, dec) in [(0.0, 90.0), (77.0, -90.0), (0.0, 0.0), (200.0, 60.0)] {
            let from = Self.basis(ra: 77, dec: 12)
            let to = Self.basis(ra: ra, dec: dec)
            func turned(_ fixture: MatchingFixture) -> Positions {
                var p = fixture.positions
                for i in 0..<p.count {
                    let v = UnitVector(x: p.x[i], y: p.y[i], z: p.z[i])
                    let (a, b, c) = (v.dot(from.0), v.dot(from.1), v.dot(from.2))
                    p.x[i] = a * to.0.x + b * to.1.x + c * to.2.x
                    p.y[i] = a * to.0.y + b * to.1.y + c * to.2.y
                    p.z[i] = a * to.0.z + b * to.1.z + c * to.2.z
                }
                return p
            }
            let assignment = OptimalAssignment.associate(sources: turned(sources), objects: turned(objects), model: MatchModel())
            let found = assignment.objectRow.enumerated().compactMap { i, row in row.map { (sources.id[i], objects.id[$0]) } }
            #expect(Dictionary(uniqueKeysWithValues: found) == expected)
        }
    }

    private static func basis(ra: Double, dec: Double) -> (UnitVector, UnitVector, UnitVector) {
        let (east, north) = MatchingFixture.frame(ra: ra, dec: dec)
        return (east, north, MatchingFixture(id: [0], ra: [ra], dec: [dec], errors: nil).place(0))
    }

    @Test("rows whose position is not finite match nothing, and others as if they were not there")
    func notFinite() {
        let bad = [Double.nan, .infinity, -.infinity, 1e300]
        let sources = Positions(id: [1, 2, 3, 4, 5], x: bad + [1], y: [0, 0, 0, 0, 0], z: [0, 0, 0, 0, 0])
        let objects = Positions(id: [6, 7, 8, 9, 10], x: [1] + bad, y: [0, 0, 0, 0, 0], z: [0, 0, 0, 0, 0])
        let model = MatchModel()
        #expect(OptimalAssignment.associate(sources: sources, objects: objects, model: model).objectRow == [nil, nil, nil, nil, 0])
        let one = sources.gather([4])
        #expect(OptimalAssignment.associate(sources: one, objects: objects, model: model).objectRow == [0])
        #expect(OptimalAssignment.associate(sources: objects, objects: one, model: model).objectRow == [0, nil, nil, nil, nil])
    }
}
