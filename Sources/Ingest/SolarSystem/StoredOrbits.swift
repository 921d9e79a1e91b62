import Association
import Catalog
import Columns
import Foundation
import Postgres
import SolarSystem
import Sphere

/// The instance's orbits, as what a search asks for known objects. One thread uses it, with its connection.
public final class StoredOrbits: KnownObjects {
    private let nights: SolarSystemNight
    private let catalog: OrbitCatalog
    private let observatory: Observatory
    /// A night that has no ephemerides is not asked for again while the catalog is the same: the answer takes as long as reading all states.
    private var missing: (night: NightSpan, catalog: Int, MissingEphemeris)?

    public init(nights: SolarSystemNight, catalog: OrbitCatalog, observatory: Observatory) {
        self.nights = nights
        self.catalog = catalog
        self.observatory = observatory
    }

    public func objects(in region: Region, mjdTai: Double, marginArcsec: Double) throws -> Result<[KnownObject], MissingEphemeris> {
        guard let entry = try catalog.current() else {
            return .failure(MissingEphemeris(.noCatalog, "no catalog of orbits is loaded: load one with `skyledger solarsystem load`"))
        }
        let moment: Moment
        do { moment = try Moment(tai: mjdTai) } catch { return .failure(MissingEphemeris(.failed, "\(error)")) }
        let span = NightSpan(containing: moment.utc, at: observatory)
        if let missing, missing.night == span, missing.catalog == entry.number { return .failure(missing.2) }
        do {
            let night = try nights.night(of: moment.utc, at: observatory)
            return .success(try Self.objects(of: night, in: region, at: moment, marginArcsec: marginArcsec))
        } catch let error as CatalogError where error.isBadRequest {
            return keep(MissingEphemeris(.stale, "\(error)"), span, entry.number)
        } catch let error as EphemerisError {
            return keep(MissingEphemeris(.failed, "\(error)"), span, entry.number)
        }
    }

    private func keep(_ reason: MissingEphemeris, _ span: NightSpan, _ number: Int) -> Result<[KnownObject], MissingEphemeris> {
        missing = (span, number, reason)
        return .failure(reason)
    }

    private static func objects(
        of night: SolarSystemNight.Night, in region: Region, at moment: Moment, marginArcsec: Double
    ) throws -> [KnownObject] {
        let circle = region.boundingCircle
        let known = night.objects
        return try night.index.objects(
            near: circle.center, radius: circle.radius * 180 / .pi, at: moment, marginArcsec: marginArcsec
        ).map { row, prediction in
            let years = abs(moment.tdb - known.orbits[row].epoch) / 365.25
            return KnownObject(
                ssObjectId: known.ssObjectId[row], designation: known.designation[row], h: known.h[row], g: known.g[row],
                errorArcsec: PredictionError.arcsec(
                    uParameter: known.uncertainty[row], yearsSinceEpoch: years,
                    magnification: prediction.heliocentricRange / prediction.range),
                prediction: prediction)
        }
    }
}

extension SolarSystemSearch {
    /// The search that the instance's configuration asks for; nil where it asks for none, or where no orbits were ever loaded.
    ///
    /// - Parameter connection: used by the search from now on, between the statements of others on the same thread.
    ///   Where the planets' ephemeris or the observatory are not known the search fails for every visit-detector, and loads go on.
    public static func configured(_ settings: SolarSystemSettings, generation: Generation, on connection: Connection) throws
        -> SolarSystemSearch?
    {
        try configured(settings, OrbitCatalog(connection: connection, generation: generation), generation, preparation: nil)
    }

    /// The same, which has orbits carried to the nights of its visits.
    static func configured(
        _ settings: SolarSystemSettings, _ catalog: OrbitCatalog, _ generation: Generation, preparation: NightPreparation?
    ) throws -> SolarSystemSearch? {
        guard settings.isOn, try catalog.current() != nil else { return nil }
        let dec = generation.layout.roles.dec
        do {
            let nights = SolarSystemNight(catalog: catalog, planets: try PlanetsFile.planets(), preparation: preparation)
            let observatory = try ObservatoryChoice.observatory(settings.observatory)
            return SolarSystemSearch(
                StoredOrbits(nights: nights, catalog: catalog, observatory: observatory), rules: settings.match, dec: dec)
        } catch let error as CatalogError where error.isBadRequest {
            return SolarSystemSearch(NoEphemerides(reason: "\(error)"), rules: settings.match, dec: dec)
        } catch let error as EphemerisError {
            return SolarSystemSearch(NoEphemerides(reason: "\(error)"), rules: settings.match, dec: dec)
        }
    }
}

/// Nobody can say where the known objects are.
private struct NoEphemerides: KnownObjects {
    let reason: String

    func objects(in region: Region, mjdTai: Double, marginArcsec: Double) -> Result<[KnownObject], MissingEphemeris> {
        .failure(MissingEphemeris(.failed, reason))
    }
}
