import Columns
import Foundation
import SolarSystem

/// Unassociated DiaSources in the columns that public programs for linking read.
public enum LinkerColumns: String, Sendable, CaseIterable {
    /// The detections of heliolinx (Heinze et al.): MJD in UTC, errors in arcseconds, trails in arcseconds and degrees.
    case heliolinx
    /// The observations of THOR (Moeyens et al. 2021): MJD in UTC, errors in degrees.
    case thor

    /// - Parameters:
    ///   - sources: DiaSource rows with diaSourceId, visit, midpointMjdTai, ra, dec and, where known, errors, psfFlux in nJy, band, trail.
    ///   - dec: the name of their column of declination; `midpoint` that of their time.
    ///   - observatory: MPC code of where they were seen from.
    /// - Throws: `EphemerisError` for times that no time scale covers.
    public func table(_ sources: Table, dec: String, midpoint: String, observatory: String) throws -> Table {
        let count = sources.rowCount
        func numbers(_ name: String) -> [Double] { sources[name]?.numbers ?? .init(repeating: .nan, count: count) }
        func optional(_ name: String, _ values: [Double]) -> Column {
            Column(name, .double(values.map { $0.isFinite ? $0 : 0 }), validity: Validity(values.lazy.map(\.isFinite)))
        }
        func text(_ name: String, _ values: [String]) -> Column { Column(name, .string(.init(values))) }
        func integers(_ name: String) -> [String] { (sources[name]?.int64s ?? []).map(String.init) }
        let mjd = try (sources[midpoint]?.doubles ?? []).map { try Moment(tai: $0).utc }
        let (ra, declination) = (sources["ra"]?.doubles ?? [], sources[dec]?.doubles ?? [])
        let (flux, fluxErr) = (numbers("psfFlux"), numbers("psfFluxErr"))
        // AB magnitudes of nanojansky; a faded object's negative flux has none.
        let magnitude = flux.map { $0 > 0 ? 31.4 - 2.5 * log10($0) : .nan }
        let magnitudeErr = flux.indices.map { flux[$0] > 0 ? 2.5 / log(10) * fluxErr[$0] / flux[$0] : .nan }
        let band = (0..<count).map { row in sources["band"].flatMap { $0.isNull(row) ? nil : $0.strings?[row] } ?? "" }
        let codes = [String](repeating: observatory, count: count)
        switch self {
        case .heliolinx:
            let error = { (name: String) in numbers(name).map { $0 * 3600 } }
            return Table([
                Column("MJD", .double(mjd)), Column("RA", .double(ra)), Column("Dec", .double(declination)), optional("mag", magnitude),
                optional("trail_len", numbers("trailLength")), optional("trail_PA", numbers("trailAngle")),
                optional("sigmag", magnitudeErr), optional("sig_across", error("raErr")), optional("sig_along", error("decErr")),
                text("image", integers("visit")), text("idstring", integers("diaSourceId")), text("band", band), text("obscode", codes),
            ])
        case .thor:
            return Table([
                text("id", integers("diaSourceId")), text("exposure_id", integers("visit")), Column("mjd_utc", .double(mjd)),
                Column("ra", .double(ra)), Column("dec", .double(declination)), optional("ra_sigma", numbers("raErr")),
                optional("dec_sigma", numbers("decErr")), optional("ra_dec_cov", numbers("ra_dec_Cov")), optional("mag", magnitude),
                optional("mag_sigma", magnitudeErr), text("filter", band), text("observatory_code", codes),
            ])
        }
    }
}
