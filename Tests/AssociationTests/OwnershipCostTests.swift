import Foundation
import TestSupport
import Testing

@testable import Association

@Suite("Ownership by cost") struct OwnershipCostTests {
    @Test("a source without partner joins the object of least cost that beats no match, and none otherwise", arguments: [1e-4, 0.3])
    func leastCost(newSourceDensity: Double) {
        var generator = SeededGenerator(state: 11)
        let model = MatchModel(newSourceDensity: newSourceDensity)
        func crowd(_ count: Int, _ firstId: Int64) -> MatchingFixture {
            MatchingFixture.crowd(count, ra: 0, dec: 60, spreadArcsec: 6, firstId: firstId, using: &generator).withErrors(using: &generator)
        }
        let (sources, objects) = (crowd(200, 1), crowd(80, 1000))
        let assignment = OptimalAssignment.associate(sources: sources.positions, objects: objects.positions, model: model)
        let ownership = Ownership(assignment, sources: sources.positions, objects: objects.positions, model: model)
        let costs = OptimalAssignmentTests.costs(sources, objects, model) { i, j, _ in MatchingFixture.cost(sources, i, objects, j, model) }
        var (joined, founding) = (0, 0)
        for (i, owner) in ownership.owner.enumerated() {
            if let partner = assignment.objectRow[i] {
                #expect(owner == .object(partner))
                continue
            }
            let candidates = costs[i].enumerated().compactMap { j, cost in cost.map { (cost: $0, j: j) } }
            let best = candidates.filter { $0.cost < -log(newSourceDensity) }.min { $0.cost < $1.cost }
            switch owner {
            case .object(let row):
                joined += 1
                #expect(best?.j == row)
            case .founder:
                founding += 1
                #expect(best == nil)
            }
        }
        #expect(joined > 0)
        #expect(founding > 0)
    }

    @Test("by distance the nearest object is joined, whatever the errors say")
    func nearest() {
        var generator = SeededGenerator(state: 12)
        func crowd(_ count: Int, _ firstId: Int64) -> MatchingFixture {
            MatchingFixture.crowd(count, ra: 80, dec: -89.9999, spreadArcsec: 4, firstId: firstId, using: &generator)
                .withErrors(using: &generator)
        }
        let (sources, objects) = (crowd(60, 1), crowd(60, 1000))
        let none = Assignment(unmatched: 60)
        let ownership = Ownership(none, sources: sources.positions, objects: objects.positions, radiusArcsec: 1)
        let angles = OptimalAssignmentTests.costs(sources, objects, MatchModel()) { _, _, angle in angle }
        for (i, owner) in ownership.owner.enumerated() {
            let near = angles[i].enumerated().compactMap { j, angle in angle.map { (angle: $0, j: j) } }.min { $0.angle < $1.angle }
            if let near { #expect(owner == .object(near.j)) }
        }
    }

    @Test("owners by cost do not depend on the order of rows")
    func orderOfRows() {
        var generator = SeededGenerator(state: 13)
        func crowd(_ count: Int, _ firstId: Int64) -> MatchingFixture {
            let once = MatchingFixture.crowd(count, ra: 9, dec: 0, spreadArcsec: 5, firstId: 0, using: &generator).withErrors(
                using: &generator)
            var twice = once.reordered(Array(0..<count) + Array(0..<count))
            twice.id = twice.id.indices.map { firstId + Int64($0) }
            return twice
        }
        func owners(_ s: MatchingFixture, _ o: MatchingFixture) -> [Int64: Int64] {
            let assignment = OptimalAssignment.associate(sources: s.positions, objects: o.positions, model: MatchModel())
            let ownership = Ownership(assignment, sources: s.positions, objects: o.positions, model: MatchModel())
            return Dictionary(
                uniqueKeysWithValues: ownership.owner.enumerated().map { i, owner in
                    switch owner {
                    case .object(let row): (s.id[i], o.id[row])
                    case .founder(let row): (s.id[i], s.id[row])
                    }
                })
        }
        let (sources, objects) = (crowd(100, 1), crowd(30, 1000))
        let expected = owners(sources, objects)
        for _ in 0..<5 {
            #expect(owners(sources.reordered((0..<200).shuffled()), objects.reordered((0..<60).shuffled())) == expected)
        }
    }
}
