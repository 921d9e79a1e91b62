import Catalog
import Columns
import Foundation
import SolarSystem
import Sphere

extension SolarSystemNight.Night {
    /// What a region of the sky contains at a moment.
    ///
    /// - Parameter marginArcsec: objects as far outside the region are told too.
    /// - Returns: rows with `ssObjectId`, `designation`, `ra`, `dec` (astrometric, degrees), `ephVmag` (null where H is unknown),
    ///   `ephRateRa` (times cos dec) and `ephRateDec` (degrees a day), `topoRange`, `helioRange` (au), `phaseAngle` and `elongation`
    ///   (degrees), in the order of `ssObjectId`.
    /// - Throws: `EphemerisError.time` outside the night.
    public func contents(of region: Region, at moment: Moment, marginArcsec: Double = 0) throws -> Table {
        let padded = marginArcsec > 0 ? region.padded(by: marginArcsec / 3600 * .pi / 180) : region
        let circle = padded.boundingCircle
        let found = try index.objects(near: circle.center, radius: circle.radius * 180 / .pi, at: moment).filter { seen in
            guard let place = try? UnitVector(ra: seen.prediction.ra, dec: seen.prediction.dec) else { return false }
            return padded.contains(place)
        }
        let magnitudes = found.map { seen in
            let (h, g) = (objects.h[seen.row], objects.g[seen.row])
            return seen.prediction.visualMagnitude(h: h, g: g.isNaN ? 0.15 : g)
        }
        func column(_ name: String, _ unit: String, _ value: (Prediction) -> Double) -> Column {
            Column(name, .double(found.map { value($0.prediction) }), unit: unit)
        }
        let isBright = magnitudes.map(\.isFinite)
        return Table([
            Column("ssObjectId", .int64(found.map { objects.ssObjectId[$0.row] })),
            Column("designation", .string(ByteStrings(found.lazy.map { objects.designation[$0.row] }))),
            column("ra", "deg", \.ra), column("dec", "deg", \.dec),
            Column(
                "ephVmag", .double(magnitudes.map { $0.isFinite ? $0 : 0 }), validity: isBright.contains(false) ? Validity(isBright) : nil,
                unit: "mag"),
            column("ephRateRa", "deg/d", \.raRate), column("ephRateDec", "deg/d", \.decRate), column("topoRange", "AU", \.range),
            column("helioRange", "AU", \.heliocentricRange), column("phaseAngle", "deg", \.phaseAngle),
            column("elongation", "deg", \.elongation),
        ])
    }
}

extension SolarSystemNight {
    /// The region and the middle of the exposure of a stored visit-detector.
    /// - Throws: `CatalogError.badRequest` where it is not stored.
    public static func pointing(
        visit: Int64, detector: Int32, instance: Instance
    ) throws -> (region: Region, moment: Moment) {
        let connection = try instance.connect(as: .reader)
        let rows = try VisitDetectorQuery(visit: visit, detector: detector)
            .run(on: connection, generation: instance.currentGeneration(on: connection))
        guard let text = rows["region"]?.strings, text.count == 1, let midpoint = rows["midpointMjdTai"]?.doubles?.first else {
            throw CatalogError.badRequest("visit \(visit) detector \(detector) is not stored: give --ra, --dec, --radius-arcsec, --mjd-utc")
        }
        return (try Region(parsing: text[0]), try Moment(tai: midpoint))
    }
}
