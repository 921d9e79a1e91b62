import CERFA
import Columns
import Foundation

/// Rows of the schema's table SSSource: the geometry of each matched source.
///
/// ```swift
/// let rows = SSSourceRows.table([MatchedSource(diaSourceId: id, ssObjectId: object, designation: "2006 TK6", ra: ra, dec: dec,
///                                              prediction: prediction, h: 16.3, g: 0.15, distanceRank: 1)])
/// ```
/// All columns of the document are there, under its names, in its types and units. The frames: ecliptic and mean equinox of J2000
/// (IAU 2006, `eraEqec06`: bias included), galactic by the matrix of the Hipparcos catalogue (`eraIcrs2g`), vectors in the ICRF.
/// Velocities are those of the body when the light left, relative to the Sun then and to the observer when it came, and rates of ranges
/// their parts along the line, as JPL's Horizons has them (deldot, rdot). Rates on the sky are what the observer sees, which the changing
/// light time makes differ by up to 1e-4 of the body's speed.
public enum SSSourceRows {
    /// au a day in km/s.
    private static let kmPerSecond = Constants.auKm / 86_400

    /// One row for each matched source, in order.
    /// - Complexity: O(rows)
    public static func table(_ matched: [MatchedSource]) -> Table {
        func double(_ name: String, _ unit: String, _ value: (MatchedSource) -> Double?) -> Column {
            let values = matched.map(value)
            return Column(name, .double(values.map { $0 ?? 0 }), validity: validity(values), unit: unit)
        }
        func float(_ name: String, _ unit: String, _ value: (MatchedSource) -> Double?) -> Column {
            let values = matched.map(value)
            return Column(name, .float(values.map { Float($0 ?? 0) }), validity: validity(values), unit: unit)
        }
        func vector(_ frame: String, _ states: [Planets.State]) -> [Column] {
            func axis(_ name: String, _ unit: String, _ value: (Planets.State) -> Double) -> Column {
                Column("\(frame)_\(name)", .float(states.map { Float(value($0)) }), unit: unit)
            }
            return [
                axis("x", "AU") { $0.position.x }, axis("y", "AU") { $0.position.y }, axis("z", "AU") { $0.position.z },
                axis("vx", "km/s") { $0.velocity.x * kmPerSecond }, axis("vy", "km/s") { $0.velocity.y * kmPerSecond },
                axis("vz", "km/s") { $0.velocity.z * kmPerSecond }, axis("vtot", "km/s") { $0.velocity.length * kmPerSecond },
            ]
        }
        let ecliptic = matched.map { Self.ecliptic(ra: $0.ra, dec: $0.dec) }
        let galactic = matched.map { Self.galactic(ra: $0.ra, dec: $0.dec) }
        let offsets = matched.map {
            SkyOffset(observedRa: $0.ra, observedDec: $0.dec, predictedRa: $0.prediction.ra, predictedDec: $0.prediction.dec)
        }
        let tracks = zip(matched, offsets).map { source, offset in
            offset.tracks(raRate: source.prediction.raRate, decRate: source.prediction.decRate)
        }
        let topocentric = matched.map { Self.topocentric($0.prediction) }
        let names = matched.map(\.designation)
        let ranks = matched.map { $0.distanceRank.flatMap { Int16(exactly: $0) } }
        let first = [
            Column("diaSourceId", .int64(matched.map(\.diaSourceId))), Column("ssObjectId", .int64(matched.map(\.ssObjectId))),
            Column("designation", .string(ByteStrings(names.map { $0 ?? "" })), validity: validity(names)),
            Column("eclLambda", .double(ecliptic.map(\.longitude)), unit: "deg"),
            Column("eclBeta", .double(ecliptic.map(\.latitude)), unit: "deg"),
            Column("galLon", .double(galactic.map(\.longitude)), unit: "deg"),
            Column("galLat", .double(galactic.map(\.latitude)), unit: "deg"),
            float("elongation", "deg") { $0.prediction.elongation }, float("phaseAngle", "deg") { $0.prediction.phaseAngle },
            float("topoRange", "AU") { $0.prediction.range },
            Column("topoRangeRate", .float(topocentric.map { Float(radialVelocity($0) * kmPerSecond) }), unit: "km/s"),
            float("helioRange", "AU") { $0.prediction.heliocentricRange },
            float("helioRangeRate", "km/s") { $0.prediction.heliocentricRangeRate * kmPerSecond },
            double("ephRa", "deg") { $0.prediction.ra }, double("ephDec", "deg") { $0.prediction.dec },
            float("ephVmag", "mag") { Self.visualMagnitude($0) },
            float("ephRate", "deg/d") { hypot($0.prediction.raRate, $0.prediction.decRate) },
            float("ephRateRa", "deg/d") { $0.prediction.raRate }, float("ephRateDec", "deg/d") { $0.prediction.decRate },
        ]
        let second = [
            Column("ephOffset", .float(offsets.map { Float($0.total) }), unit: "arcsec"),
            Column("ephOffsetRa", .double(offsets.map(\.east)), unit: "arcsec"),
            Column("ephOffsetDec", .double(offsets.map(\.north)), unit: "arcsec"),
            Column(
                "ephOffsetAlongTrack", .float(tracks.map { Float($0?.along ?? 0) }), validity: validity(tracks.map { $0?.along }),
                unit: "arcsec"),
            Column(
                "ephOffsetCrossTrack", .float(tracks.map { Float($0?.cross ?? 0) }), validity: validity(tracks.map { $0?.cross }),
                unit: "arcsec"),
        ]
        let vectors = vector("helio", matched.map(\.prediction.heliocentric)) + vector("topo", topocentric)
        return Table(first + second + vectors + [Column("diaDistanceRank", .int16(ranks.map { $0 ?? 0 }), validity: validity(ranks))])
    }

    /// Longitude and latitude on the ecliptic and mean equinox of J2000, degrees, of an ICRS place in degrees.
    public static func ecliptic(ra: Double, dec: Double) -> (longitude: Double, latitude: Double) {
        let degree = Double.pi / 180
        var (longitude, latitude) = (0.0, 0.0)
        eraEqec06(Moment.zero, Constants.j2000, ra * degree, dec * degree, &longitude, &latitude)
        return (turns(longitude / degree), latitude / degree)
    }

    /// Galactic longitude and latitude, degrees, of an ICRS place in degrees.
    public static func galactic(ra: Double, dec: Double) -> (longitude: Double, latitude: Double) {
        let degree = Double.pi / 180
        var (longitude, latitude) = (0.0, 0.0)
        eraIcrs2g(ra * degree, dec * degree, &longitude, &latitude)
        return (turns(longitude / degree), latitude / degree)
    }

    private static func turns(_ degrees: Double) -> Double {
        let positive = degrees < 0 ? degrees + 360 : degrees
        return positive < 360 ? positive : 0
    }

    /// The body relative to the observer with the plain difference of velocities. The prediction's is the motion that the observer sees,
    /// with the body's clock slowed by the growing light time; the Sun's own 13 m/s change nothing in giving that back.
    static func topocentric(_ prediction: Prediction) -> Planets.State {
        let slowed = prediction.heliocentric.velocity * (prediction.rangeRate / Constants.lightSpeed)
        return Planets.State(position: prediction.topocentric.position, velocity: prediction.topocentric.velocity + slowed)
    }

    private static func radialVelocity(_ state: Planets.State) -> Double { state.position.dot(state.velocity) / state.position.length }

    private static func visualMagnitude(_ source: MatchedSource) -> Double? {
        guard let h = source.h, h.isFinite else { return nil }
        let magnitude = source.prediction.visualMagnitude(h: h, g: source.g.flatMap { $0.isFinite ? $0 : nil } ?? 0.15)
        return magnitude.isFinite ? magnitude : nil
    }

    private static func validity<Value>(_ values: [Value?]) -> Validity? {
        values.contains { $0 == nil } ? Validity(values.lazy.map { $0 != nil }) : nil
    }
}
