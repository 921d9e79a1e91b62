import Foundation
import SolarSystem
import Sphere
import TestSupport
import Testing

/// JPL Horizons' states and positions of 19 objects (`ephemerides/` of the shared data).
@Suite(
    "Predictions against JPL Horizons",
    .enabled(if: EphemerisFiles.hasPlanets && PackageFolder.hasData("ephemerides"), "needs DE440 and data"))
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

    static func compare(only prefix: String = "", _ force: NonGravitational? = nil) throws -> [Object] {
        let ephemeris = Ephemeris(planets: try EphemerisFiles.planets())
        let list = try ObservatoryList(
            text: String(contentsOf: PackageFolder.data.appendingPathComponent("ephemerides/obscodes.txt"), encoding: .utf8))
        let table = Dictionary(grouping: try EphemerisFiles.rows("ephemerides/ephemeris.csv"), by: { $0["orbit"]! })
        return try EphemerisFiles.rows("ephemerides/elements.csv").filter { $0["targetname"]!.hasPrefix(prefix) }.map { row in
            func value(_ name: String) -> Double { Double(row[name]!)! }
            let state = StateVector(
                eclipticPosition: SIMD3(value("x"), value("y"), value("z")), velocity: SIMD3(value("vx"), value("vy"), value("vz")),
                epoch: value("mjd_tdb"))
            var object = Object(name: row["targetname"]!, epoch: state.epoch)
            var path = try Trajectory(state, planets: ephemeris.planets, nonGravitational: force)
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
                    object.worstRate, abs(seen.raRate * arcsecAnHour - expected("RA_rate")),
                    abs(seen.decRate * arcsecAnHour - expected("DEC_rate")))
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

    /// Measured: medians of 0.001 to 4 mas, and 88 mas for Cruithne 528 days from its epoch (asteroids' pull and Horizons' own fit of
    /// non-gravitational forces are not in ours). 1I/'Oumuamua is a test of its own.
    @Test("Positions agree with Horizons to 20 mas where the epoch lies within the ephemeris, to 0.2 arcsec at 20 months")
    func positions() throws {
        for object in try Self.objects.get() where !object.name.hasPrefix("1I") {
            let inside = object.first < object.epoch && object.epoch < object.last
            #expect(
                object.offsets.max()! < (inside ? 0.02 : 0.2), "\(object.name): median \(object.median), worst \(object.offsets.max()!)")
        }
    }

    /// Without its outgassing the object is 0.3 arcsec off in the median and 3.9 at worst, where it was nearest (0.36 au). The constants
    /// are those of JPL's orbit; Micheli et al. 2018 (Nature 559, 223), with the radial part alone, leave 0.07 and 1.3 arcsec.
    /// What remains is the rounding of the constants.
    @Test("'Oumuamua agrees to 0.5 arcsec at worst with the outgassing that was measured for it")
    func outgassing() throws {
        let objects = try Self.compare(only: "1I", NonGravitational(a1: 2.79e-7, a2: 1.44e-8, a3: 1.57e-8))
        let offsets = try #require(objects.first).offsets
        #expect(offsets.max()! < 0.5, "median \(objects[0].median), worst \(offsets.max()!)")
    }

    @Test("Ranges agree with Horizons to 2e-6 au, phase angles and elongations to 0.02 degrees")
    func geometry() throws {
        for object in try Self.objects.get() where !object.name.hasPrefix("1I") {
            #expect(object.worstRange < 2e-6, "\(object.name)")
            #expect(object.worstPhase < 0.02, "\(object.name)")
            #expect(object.worstElongation < 0.02, "\(object.name)")
        }
    }

    /// Horizons' rates are those of the apparent place of date; 'Aylo'chaxnim is seen at phase angles of 57 degrees and more, where the
    /// laws differ.
    @Test("Rates agree with Horizons to 0.5 arcsec an hour and magnitudes to 0.05")
    func ratesAndMagnitudes() throws {
        for object in try Self.objects.get() {
            #expect(object.worstRate < 0.5, "\(object.name)")
            if !object.name.hasPrefix("594913") { #expect(object.worstMagnitude < 0.05, "\(object.name)") }
        }
    }
}
