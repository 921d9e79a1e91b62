import Columns

/// Forced photometry without images: for each object a flux that follows from object and visit alone, so that repetitions agree.
public enum SyntheticForcedPhotometry {
    /// - Parameters:
    ///   - diaObjectId: objects measured; `ra` and `dec`, ICRS degrees, as many.
    ///   - midpointMjdTai: of the exposure.
    /// - Returns: rows of DiaForcedSource in the columns of schema documents since 9.0.0; fluxes from 0 to 10,000 nJy, a fiftieth of them flagged.
    public static func rows(
        diaObjectId: [Int64], ra: [Double], dec: [Double], visit: Int64, detector: Int32, band: String, midpointMjdTai: Double
    ) -> Table {
        let mixed = diaObjectId.map { object -> UInt64 in
            var stream = RandomStream(UInt64(bitPattern: object), UInt64(bitPattern: visit))
            return stream.next()
        }
        let count = diaObjectId.count
        return Table([
            Column("diaForcedSourceId", .int64(mixed.map { Int64($0 >> 1) })), Column("diaObjectId", .int64(diaObjectId)),
            Column("ra", .double(ra)), Column("dec", .double(dec)), Column("visit", .int64(.init(repeating: visit, count: count))),
            Column("detector", .int16(.init(repeating: Int16(detector), count: count))),
            Column("band", .string(.init([String](repeating: band, count: count)))),
            Column("midpointMjdTai", .double(.init(repeating: midpointMjdTai, count: count))),
            Column("psfFlux", .float(mixed.map { Float($0 % 10_000) })), Column("psfFluxErr", .float(.init(repeating: 500, count: count))),
            Column("psfFlux_flag", .bool(mixed.map { $0 % 50 == 0 })),
        ])
    }
}
