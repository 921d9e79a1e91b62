import Columns
import Foundation
import SolarSystem
import Sphere
import TestSupport
import Testing

@Suite("Rows of SSSource")
struct SSSourceTests {
    /// The columns that tools/golden/sssource.py computes, in its order.
    static let columns = [
        "eclLambda", "eclBeta", "galLon", "galLat", "elongation", "phaseAngle", "topoRange", "topoRangeRate", "helioRange",
        "helioRangeRate", "ephRa", "ephDec", "ephVmag", "ephRate", "ephRateRa", "ephRateDec", "ephOffset", "ephOffsetRa", "ephOffsetDec",
        "ephOffsetAlongTrack", "ephOffsetCrossTrack", "helio_x", "helio_y", "helio_z", "helio_vx", "helio_vy", "helio_vz", "helio_vtot",
        "topo_x", "topo_y", "topo_z", "topo_vx", "topo_vy", "topo_vz", "topo_vtot",
    ]

    /// Angles as places on the sky, components against the length of their vector: a part near zero has no digits of its own.
    static func scale(_ column: String, _ expected: [String: Double]) -> Double {
        switch column {
        case "eclLambda", "eclBeta", "galLon", "galLat", "ephRa", "ephDec": 360
        case "ephRateRa", "ephRateDec": expected["ephRate"]!
        case let name where name.hasPrefix("ephOffset"): expected["ephOffset"]!
        case "topoRangeRate", "topo_vx", "topo_vy", "topo_vz": expected["topo_vtot"]!
        case "helioRangeRate", "helio_vx", "helio_vy", "helio_vz": expected["helio_vtot"]!
        case "topo_x", "topo_y", "topo_z": expected["topoRange"]!
        case "helio_x", "helio_y", "helio_z": expected["helioRange"]!
        default: abs(expected[column]!)
        }
    }

    @Test(
        "every column agrees with scipy and astropy to 1e-6, at RA 0, near the poles, near the Earth and far away",
        .enabled(if: EphemerisFiles.hasPython, "needs DE440 and python"))
    func astropy() throws {
        let ephemeris = Ephemeris(planets: try EphemerisFiles.planets())
        let text = String(
            decoding: try GoldenScript.data(of: "sssource.py", seed: 1, arguments: [PackageFolder.planetsPath!]), as: UTF8.self)
        let rows = text.split(separator: "\n").map { $0.split(separator: " ").map { Double($0)! } }
        try #require(rows.count == 30)
        let sources = try rows.enumerated().map { number, row in
            let state = StateVector(
                position: SIMD3(row[0], row[1], row[2]), velocity: SIMD3(row[3], row[4], row[5]), epoch: row[6])
            let place = Observatory(code: "XXX", name: "", longitude: row[8], rhoCosPhi: row[9], rhoSinPhi: row[10])
            return MatchedSource(
                diaSourceId: Int64(number), ssObjectId: Int64(number), designation: nil, ra: row[11], dec: row[12],
                prediction: try ephemeris.predict(state, at: Moment(utc: row[7]), from: place), h: row[13], g: row[14])
        }
        let table = SSSourceRows.table(sources)
        for (number, row) in rows.enumerated() {
            let expected = Dictionary(uniqueKeysWithValues: zip(Self.columns, row[15...]))
            for name in Self.columns {
                let got = try #require(table[name]?.numbers)[number]
                var difference = got - expected[name]!
                // Longitudes count for what they are on the sky.
                if name == "ephRa" { difference = difference.remainder(dividingBy: 360) * cos(expected["ephDec"]! * .pi / 180) }
                if name == "eclLambda" { difference = difference.remainder(dividingBy: 360) * cos(expected["eclBeta"]! * .pi / 180) }
                if name == "galLon" { difference = difference.remainder(dividingBy: 360) * cos(expected["galLat"]! * .pi / 180) }
                // A time as one number is good to 1e-11 days, in which bodies near the Earth move by microseconds of arc.
                let moved = name.hasPrefix("ephOffset") ? 1e-11 * expected["ephRate"]! * 3600 : 0
                #expect(
                    abs(difference) < 1e-6 * Self.scale(name, expected) + moved, "row \(number), \(name): \(got), not \(expected[name]!)")
            }
        }
    }

    static func prediction(ra: Double, dec: Double, raRate: Double = 0.1, decRate: Double = 0.05) throws -> Prediction {
        let rubin = Observatory(code: "X05", name: "Rubin", longitude: 289.25058, rhoCosPhi: 0.864981, rhoSinPhi: -0.500958)
        let state = StateVector(position: SIMD3(2, 0.5, 0.2), velocity: SIMD3(0, 0.011, 0.001), epoch: 60_000)
        let ephemeris = Ephemeris(planets: try EphemerisFiles.planets())
        var seen = try ephemeris.predict(state, at: Moment(tai: 60_000), from: rubin)
        (seen.ra, seen.dec, seen.raRate, seen.decRate) = (ra, dec, raRate, decRate)
        return seen
    }

    @Test("an offset over RA 0 or over a pole is as small as elsewhere, and its parts make up the whole")
    func wrap() {
        let rows: [(Double, Double, Double, Double, Double)] = [
            (0.0001, 0.0, 359.9999, 0.0, 0.72), (359.9999, 60.0, 0.0001, 60.0, 0.36), (10.0, 89.9999, 190.0, 89.9999, 0.72),
            (350.0, -89.9999, 170.0, -89.9998, 1.08), (50.0, 20.0, 50.0, 20.0, 0.0),
        ]
        for (ra, dec, otherRa, otherDec, total) in rows {
            let offset = SkyOffset(observedRa: ra, observedDec: dec, predictedRa: otherRa, predictedDec: otherDec)
            #expect(abs(offset.total - total) < 1e-8)
            #expect(abs(hypot(offset.east, offset.north) - offset.total) < 1e-12)
        }
        #expect(SkyOffset(observedRa: 0.0001, observedDec: 0, predictedRa: 359.9999, predictedDec: 0).east > 0)
    }

    @Test("offsets along and across the track are those of east and north, turned, and there are none where nothing moves")
    func tracks() throws {
        let offset = SkyOffset(observedRa: 10.0003, observedDec: 5.0001, predictedRa: 10, predictedDec: 5)
        let east = try #require(offset.tracks(raRate: 3, decRate: 0))
        #expect(abs(east.along - offset.east) < 1e-12 && abs(east.cross - offset.north) < 1e-12)
        let north = try #require(offset.tracks(raRate: 0, decRate: 3))
        #expect(abs(north.along - offset.north) < 1e-12 && abs(north.cross + offset.east) < 1e-12)
        let turned = try #require(offset.tracks(raRate: -0.3, decRate: 0.7))
        #expect(abs(hypot(turned.along, turned.cross) - offset.total) < 1e-12)
        #expect(offset.tracks(raRate: 0, decRate: 0) == nil)
    }

    @Test("what is not known is null, and nothing else is", .enabled(if: EphemerisFiles.hasPlanets, "needs DE440"))
    func nulls() throws {
        let known = MatchedSource(
            diaSourceId: 1, ssObjectId: 2, designation: "2006 TK6", ra: 10, dec: 5, prediction: try Self.prediction(ra: 10, dec: 5), h: 16,
            distanceRank: 2)
        let unknown = MatchedSource(
            diaSourceId: 3, ssObjectId: 4, designation: nil, ra: 10, dec: 5,
            prediction: try Self.prediction(ra: 10, dec: 5, raRate: 0, decRate: 0))
        let table = SSSourceRows.table([known, unknown])
        #expect(table.columns.allSatisfy { !$0.isNull(0) })
        #expect(
            Set(table.columns.filter { $0.isNull(1) }.map(\.name))
                == ["designation", "ephVmag", "ephOffsetAlongTrack", "ephOffsetCrossTrack", "diaDistanceRank"])
        #expect(table["diaDistanceRank"]?.int16s == [2, 0])
        #expect(table["designation"]?.strings?[0] == "2006 TK6")
    }

    @Test("the columns are the schema document's, in its order, types and units", .enabled(if: SSSchema.isAvailable, "\(SSSchema.missing)"))
    func schema() throws {
        #expect(SSSchema.described(SSSourceRows.table([])) == (try SSSchema.columns(of: "SSSource")))
    }
}
