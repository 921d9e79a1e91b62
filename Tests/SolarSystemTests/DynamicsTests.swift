import Foundation
import SolarSystem
import Sphere
import TestSupport
import Testing

@Suite("Dynamics and the Earth", .enabled(if: EphemerisFiles.hasPython, "needs DE440 and the python of the dependencies"))
struct DynamicsTests {
    @Test("The planets' positions and velocities equal numpy's evaluation of the same file")
    func planets() throws {
        let planets = try EphemerisFiles.planets()
        for row in try EphemerisFiles.golden(["planets", PackageFolder.planetsPath!]) {
            let state = try planets.state(of: Body(rawValue: Int(row[0]))!, at: row[1])
            for axis in 0..<3 {
                #expect(abs(state.position[axis] - row[2 + axis]) < 1e-12)
                #expect(abs(state.velocity[axis] - row[5 + axis]) < 1e-14)
            }
        }
    }

    @Test("A propagated state equals that of scipy's DOP853 with the same forces to 1e-11 au over 400 days")
    func propagation() throws {
        let propagator = Propagator(planets: try EphemerisFiles.planets())
        for row in try EphemerisFiles.golden(["propagation", PackageFolder.planetsPath!]) {
            let state = StateVector(position: SIMD3(row[0], row[1], row[2]), velocity: SIMD3(row[3], row[4], row[5]), epoch: row[6])
            let end = try propagator.propagate(state, to: [row[7]])[0]
            for axis in 0..<3 {
                #expect(abs(end.position[axis] - row[8 + axis]) < 1e-11, "au, at \(state.position)")
                #expect(abs(end.velocity[axis] - row[11 + axis]) < 1e-12, "au/day, at \(state.position)")
            }
        }
    }

    @Test("A place on the Earth is within 25 m and 2 mm/s of astropy's, whose polar motion it leaves out")
    func observatories() throws {
        for row in try EphemerisFiles.golden(["observatories"]) {
            let place = Observatory(code: "XXX", name: "test", longitude: row[1], rhoCosPhi: row[2], rhoSinPhi: row[3])
            let state = place.geocentric(at: try Moment(utc: row[0]))
            for axis in 0..<3 {
                #expect(abs(state.position[axis] - row[4 + axis]) * Constants.auKm < 0.025)
                #expect(abs(state.velocity[axis] - row[7 + axis]) * Constants.auKm / 86_400 < 2e-6)
            }
        }
    }

    @Test("Forward and back again is the same state to 1e-12 au")
    func reversal() throws {
        let propagator = Propagator(planets: try EphemerisFiles.planets())
        let start = StateVector(position: SIMD3(0.9, 0.5, 0.1), velocity: SIMD3(-0.008, 0.014, 0.003), epoch: 60_000)
        let there = try propagator.propagate(start, to: [60_300])[0]
        let back = try propagator.propagate(there, to: [60_000])[0]
        for axis in 0..<3 { #expect(abs(back.position[axis] - start.position[axis]) < 1e-12) }
    }

    @Test("A body that falls into the Sun ends in an error, not in a loop")
    func collision() throws {
        let propagator = Propagator(planets: try EphemerisFiles.planets())
        let falling = StateVector(position: SIMD3(0.5, 0, 0), velocity: SIMD3(-0.001, 0, 0), epoch: 60_000)
        #expect(throws: EphemerisError.self) { try propagator.propagate(falling, to: [60_500]) }
    }

    @Test("Times outside the file are refused with its span")
    func span() throws {
        let propagator = Propagator(planets: try EphemerisFiles.planets())
        let start = StateVector(position: SIMD3(2, 0, 0), velocity: SIMD3(0, 0.012, 0), epoch: 287_100)
        #expect(throws: EphemerisError.self) { try propagator.propagate(start, to: [400_000]) }
    }

    @Test("Files that are no SPK file, or are cut short, are refused")
    func damage() throws {
        let head = try FileHandle(forReadingFrom: URL(fileURLWithPath: PackageFolder.planetsPath!)).read(upToCount: 4096)!
        for bytes in [Data("no ephemeris".utf8), Data(repeating: 0, count: 5000), head] {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("spk-\(UUID().uuidString)")
            try bytes.write(to: path)
            defer { try? FileManager.default.removeItem(at: path) }
            #expect(throws: EphemerisError.self) { try Planets(path: path.path) }
        }
    }
}
