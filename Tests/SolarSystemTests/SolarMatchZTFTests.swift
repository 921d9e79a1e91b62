import Association
import Columns
import Foundation
import SolarSystem
import Sphere
import TestSupport
import Testing

@Suite(
    "Asteroids that ZTF saw",
    .enabled(if: EphemerisFiles.hasPlanets && PackageFolder.hasData("sso-ztf-finkfat"), "needs DE440 and data"))
struct SolarMatchZTFTests {
    static let ztf = Observatory(code: "I41", name: "ZTF", longitude: 243.14022, rhoCosPhi: 0.836325, rhoSinPhi: 0.546877)

    struct Detection {
        var number: Int
        /// Middle of the 30 s exposure, MJD UTC.
        var mjd: Double
        var ra: Double
        var dec: Double
        var night: Int { Int((mjd + 0.2).rounded(.down)) }
    }

    static func detections() throws -> [Detection] {
        let path = PackageFolder.data.appendingPathComponent("sso-ztf-finkfat/mpc_example.parquet").path
        let names = ["i:ssnamenr", "i:jd", "i:ra", "i:dec"]
        let table = try ParquetFile.read(path, columns: names)
        let columns = try names.map { try #require(table[$0]?.numbers) }
        return (0..<table.rowCount).map { row in
            Detection(
                number: Int(columns[0][row]), mjd: columns[1][row] - 2_400_000.5 + 15 / 86_400, ra: columns[2][row], dec: columns[3][row])
        }
    }

    /// The orbits were fitted to every other night. Measured of the 4,235 detections of the other nights: 0.05 arcsec from their own
    /// prediction in the median, 0.59 at worst.
    @Test("All 9,519 detections go to their own asteroids, among all that were seen that night")
    func everyDetection() throws {
        let all = try Self.detections()
        try #require(all.count == 9519)
        let planets = try EphemerisFiles.planets()
        let ephemeris = Ephemeris(planets: planets)
        var paths: [Int: Trajectory] = [:]
        for (number, epoch, s) in SolarMatchZTFOrbits.states {
            let state = StateVector(position: SIMD3(s[0], s[1], s[2]), velocity: SIMD3(s[3], s[4], s[5]), epoch: epoch)
            paths[number] = try Trajectory(state, planets: planets)
        }
        let seen = Dictionary(grouping: all, by: \.night).mapValues { Set($0.map(\.number)).sorted() }
        var wrong = 0
        for (mjd, sources) in Dictionary(grouping: all, by: \.mjd) {
            let moment = try Moment(utc: mjd)
            let observer = try ephemeris.observer(at: moment, Self.ztf)
            let numbers = try #require(seen[sources[0].night])
            let predicted = try numbers.map { try ephemeris.predict(&paths[$0]!, at: moment, observer: observer) }
            let rows = SolarSystemMatch.match(
                sources: Positions(id: sources.indices.map { Int64($0) }, ra: sources.map(\.ra), dec: sources.map(\.dec)),
                predictions: PredictedObjects(
                    id: numbers.map { Int64($0) }, ra: predicted.map(\.ra), dec: predicted.map(\.dec),
                    errorArcsec: numbers.map { _ in PredictionError.floorArcsec }),
                rules: SolarSystemRules())
            wrong += zip(sources, rows).count { source, row in row.map { numbers[$0] } != source.number }
        }
        #expect(wrong == 0, "of \(all.count) detections")
    }
}
