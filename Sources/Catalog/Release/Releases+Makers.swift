import Columns
import Postgres

extension Releases {
    /// How many visit-detectors of a generation were made by one generation: by itself, or by another that it took them over from.
    public struct Maker: Sendable, Equatable, Codable {
        public var generation: Int
        public var visitDetectors: Int64
    }

    /// Which generations made the visit-detectors of a generation, in order; empty where it has none, or its tables are gone.
    public func makers(of generation: Int) throws -> [Maker] {
        guard try GenerationRemoval.isThere(generation, on: connection) else { return [] }
        let rows = try connection.query(
            """
            SELECT "generation", count(*) AS "visitDetectors" FROM \(quoted(Generation.schemaName(generation)))."VisitDetector"
            GROUP BY 1 ORDER BY 1
            """)
        guard let made = rows["generation"]?.int32s, let counts = rows["visitDetectors"]?.int64s else { return [] }
        return zip(made, counts).map { Maker(generation: Int($0), visitDetectors: $1) }
    }

    /// How many visit-detectors of a generation another one made.
    public func takenOver(by generation: Int) throws -> Int {
        Int(try makers(of: generation).filter { $0.generation != generation }.reduce(0) { $0 + $1.visitDetectors })
    }
}
