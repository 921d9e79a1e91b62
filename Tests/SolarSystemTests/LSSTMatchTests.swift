import Association
import Foundation
import SolarSystem
import Sphere
import TestSupport
import Testing

/// The asteroids of LSST's alerts among all sources of their visits, and the survey's own SSSource for them.
@Suite(
    "Asteroids of LSST's alerts",
    .enabled(if: EphemerisFiles.hasPython && PackageFolder.hasData("lsst-alerts-fink"), "needs DE440, python and data"))
struct LSSTMatchTests {
    struct Alert {
        var diaSourceId: Int64
        var ssObjectId: Int64
        var visit: Int64
        var moment: Moment
        var ra: Double
        var dec: Double
        var orbit: Orbit
        var uParameter: Int
        /// What the survey says, by column.
        var survey: [String: Double]
    }

    struct Source {
        var diaSourceId: Int64
        var visit: Int64
        var ra: Double
        var dec: Double
        var raErr: Float
        var decErr: Float
    }

    static let surveyColumns =
        ["ephRa", "ephDec", "eclBeta", "galLon", "galLat", "elongation", "phaseAngle", "ephOffset", "ephOffsetRa", "ephOffsetDec"]
        + ["helio", "topo"].flatMap { frame in ["x", "y", "z", "vx", "vy", "vz", "vtot"].map { "\(frame)_\($0)" } }

    static func read() throws -> (alerts: [Alert], sources: [Source]) {
        let folder = PackageFolder.data.appendingPathComponent("lsst-alerts-fink").path
        let text = String(decoding: try GoldenScript.data(of: "asteroid_alerts.py", seed: 0, arguments: [folder]), as: UTF8.self)
        var alerts: [Alert] = []
        var sources: [Source] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            func number(_ k: Int) throws -> Double { try #require(Double(words[k])) }
            func integer(_ k: Int) throws -> Int64 { try #require(Int64(words[k])) }
            if words[0] == "source" {
                sources.append(
                    Source(
                        diaSourceId: try integer(1), visit: try integer(2), ra: try number(3), dec: try number(4),
                        raErr: Float(words[5]) ?? .nan, decErr: Float(words[6]) ?? .nan))
                continue
            }
            let e = try (7..<14).map(number)
            let values = words[17...].map { Double($0) ?? .nan }
            alerts.append(
                Alert(
                    diaSourceId: try integer(1), ssObjectId: try integer(2), visit: try integer(3), moment: try Moment(tai: number(4)),
                    ra: try number(5), dec: try number(6),
                    orbit: Orbit(
                        q: e[0], e: e[1], inclination: e[2], node: e[3], argumentOfPerihelion: e[4], perihelionTime: e[5], epoch: e[6]),
                    uParameter: Int(try integer(14)), survey: Dictionary(uniqueKeysWithValues: zip(surveyColumns, values))))
        }
        return (alerts, sources)
    }

    static let rubin = Observatory(code: "X05", name: "Rubin", longitude: 289.25058, rhoCosPhi: 0.864981, rhoSinPhi: -0.500958)

    /// 17 asteroids and 37 other sources in 6 visits. The nearest two asteroids are 118 arcsec apart, the nearest other 189.
    @Test("Each asteroid's source goes to its object, and no source of the visits to another, whatever else is predicted or seen")
    func matches() throws {
        let (alerts, sources) = try Self.read()
        try #require(alerts.count == 17)
        let ephemeris = Ephemeris(planets: try EphemerisFiles.planets())
        let states = try alerts.map { try $0.orbit.state() }
        let owners = Dictionary(uniqueKeysWithValues: alerts.map { ($0.diaSourceId, $0.ssObjectId) })
        for visit in Set(alerts.map(\.visit)).sorted() {
            let here = sources.filter { $0.visit == visit }
            let moment = try #require(alerts.first { $0.visit == visit }).moment
            let observer = try ephemeris.observer(at: moment, Self.rubin)
            let predicted = try states.map { state in
                var path = try Trajectory(state, planets: ephemeris.planets)
                return try ephemeris.predict(&path, at: moment, observer: observer)
            }
            let errors = zip(alerts, predicted).map { alert, seen in
                PredictionError.arcsec(
                    uParameter: alert.uParameter, yearsSinceEpoch: (moment.tdb - alert.orbit.epoch) / 365.25,
                    magnification: seen.heliocentricRange / seen.range)
            }
            let rows = SolarSystemMatch.match(
                sources: Positions(
                    id: here.map(\.diaSourceId), ra: here.map(\.ra), dec: here.map(\.dec),
                    errors: PositionErrors(
                        raErr: here.map(\.raErr), decErr: here.map(\.decErr), raDecCov: [Float](repeating: .nan, count: here.count))),
                predictions: PredictedObjects(
                    id: alerts.map(\.ssObjectId), ra: predicted.map(\.ra), dec: predicted.map(\.dec), errorArcsec: errors),
                rules: SolarSystemRules())
            for (source, row) in zip(here, rows) {
                #expect(row.map { alerts[$0].ssObjectId } == owners[source.diaSourceId], "source \(source.diaSourceId) of visit \(visit)")
            }
        }
    }

    /// The survey's positions are au divided by the kilometres of one, its velocities au a day; its vtot are not its vectors' lengths, and
    /// its eclLambda counts from the true equinox of J2000, which nutation puts 13.9 arcsec elsewhere.
    @Test("Rows of SSSource are the survey's own, once its units are put right")
    func survey() throws {
        let (alerts, _) = try Self.read()
        let ephemeris = Ephemeris(planets: try EphemerisFiles.planets())
        let rows = SSSourceRows.table(
            try alerts.map { alert in
                MatchedSource(
                    diaSourceId: alert.diaSourceId, ssObjectId: alert.ssObjectId, designation: nil, ra: alert.ra, dec: alert.dec,
                    prediction: try ephemeris.predict(alert.orbit.state(), at: alert.moment, from: Self.rubin))
            })
        for (row, alert) in alerts.enumerated() {
            func difference(_ name: String, unit: Double = 1) throws -> Double {
                try abs(#require(rows[name]?.numbers)[row] - #require(alert.survey[name]) * unit)
            }
            for name in ["ephRa", "ephDec", "eclBeta", "galLon", "galLat"] { #expect(try difference(name) < 1e-4, "\(name) of \(row)") }
            for name in ["elongation", "phaseAngle"] { #expect(try difference(name) < 0.01, "\(name) of \(row)") }
            for name in ["ephOffset", "ephOffsetRa", "ephOffsetDec"] { #expect(try difference(name) < 0.001, "\(name) of \(row)") }
            for frame in ["helio", "topo"] {
                for axis in ["x", "y", "z"] {
                    #expect(try difference("\(frame)_\(axis)", unit: 149_597_870.7) < 1e-6, "\(frame)_\(axis) of \(row)")
                    #expect(try difference("\(frame)_v\(axis)", unit: 149_597_870.7 / 86_400) < 1e-3, "\(frame)_v\(axis) of \(row)")
                }
            }
        }
    }
}
