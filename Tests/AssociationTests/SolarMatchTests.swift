import Foundation
import Sphere
import TestSupport
import Testing

@testable import Association

@Suite("Sources matched to predicted objects of the solar system") struct SolarMatchTests {
    static let places: [(Double, Double)] = [(150, -30), (0, 0), (359.99999, 70), (33, 90), (123, -90), (10, 89.9999)]

    struct Crowd {
        var sources: MatchingFixture
        var objects: MatchingFixture
        var errors: [Double]

        var predictions: PredictedObjects {
            PredictedObjects(id: objects.id, ra: objects.ra, dec: objects.dec, errorArcsec: errors)
        }

        /// What each pair gains by the formula of the type's description, without its logarithms; nil beyond the radius.
        func gains(_ rules: SolarSystemRules) -> [[Double?]] {
            (0..<sources.count).map { i in
                (0..<objects.count).map { j in
                    let angle = sources.place(i).separation(to: objects.place(j)) * 180 / .pi * 3600
                    let radius = min(
                        rules.maximumRadiusArcsec, hypot(rules.radiusArcsec, rules.sigmas * errors[j]))
                    guard angle <= radius else { return nil }
                    let (ra, dec) = (Double(sources.errors!.raErr[i]) * 3600, Double(sources.errors!.decErr[i]) * 3600)
                    let core = (ra * ra + dec * dec) / 2 + pow(min(errors[j], rules.maximumRadiusArcsec), 2)
                    func density(_ d: Double) -> Double {
                        func gaussian(_ variance: Double) -> Double { exp(-d * d / (2 * variance)) / (2 * .pi * variance) }
                        return (1 - rules.tailFraction) * gaussian(core) + rules.tailFraction * gaussian(core + radius * radius / 4)
                    }
                    return log(density(angle) / density(radius))
                }
            }
        }
    }

    static func crowd(_ place: (Double, Double), using generator: inout SeededGenerator) -> Crowd {
        let spread = Double.random(in: 0.5...4, using: &generator)
        var sources = MatchingFixture.crowd(6, ra: place.0, dec: place.1, spreadArcsec: spread, firstId: 1, using: &generator)
        let objects = MatchingFixture.crowd(6, ra: place.0, dec: place.1, spreadArcsec: spread, firstId: 100, using: &generator)
        func sigma() -> [Float] { (0..<6).map { _ in Float.random(in: 0.08...0.4, using: &generator) / 3600 } }
        sources.errors = PositionErrors(raErr: sigma(), decErr: sigma(), raDecCov: [Float](repeating: 0, count: 6))
        let errors = (0..<6).map { _ in [0.03, 0.3, 1, 30].randomElement(using: &generator)! }
        return Crowd(sources: sources, objects: objects, errors: errors)
    }

    /// The largest total of all pairings, with every choice tried.
    static func largestTotal(_ gains: [[Double?]], from source: Int = 0, taken: Int = 0) -> Double {
        if source == gains.count { return 0 }
        var largest = largestTotal(gains, from: source + 1, taken: taken)
        for (object, gain) in gains[source].enumerated() where taken & (1 << object) == 0 {
            if let gain { largest = max(largest, gain + largestTotal(gains, from: source + 1, taken: taken | 1 << object)) }
        }
        return largest
    }

    static func pairs(_ crowd: Crowd, _ rules: SolarSystemRules = SolarSystemRules()) -> [Int64: Int64] {
        let rows = SolarSystemMatch.match(sources: crowd.sources.positions, predictions: crowd.predictions, rules: rules)
        return Dictionary(
            uniqueKeysWithValues: rows.enumerated().compactMap { i, row in row.map { (crowd.sources.id[i], crowd.objects.id[$0]) } })
    }

    @Test("no pairing of a crowded group gains more, at poles and over RA 0 too", arguments: places)
    func optimum(_ place: (Double, Double)) {
        var generator = SeededGenerator(state: 11)
        for _ in 0..<40 {
            let crowd = Self.crowd(place, using: &generator)
            let rules = SolarSystemRules(radiusArcsec: 1, sigmas: 3, maximumRadiusArcsec: 5)
            let rows = SolarSystemMatch.match(sources: crowd.sources.positions, predictions: crowd.predictions, rules: rules)
            let gains = crowd.gains(rules)
            let taken = rows.compactMap { $0 }
            #expect(Set(taken).count == taken.count)
            let total = rows.enumerated().map { i, row in row.map { gains[i][$0] ?? -.infinity } ?? 0 }.reduce(0, +)
            #expect(abs(total - Self.largestTotal(gains)) < 1e-6)
        }
    }

    @Test("the order of rows does not matter, for equal gains neither")
    func orderOfRows() {
        var generator = SeededGenerator(state: 12)
        var crowd = Crowd(
            sources: MatchingFixture.crowd(100, ra: 0, dec: 5, spreadArcsec: 8, firstId: 1, using: &generator),
            objects: MatchingFixture.crowd(100, ra: 0, dec: 5, spreadArcsec: 8, firstId: 1000, using: &generator), errors: [])
        // The same rows again under other identifiers: every gain comes twice.
        func doubled(_ fixture: MatchingFixture, firstId: Int64) -> MatchingFixture {
            var twice = fixture.reordered(Array(0..<100) + Array(0..<100))
            twice.id = (0..<200).map { firstId + Int64($0) }
            return twice
        }
        crowd = Crowd(
            sources: doubled(crowd.sources, firstId: 1), objects: doubled(crowd.objects, firstId: 1000),
            errors: (0..<200).map { [0.1, 0.5][$0 % 2] })
        let expected = Self.pairs(crowd)
        #expect(!expected.isEmpty)
        for _ in 0..<5 {
            let (s, o) = ((0..<200).shuffled(using: &generator), (0..<200).shuffled(using: &generator))
            let shuffled = Crowd(
                sources: crowd.sources.reordered(s), objects: crowd.objects.reordered(o), errors: o.map { crowd.errors[$0] })
            #expect(Self.pairs(shuffled) == expected)
        }
    }

    /// One source and one object so far apart, over RA 0 and at the pole.
    static func matches(arcsec: Double, error: Double, at place: (Double, Double)) -> Bool {
        let (east, _) = MatchingFixture.frame(ra: place.0, dec: place.1)
        let centre = MatchingFixture(id: [1], ra: [place.0], dec: [place.1], errors: nil).place(0)
        let angle = arcsec / 3600 * .pi / 180
        let (c, s) = (cos(angle), sin(angle))
        let seen = Positions(
            id: [1], x: [c * centre.x + s * east.x], y: [c * centre.y + s * east.y], z: [c * centre.z + s * east.z])
        let predicted = PredictedObjects(id: [7], ra: [place.0], dec: [place.1], errorArcsec: [error])
        return SolarSystemMatch.match(sources: seen, predictions: predicted, rules: SolarSystemRules()) == [0]
    }

    @Test("a lone pair matches within the radius of its own error, and not beyond it", arguments: places)
    func radius(_ place: (Double, Double)) {
        let radii: [(Double, Double)] = [(0, 1), (0.1, 1.044030650891055), (1, 3.1622776601683795), (100, 20), (.nan, 20)]
        for (error, radius) in radii {
            #expect(Self.matches(arcsec: radius * 0.9999, error: error, at: place), "\(error)")
            #expect(!Self.matches(arcsec: radius * 1.0001, error: error, at: place), "\(error)")
        }
    }

    @Test("a vague prediction does not take the source of an accurate one")
    func vagueNeighbour() {
        let arcsec = 1 / 3600.0
        let seen = Positions(id: [1], ra: [0], dec: [0])
        let predicted = PredictedObjects(
            id: [5, 6], ra: [359.99999999, 0.02 * arcsec], dec: [0, 0.15 * arcsec], errorArcsec: [15, 0.1])
        #expect(SolarSystemMatch.match(sources: seen, predictions: predicted, rules: SolarSystemRules()) == [1])
    }

    @Test("an artefact beside an object does not push its source to a neighbour")
    func artefact() {
        let arcsec = 1 / 3600.0
        // Object 5 is at source 1; object 6 and the artefact 2 lie 0.65 arcsec to either side: two pairs could be made, one is right.
        let seen = Positions(id: [1, 2], ra: [10, 10 - 0.65 * arcsec], dec: [0, 0])
        let predicted = PredictedObjects(id: [5, 6], ra: [10, 10 + 0.65 * arcsec], dec: [0, 0], errorArcsec: [0.05, 0.05])
        #expect(SolarSystemMatch.match(sources: seen, predictions: predicted, rules: SolarSystemRules()) == [0, nil])
    }

    @Test("a source's rank counts the sources that are nearer to its prediction, matched or not")
    func ranks() {
        let arcsec = 1 / 3600.0
        let seen = Positions(id: [4, 3, 2, 1], ra: [0, 359.99999, 0.3 * arcsec, 90], dec: [0.5 * arcsec, 0, 0, 5])
        let predicted = PredictedObjects(id: [8, 9], ra: [90, 0], dec: [5, 0], errorArcsec: [0.1, 0.1])
        #expect(SolarSystemMatch.distanceRanks([1, nil, nil, 0], sources: seen, predictions: predicted) == [3, nil, nil, 1])
    }

    @Test("positions that are not finite match nothing, and others as if they were not there")
    func notFinite() {
        let seen = Positions(id: [1, 2], x: [.nan, 1], y: [0, 0], z: [0, 0])
        let predicted = PredictedObjects(id: [5, 6], x: [.infinity, 1], y: [0, 0], z: [0, 0], errorArcsec: [1, 1])
        #expect(SolarSystemMatch.match(sources: seen, predictions: predicted, rules: SolarSystemRules()) == [nil, 1])
        #expect(
            SolarSystemMatch.match(
                sources: seen, predictions: PredictedObjects(id: [], x: [], y: [], z: [], errorArcsec: []), rules: SolarSystemRules())
                == [nil, nil])
    }

    /// The table of the MPC's page "Uncertainty Parameter U", arcseconds in ten years.
    @Test(
        "the runoff of an uncertainty parameter is the one that the MPC prints",
        arguments: [(0, 1.0), (1, 4.4), (2, 19.6), (3, 86.5), (4, 382), (5, 1692), (6, 7488), (7, 33121), (8, 146_502)])
    func runoff(parameter: Int, printed: Double) {
        #expect(abs(PredictionError.runoffArcsecPerDecade(parameter) - printed) < 0.006 * printed)
    }

    @Test("a prediction's error grows with time either way from the floor, and with the parameter")
    func predictionError() {
        #expect(PredictionError.arcsec(uParameter: 5, yearsSinceEpoch: 0) == PredictionError.floorArcsec)
        #expect(PredictionError.arcsec(uParameter: 3, yearsSinceEpoch: -2) == PredictionError.arcsec(uParameter: 3, yearsSinceEpoch: 2))
        #expect(abs(PredictionError.arcsec(uParameter: 3, yearsSinceEpoch: 1) - hypot(0.1, 8.653)) < 0.01)
        for parameter in 0..<9 {
            #expect(
                PredictionError.arcsec(uParameter: parameter + 1, yearsSinceEpoch: 1)
                    > PredictionError.arcsec(uParameter: parameter, yearsSinceEpoch: 1))
        }
    }
}
