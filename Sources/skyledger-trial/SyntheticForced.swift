import Catalog
import Columns

/// Forced photometry without images: a flux that follows from object and visit, for every object that the rules want.
struct SyntheticForced: ForcedPhotometry {
    func measure(_ request: ForcedRequest) throws -> Table {
        let rows = request.isWanted.indices.filter { request.isWanted[$0] }
        let visit = request.visitDetector
        func mixed(_ row: Int) -> UInt64 {
            var generator = SplitMix(UInt64(bitPattern: request.diaObjectId[row]) ^ UInt64(bitPattern: visit.visit))
            return generator.next()
        }
        return Table([
            Column("diaForcedSourceId", .int64(rows.map { Int64(mixed($0) >> 1) })),
            Column("diaObjectId", .int64(rows.map { request.diaObjectId[$0] })),
            Column("ra", .double(rows.map { request.ra[$0] })), Column("dec", .double(rows.map { request.dec[$0] })),
            Column("visit", .int64(rows.map { _ in visit.visit })), Column("detector", .int16(rows.map { _ in Int16(visit.detector) })),
            Column("band", .string(.init(rows.map { _ in visit.band ?? "r" }))),
            Column("midpointMjdTai", .double(rows.map { _ in visit.midpointMjdTai })),
            Column("psfFlux", .float(rows.map { Float(mixed($0) % 10_000) })), Column("psfFluxErr", .float(rows.map { _ in 500 })),
            Column("psfFlux_flag", .bool(rows.map { mixed($0) % 50 == 0 })),
        ])
    }
}
