import Catalog
import Foundation
import Ingest
import SolarSystem
import TestSupport
import Testing

/// A dozen asteroids of the main belt, and a visit of each in every night: the asteroid 0.1 arcsec from where it is predicted, and fixed stars
/// around it.
final class SolarSurvey {
    struct Asteroid {
        var designation: String
        var ssObjectId: Int64
        var orbit: Orbit
        var diaSourceId: Int64
    }

    static let mjdTai = 61041.3
    private(set) var objects: [Asteroid] = []
    /// For each asteroid's source its SSObject.
    private(set) var owners: [Int64: Int64] = [:]
    let file: String
    let orbits: String

    static var isPossible: Bool { PackageFolder.planetsPath != nil }
    static func planets() throws -> Planets { try Planets(path: PackageFolder.planetsPath!) }

    /// - Parameter nights: days after the first night.
    init(nights: [Int] = [0]) throws {
        let ephemeris = Ephemeris(planets: try Self.planets())
        let rubin = try ObservatoryChoice.observatory("X05")
        var sources: [MadeSource] = []
        var lines = [
            "designation,packed_primary_provisional_designation,unpacked_primary_provisional_designation,q,e,i,node,argperi,peri_time,epoch_mjd,h,g,u_param"
        ]
        for i in 0..<12 {
            let number = Double(i)
            let orbit = Orbit(
                q: 2.1 + 0.05 * number, e: 0.05 + 0.01 * number, inclination: 2 + number, node: 29 * number,
                argumentOfPerihelion: 29 * number + 11,
                perihelionTime: 60500 + 41 * number, epoch: 61000)
            let name = try Designation("2031 A\(Character(UnicodeScalar(65 + UInt8(i < 8 ? i : i + 1))))\(i + 1)")
            objects.append(
                Asteroid(designation: name.unpacked, ssObjectId: name.ssObjectId!, orbit: orbit, diaSourceId: Int64(1000 * (i + 1))))
            lines.append(
                "\(name.unpacked),\(name.packed),\(name.unpacked),\(orbit.q),\(orbit.e),\(orbit.inclination),\(orbit.node),\(orbit.argumentOfPerihelion),\(orbit.perihelionTime),\(orbit.epoch),16.5,0.15,0"
            )
            for night in nights {
                let seen = try ephemeris.predict(orbit.state(), at: Moment(tai: Self.mjdTai + Double(night)), from: rubin)
                let id = Int64(100_000 * night + 1000 * (i + 1))
                owners[id] = name.ssObjectId!
                func source(_ offset: Int64, _ ra: Double, _ dec: Double) -> MadeSource {
                    MadeSource(
                        id: id + offset, ra: (seen.ra + ra).truncatingRemainder(dividingBy: 360), dec: seen.dec + dec,
                        visit: Int64(100 * night + i + 1), midpointMjdTai: Self.mjdTai + Double(night))
                }
                sources.append(source(0, 0, 0.1 / 3600))
                // Stars from 5 arcsec to 0.1 degrees.
                for star in 1...20 {
                    sources.append(
                        source(Int64(star), 0.005 * Double(star) * (star % 2 == 0 ? 1 : -1), 5.0 / 3600 * Double(star % 7 - 3) + 0.002))
                }
            }
        }
        file = try MadeSource.write(sources)
        orbits = "/tmp/skyledger-orbits-\(UInt32.random(in: 0 ... .max)).csv"
        try (lines.joined(separator: "\n") + "\n").write(toFile: orbits, atomically: true, encoding: .utf8)
    }

    deinit { for path in [file, orbits] { try? FileManager.default.removeItem(atPath: path) } }

    func loadOrbits(into test: TestInstance, release: String? = nil) throws {
        let outcome = try OrbitLoad(instance: test.instance, release: release).run([orbits], isComplete: true)
        #expect(outcome.new == objects.count)
    }

    func prepare(_ test: TestInstance, release: String? = nil, night: Int = 0) throws {
        let rubin = try ObservatoryChoice.observatory("X05")
        _ = try Preparation(instance: test.instance, planets: Self.planets(), release: release)
            .run(NightSpan(containing: Moment(tai: Self.mjdTai + Double(night)).utc, at: rubin))
    }
}
