import Foundation
import TestSupport
import Testing

@testable import Association

@Suite("Association by likelihood beside scipy", .enabled(if: PackageFolder.hasPython, MatchingScript.missing))
struct MatchingGoldenTests {
    /// Count of each side, half-width of the square in arcseconds, and where: a crowded field of two to three candidates a source in one
    /// giant component, the pole, RA 0, and the density of a Rubin visit.
    static let fields: [(Int, Double, Double, Double)] = [
        (20_000, 80, 0, -30), (5_000, 45, 40, 90), (5_000, 60, 0, 88), (100_000, 6_300, 200, -5),
    ]

    @Test("the total of costs is that of the cheapest matching that scipy finds", arguments: fields)
    func total(_ field: (Int, Double, Double, Double)) throws {
        var generator = SeededGenerator(state: 9)
        let (count, spread, ra, dec) = field
        func crowd(_ firstId: Int64) -> MatchingFixture {
            MatchingFixture.crowd(count, ra: ra, dec: dec, spreadArcsec: spread, firstId: firstId, using: &generator)
                .withErrors(using: &generator)
        }
        let objects = crowd(1_000_000)
        var sources = crowd(1)
        // Half of the sources lie near objects.
        for i in 0..<count / 2 {
            sources.dec[i] = max(-90, min(90, objects.dec[i] + Double.random(in: -0.3...0.3, using: &generator) / 3600))
            sources.ra[i] = objects.ra[i]
        }
        let model = MatchModel()
        let assignment = OptimalAssignment.associate(sources: sources.positions, objects: objects.positions, model: model)
        let answer = try MatchingScript.answer(sources: sources, objects: objects, assignment: assignment)
        let own = OptimalAssignment.totalCost(
            of: assignment, sources: sources.positions, objects: objects.positions, model: model)
        #expect(abs(answer.givenCost - answer.totalCost) <= 1e-9 * abs(answer.totalCost))
        #expect(abs(own - answer.totalCost) <= 1e-9 * abs(answer.totalCost))
        #expect(answer.matched == assignment.matchedCount)
        #expect(answer.pairs > count / 3)
    }
}
