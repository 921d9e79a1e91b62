import Catalog
import Columns
import Simulation

/// Synthetic forced photometry of every object that the rules want, for loads without images.
public struct SyntheticForced: ForcedPhotometry {
    public init() {}

    public func measure(_ request: ForcedRequest) throws -> Table {
        let rows = request.isWanted.indices.filter { request.isWanted[$0] }
        let visit = request.visitDetector
        return SyntheticForcedPhotometry.rows(
            diaObjectId: rows.map { request.diaObjectId[$0] }, ra: rows.map { request.ra[$0] }, dec: rows.map { request.dec[$0] },
            visit: visit.visit, detector: visit.detector, band: visit.band ?? "r", midpointMjdTai: visit.midpointMjdTai)
    }
}
