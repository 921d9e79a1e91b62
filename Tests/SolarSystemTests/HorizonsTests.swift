import Foundation
import SolarSystem
import Sphere
import Testing

/// JPL Horizons' states and positions of 19 objects (`ephemerides/` of the shared data).
@Suite("Predictions against JPL Horizons", .enabled(if: EphemerisFiles.hasPlanets && EphemerisFiles.hasData("ephemerides"), "needs DE440 and data"))
struct HorizonsTests {
    struct Object {
        let name: String
        let epoch: Double
        var offsets = [Double]()
        var first = Double.infinity
        var last = -Double.infinity
        var worstMagnitude = 0.0
        var worstRate = 0.0
        var worstRange = 0.0
        var worstPhase = 0.0
        var worstElongation = 0.0
        var median: Double { offsets.sorted()[offsets.count / 2] }
    }

    static let objects: Result<[Object], any Error> = Result { try compare() }

    static func compare() throws -> [Object] {
        let ephemeris = Ephemeris(planets: try EphemerisFiles.planets())
        let list = try ObservatoryList(
            text: String(contentsOf: EphemerisFiles.data.appendingPathComponent("ephemerides/obscodes.txt"), encoding: .utf8))
        let table = Dictionary(grouping: try EphemerisFiles.rows("ephemerides/ephemeris.csv"), by: { $0["orbit"]! })
        return try EphemerisFiles.rows("ephemerides/elements.csv").map { row in
            func value(_ name: String) -> Double { Double(row[name]!)! }
            let state = StateVector(
                eclipticPosition: SIMD3(value("x"), value("y"), value("z")), velocity: SIMD3(value("vx"), value("vy"), value("vz")),
                epoch: value("mjd_tdb"))
            var object = Object(name: row["targetname"]!, epoch: state.epoch)
            var path = try Trajectory(state, planets: ephemeris.planets)
            for line in table[row["orbit"]!]! {
                func expected(_ name: String) -> Double { Double(line[name]!)! }
                let moment = try Moment(utc: expected("mjd_utc"))
                let observer = try ephemeris.observer(at: moment, list.observatory(line["observatory_code"]!))
                let seen = try ephemeris.predict(&path, at: moment, observer: observer)
                let place = try UnitVector(ra: expected("RA"), dec: expected("DEC"))
                object.offsets.append(try UnitVector(ra: seen.ra, dec: seen.dec).separation(to: place) * 180 / .pi * 3600)
                object.first = min(object.first, moment.tdb)
                object.last = max(object.last, moment.tdb)
                let arcsecAnHour = 3600.0 / 24
                object.worstRate = max(
                    object.worstRate, abs(seen.raRate * arcsecAnHour - expected("RA_rate")), abs(seen.decRate * arcsecAnHour - expected("DEC_rate")))
                object.worstRange = max(
                    object.worstRange, abs(seen.range - expected("delta")), abs(seen.heliocentricRange - expected("r")))
                object.worstPhase = max(object.worstPhase, abs(seen.phaseAngle - expected("alpha")))
                object.worstElongation = max(object.worstElongation, abs(seen.elongation - expected("elong")))
                if let h = Double(line["H"]!), let g = Double(line["G"]!), let v = Double(line["V"]!) {
                    object.worstMagnitude = max(object.worstMagnitude, abs(seen.visualMagnitude(h: h, g: g) - v))
                }
            }
            return object
        }
    }

    @Test("print")
    func printAll() throws {
        for o in try Self.objects.get() {
            print(o.name, "epoch off", max(o.first - o.epoch, o.epoch - o.last, 0), "median", o.median, "worst", o.offsets.max()!, "mag", o.worstMagnitude, "rate", o.worstRate, "range", o.worstRange, "phase", o.worstPhase, "elong", o.worstElongation)
        }
    }
}
