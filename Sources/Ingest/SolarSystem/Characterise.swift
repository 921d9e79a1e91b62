import Catalog
import Columns
import Postgres
import SolarSystem

/// Recomputes SSObject from all sources that belong to objects of the solar system: counts, arcs, brightness, encounters with the Earth.
public enum Characterise {
    public struct Outcome: Sendable, Equatable, Codable {
        public var ssObjects = 0
        public var diaSources = 0
        /// Rows of SSObject that came out otherwise than they were.
        public var changed = 0
    }

    /// - Parameter connection: as the role `ingest`.
    public static func run(generation: Generation, on connection: Connection) throws -> Outcome {
        let target = SSObjectTable(connection: connection, generation: generation)
        let observations = try observations(target.observations())
        let ids = Array(Set(observations.ssObjectId)).sorted()
        let known = KnownOrbits(try OrbitCatalog(connection: connection, generation: generation).elements(of: ids))
        var orbits: [Int64: Orbit] = [:]
        for row in 0..<known.count { orbits[known.ssObjectId[row]] = known.orbits[row] }
        let rows = SSObjectRows.table(observations, designations: try target.designations(), orbits: orbits)
        return Outcome(ssObjects: ids.count, diaSources: observations.count, changed: try target.store(rows))
    }

    /// The rows of `SSObjectTable.observations`; what is null is NaN.
    private static func observations(_ table: Table) -> SolarObservations {
        let count = table.rowCount
        func numbers(_ name: String) -> [Double] {
            guard let column = table[name], let values = column.numbers else { return .init(repeating: .nan, count: count) }
            return (0..<count).map { column.isNull($0) ? .nan : values[$0] }
        }
        let (band, flagged) = (table["band"], table["isFlagged"]?.bools)
        return SolarObservations(
            ssObjectId: table["ssObjectId"]?.int64s ?? [], midpointMjdTai: numbers("midpointMjdTai"),
            band: (0..<count).map { row in band.flatMap { $0.isNull(row) ? nil : $0.strings?[row] } ?? "" },
            psfFlux: numbers("psfFlux"), psfFluxErr: numbers("psfFluxErr"), isFlagged: (0..<count).map { flagged?[$0] ?? false },
            topoRange: numbers("topoRange"), helioRange: numbers("helioRange"), phaseAngle: numbers("phaseAngle"),
            extendedness: numbers("extendedness"))
    }
}
