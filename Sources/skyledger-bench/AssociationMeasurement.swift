import Association
import Columns
import Foundation
import Simulation

/// Likelihood association of made-up fields, on one thread; or of two Parquet files, with its total cost.
enum AssociationMeasurement {
    static func run() {
        for (sources, objects, squareDegrees) in [
            (1_000_000, 1_000_000, 10.0), (1_000_000, 1_000_000, 3.0), (100_000, 1_000_000, 10.0), (100_000, 1_000_000, 3.0),
            (100_000, 100_000, 0.005),
        ] {
            let field = Field(sources: sources, objects: objects, squareDegrees: squareDegrees)
            measure("associate", field.sources, field.objects, ["squareDegrees": squareDegrees])
        }
        let field = Field(sources: 1_000_000, objects: 1_000_000, squareDegrees: 10)
        let few = Field(sources: 10_000, objects: 1, squareDegrees: 10)
        let none = Assignment(objectRow: Array(repeating: nil, count: 10_000), separationArcsec: Array(repeating: .nan, count: 10_000))
        let best = (0..<5).map { _ in
            seconds { _ = Ownership(none, sources: few.sources, objects: field.objects, model: MatchModel()) }
        }.min()!
        report("ownership", ["sources": 10_000, "objects": 1_000_000, "seconds": best])
    }

    /// Files with columns id, ra, dec, raErr, decErr and ra_dec_Cov, as tools/golden/matching.py reads them.
    static func run(sources: String, objects: String) throws {
        measure("associate", try positions(path: sources), try positions(path: objects), [:])
    }

    private static func measure(_ name: String, _ sources: Positions, _ objects: Positions, _ more: [String: Double]) {
        let model = MatchModel()
        var best = Double.infinity
        var assignment = Assignment(objectRow: [], separationArcsec: [])
        for _ in 0..<5 {
            best = min(best, seconds { assignment = OptimalAssignment.associate(sources: sources, objects: objects, model: model) })
        }
        let values = [
            "sources": Double(sources.count), "objects": Double(objects.count), "seconds": best,
            "millionSourcesPerSecond": Double(sources.count) / best / 1e6, "matched": Double(assignment.matchedCount),
            "totalCost": OptimalAssignment.totalCost(of: assignment, sources: sources, objects: objects, model: model),
        ]
        report(name, values.merging(more) { a, _ in a })
    }

    private static func positions(path: String) throws -> Positions {
        let names = ["id", "ra", "dec", "raErr", "decErr", "ra_dec_Cov"]
        let table = try ParquetReader(path: path).read(columns: names)
        return Positions(
            id: table["id"]?.int64s ?? [], ra: table["ra"]?.doubles ?? [], dec: table["dec"]?.doubles ?? [],
            errors: PositionErrors(
                raErr: table["raErr"]?.floats ?? [], decErr: table["decErr"]?.floats ?? [],
                raDecCov: table["ra_dec_Cov"]?.floats ?? []))
    }

    /// Objects over a square around RA 0 on the equator; sources on the first of them, then anywhere, with errors of 0.05 to 0.15
    /// arcseconds that scatter 0.1.
    private struct Field {
        let sources: Positions
        let objects: Positions

        init(sources sourceCount: Int, objects objectCount: Int, squareDegrees: Double) {
            var generator = SplitMix(1)
            let side = squareDegrees.squareRoot()
            func spread() -> Double { Double.random(in: -side / 2..<side / 2, using: &generator) }
            func normal() -> Double {
                let radius = (-2 * log(Double.random(in: Double.leastNonzeroMagnitude...1, using: &generator))).squareRoot()
                return radius * cos(Double.random(in: 0..<2 * .pi, using: &generator))
            }
            func errors(_ count: Int) -> PositionErrors {
                func some() -> [Float] { (0..<count).map { _ in Float.random(in: 0.05...0.15, using: &generator) / 3600 } }
                let (ra, dec) = (some(), some())
                return PositionErrors(raErr: ra, decErr: dec, raDecCov: zip(ra, dec).map { 0.3 * $0 * $1 })
            }
            let ra = (0..<objectCount).map { _ in spread() }
            let dec = (0..<objectCount).map { _ in spread() }
            // Nine in ten sources lie on an object, in an order of their own.
            let chosen = (0..<objectCount).shuffled(using: &generator).prefix(sourceCount * 9 / 10)
            let places = chosen.map { (ra[$0] + normal() * 0.1 / 3600, dec[$0] + normal() * 0.1 / 3600) }
            let others = (0..<max(0, sourceCount - places.count)).map { _ in (spread(), spread()) }
            let all = (places + others).shuffled(using: &generator)
            sources = Positions(
                id: (0..<Int64(sourceCount)).shuffled(using: &generator), ra: all.map(\.0), dec: all.map(\.1), errors: errors(sourceCount))
            objects = Positions(id: (0..<Int64(objectCount)).shuffled(using: &generator), ra: ra, dec: dec, errors: errors(objectCount))
        }
    }
}
