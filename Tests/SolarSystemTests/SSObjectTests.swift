import Columns
import Foundation
import SolarSystem
import TestSupport
import Testing

@Suite("Rows of SSObject")
struct SSObjectTests {
    struct Curve {
        var phaseAngles: [Double]
        var magnitudes: [Double]
        var errors: [Double]
        /// H, G12, errors of both, covariance, chi-squared.
        var expected: [Double]
    }

    static func curves(seed: Int) throws -> [Curve] {
        let words = try GoldenScript.doubles(of: "brightness.py", seed: seed)
        var at = 1
        return (0..<Int(bitPattern: UInt(words[0].bitPattern))).map { _ in
            let n = Int(bitPattern: UInt(words[at].bitPattern))
            func part(_ k: Int) -> [Double] { Array(words[(at + 1 + k * n)..<(at + 1 + (k + 1) * n)]) }
            let curve = Curve(
                phaseAngles: part(0), magnitudes: part(1), errors: part(2), expected: Array(words[(at + 1 + 3 * n)..<(at + 7 + 3 * n)]))
            at += 7 + 3 * n
            return curve
        }
    }

    static let empty = SolarObservations(
        ssObjectId: [], midpointMjdTai: [], band: [], psfFlux: [], psfFluxErr: [], isFlagged: [], topoRange: [], helioRange: [],
        phaseAngle: [], extendedness: [])

    /// One observation at 1.5 and 2 au, of magnitude 20 with 5 percent.
    static func add(
        _ out: inout SolarObservations, id: Int64, mjd: Double, band: String, magnitude: Double = 20, error: Double = 0.05,
        phaseAngle: Double = 10, topoRange: Double = 1.5, helioRange: Double = 2
    ) {
        let flux = pow(10, (31.4 - magnitude) / 2.5)
        out.ssObjectId.append(id)
        out.midpointMjdTai.append(mjd)
        out.band.append(band)
        out.psfFlux.append(flux)
        out.psfFluxErr.append(error * flux * log(10) / 2.5)
        out.isFlagged.append(false)
        out.topoRange.append(topoRange)
        out.helioRange.append(helioRange)
        out.phaseAngle.append(phaseAngle)
        out.extendedness.append(.nan)
    }

    @Test(
        "H, G12, errors, covariance and chi-squared of fluxes at any distance are scipy's, each band by itself",
        .enabled(if: PackageFolder.hasPython, "needs numpy and scipy: run tools/bootstrap, or set SKYLEDGER_DEPS"))
    func scipy() throws {
        let curves = try Self.curves(seed: 12)
        var observations = Self.empty
        var generator = SeededGenerator(state: 3)
        for (number, curve) in curves.enumerated() {
            for i in curve.phaseAngles.indices {
                let (delta, r) = (Double.random(in: 0.1...5, using: &generator), Double.random(in: 0.5...6, using: &generator))
                Self.add(
                    &observations, id: Int64(number / 6), mjd: .random(in: 60_000...61_000, using: &generator),
                    band: SSObjectRows.bands[number % 6], magnitude: curve.magnitudes[i] + 5 * log10(delta * r), error: curve.errors[i],
                    phaseAngle: curve.phaseAngles[i], topoRange: delta, helioRange: r)
            }
        }
        let table = SSObjectRows.table(observations)
        try #require(table.rowCount == (curves.count + 5) / 6)
        for (number, curve) in curves.enumerated() {
            let band = SSObjectRows.bands[number % 6]
            func value(_ name: String) throws -> Double { try #require(table["\(band)_\(name)"]?.numbers)[number / 6] }
            #expect(try abs(value("H") - curve.expected[0]) < 1e-4, "curve \(number)")
            #expect(try abs(value("G12") - curve.expected[1]) < 1e-4)
            #expect(try abs(value("HErr") / curve.expected[2] - 1) < 1e-3)
            #expect(try abs(value("G12Err") / curve.expected[3] - 1) < 1e-3)
            #expect(try abs(value("H_\(band)_G12_Cov") - curve.expected[4]) < 1e-3 * curve.expected[2] * curve.expected[3])
            #expect(try abs(value("Chi2") - curve.expected[5]) < 1e-4 * max(1, curve.expected[5]))
            #expect(try value("nObsUsed") == Double(curve.phaseAngles.count))
            #expect(try abs(value("phaseAngleMin") - curve.phaseAngles.min()!) < 1e-5)
            #expect(try abs(value("phaseAngleMax") - curve.phaseAngles.max()!) < 1e-5)
            #expect(table["\(band)_slope_fit_failed"]?.bools?[number / 6] == false)
        }
    }

    @Test("counts, arcs and extendedness are those of an object's own observations, in any order of rows")
    func counts() {
        var observations = Self.empty
        let rows: [(Int64, Double, String, Double)] = [
            (9, 60_010.5, "g", 0.4), (5, 60_000, "r", .nan), (9, 60_002.25, "r", 0.1), (9, 60_003, "g", 0.2), (9, 60_004, "N921", 0.9),
        ]
        for (id, mjd, band, extendedness) in rows {
            Self.add(&observations, id: id, mjd: mjd, band: band)
            observations.extendedness[observations.count - 1] = extendedness
        }
        let table = SSObjectRows.table(observations, designations: [9: "2001 VP54"])
        #expect(table["ssObjectId"]?.int64s == [5, 9])
        #expect(table["nObs"]?.int32s == [1, 4])
        #expect(table["arc"]?.floats == [0, 8.25])
        #expect(table["firstObservationMjdTai"]?.doubles == [60_000, 60_002.25])
        #expect(table["g_nObs"]?.int32s == [0, 2])
        #expect(table["r_nObs"]?.int32s == [1, 1])
        #expect(table["designation"]?.isNull(0) == true && table["designation"]?.strings?[1] == "2001 VP54")
        #expect(table["extendednessMin"]?.numbers?[1] == Double(Float(0.1)))
        #expect(table["extendednessMedian"]?.numbers?[1] == Double(Float((0.2 + 0.4) / 2)))
        #expect(table["extendednessMax"]?.numbers?[1] == Double(Float(0.9)))
        #expect(table["extendednessMedian"]?.isNull(0) == true)
    }

    @Test("one observation gives H with the fiducial slope and says so")
    func single() throws {
        var observations = Self.empty
        Self.add(&observations, id: 1, mjd: 60_000, band: "z")
        let table = SSObjectRows.table(observations)
        let expected = 20 - 5 * log10(3.0) - (try #require(PhaseFunction.hg12(phaseAngle: 10, g12: PhaseCurveFit.fiducialG12)))
        #expect(try abs(#require(table["z_H"]?.numbers)[0] - expected) < 1e-5)
        #expect(try abs(#require(table["z_HErr"]?.numbers)[0] - 0.05) < 1e-6)
        #expect(table["z_G12"]?.floats == [Float(PhaseCurveFit.fiducialG12)])
        #expect(table["z_slope_fit_failed"]?.bools == [true])
        #expect(table["z_G12Err"]?.isNull(0) == true && table["z_H_z_G12_Cov"]?.isNull(0) == true)
    }

    @Test(
        "an observation that no magnitude comes of counts and is not used, and its phase angle counts too",
        arguments: ["negative", "flagged", "no flux", "no error", "no geometry"])
    func unusable(what: String) {
        var observations = Self.empty
        Self.add(&observations, id: 1, mjd: 60_000, band: "r", phaseAngle: 7)
        switch what {
        case "negative": observations.psfFlux[0] = -100
        case "flagged": observations.isFlagged[0] = true
        case "no flux": observations.psfFlux[0] = .nan
        case "no error": observations.psfFluxErr[0] = .nan
        default: observations.helioRange[0] = .nan
        }
        let table = SSObjectRows.table(observations)
        #expect(table["r_nObs"]?.int32s == [1] && table["r_nObsUsed"]?.int32s == [0])
        #expect(table["r_phaseAngleMin"]?.floats == [7])
        for name in ["H", "HErr", "G12", "G12Err", "H_r_G12_Cov", "Chi2", "slope_fit_failed"] {
            #expect(table["r_\(name)"]?.isNull(0) == true, "\(name)")
        }
    }

    @Test("distances between orbits are MOID's, and null without an orbit or with an impossible one")
    func encounters() throws {
        var observations = Self.empty
        for id in [Int64(1), 2, 3] { Self.add(&observations, id: id, mjd: 60_000, band: "r") }
        // 99942 Apophis, as JPL's Horizons prints it.
        let apophis = Orbit(
            q: 0.7458270479403062, e: 0.1915216892529348, inclination: 3.336751319526047, node: 204.0389271089114,
            argumentOfPerihelion: 126.6520518833791, perihelionTime: 59_000, epoch: 59_215)
        var impossible = apophis
        impossible.q = -1
        let table = SSObjectRows.table(observations, orbits: [1: apophis, 3: impossible])
        func value(_ name: String) throws -> Double { try #require(table[name]?.numbers)[0] }
        #expect(try abs(value("MOIDEarth") - 0.0003822) < 1e-4)
        #expect(try abs(value("tisserand_J") - 6.466) < 0.01)
        // The Earth is slowest far from its perihelion near longitude 103; the true anomaly is counted from there.
        let sinceThere = try (value("MOIDEarthEclipticLongitude") - value("MOIDEarthTrueAnomaly") - 103).remainder(dividingBy: 360)
        #expect(abs(sinceThere) < 3)
        let ofApophis = try (value("MOIDEarthEclipticLongitude") - value("MOIDEarthTrueAnomalyObject") - 204.04 - 126.65)
            .remainder(dividingBy: 360)
        #expect(abs(ofApophis) < 1)
        #expect(try (5.0...7).contains(value("MOIDEarthDeltaV")))
        for name in [
            "MOIDEarth", "MOIDEarthDeltaV", "MOIDEarthEclipticLongitude", "MOIDEarthTrueAnomaly", "MOIDEarthTrueAnomalyObject",
            "tisserand_J",
        ] {
            #expect(table[name]?.isNull(1) == true && table[name]?.isNull(2) == true, "\(name)")
        }
    }

    @Test("the columns are the schema document's, in its order, types and units", .enabled(if: SSSchema.isAvailable, "\(SSSchema.missing)"))
    func schema() throws {
        #expect(SSSchema.described(SSObjectRows.table(Self.empty)) == (try SSSchema.columns(of: "SSObject")))
    }
}
