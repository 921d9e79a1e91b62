import Foundation
import SolarSystem
import Sphere
import TestSupport
import Testing

@Suite("All known bodies at once", .enabled(if: EphemerisFiles.hasPlanets, "needs DE440"))
struct EphemerisBulkTests {
    static let rubin = Observatory(code: "X05", name: "Rubin", longitude: 289.25058, rhoCosPhi: 0.864981, rhoSinPhi: -0.500958)
    static let epoch = 61_000.0

    /// Bodies of the main belt, of orbits near the Sun, of the far belt, and one in ten close by the Earth or by Jupiter.
    static func states(_ count: Int, _ planets: Planets) throws -> [StateVector] {
        var chance = SeededGenerator(state: 11)
        let hosts = try [Body.earth, .jupiter].map { try planets.state(of: $0, at: epoch) }
        let sun = try planets.state(of: .sun, at: epoch)
        return try (0..<count).map { number in
            if number % 10 == 0 {
                let host = hosts[number / 10 % 2]
                let offset = SIMD3<Double>.random(in: -0.03...0.03, using: &chance)
                let drift = SIMD3<Double>.random(in: -0.004...0.004, using: &chance)
                return StateVector(
                    position: host.position - sun.position + offset, velocity: host.velocity - sun.velocity + drift, epoch: epoch)
            }
            let q = [2.0, 0.2, 0.9, 35][number % 4] * Double.random(in: 1...1.4, using: &chance)
            return try Orbit(
                q: q, e: .random(in: 0...0.6, using: &chance), inclination: .random(in: 0...60, using: &chance),
                node: .random(in: 0...360, using: &chance), argumentOfPerihelion: .random(in: 0...360, using: &chance),
                perihelionTime: epoch + .random(in: -500...500, using: &chance), epoch: epoch
            ).state()
        }
    }

    @Test("An advance gives the integrator's states to 2e-10 au, forward and back", arguments: [1.0, -1, 0.3, 90])
    func advance(_ days: Double) throws {
        let planets = try EphemerisFiles.planets()
        let states = try Self.states(300, planets)
        var columns = StateColumns(states, epoch: Self.epoch)
        let report = try BulkPropagator(planets: planets).advance(&columns, to: Self.epoch + days)
        let propagator = Propagator(planets: planets)
        for row in states.indices where !report.lost.contains(row) {
            let expected = try propagator.propagate(states[row], to: [Self.epoch + days])[0]
            let offset = columns[row].position - expected.position
            #expect((offset * offset).sum().squareRoot() < 2e-10, "row \(row)")
        }
        #expect(columns.epoch == Self.epoch + days)
        #expect(report.adaptive > 0)
    }

    @Test("An advance does not depend on the number of threads")
    func threads() throws {
        let planets = try EphemerisFiles.planets()
        let states = StateColumns(try Self.states(301, planets), epoch: Self.epoch)
        let advanced = try [1, 2, 5].map { threads in
            var columns = states
            _ = try BulkPropagator(planets: planets, threads: threads).advance(&columns, to: Self.epoch + 3)
            return columns
        }
        #expect(advanced[0] == advanced[1])
        #expect(advanced[0] == advanced[2])
    }

    @Test("A state that is none is reported lost, and its neighbours are not")
    func lost() throws {
        let planets = try EphemerisFiles.planets()
        var states = try Self.states(9, planets)
        states[3].position.x = .nan
        var columns = StateColumns(states, epoch: Self.epoch)
        #expect(try BulkPropagator(planets: planets).advance(&columns, to: Self.epoch + 1).lost == [3])
        #expect(columns[3].position.x.isNaN)
        #expect(columns[2].position.x.isFinite)
    }

    @Test("A night's index finds what following every body finds, all over the sky and at the poles")
    func index() throws {
        let planets = try EphemerisFiles.planets()
        let ephemeris = Ephemeris(planets: planets)
        var states = try Self.states(800, planets)
        // Two above the Earth's poles, so that circles there are not empty.
        for (row, z) in [(1, 2.0), (2, -2.0)] {
            states[row] = StateVector(position: SIMD3(0.3, 0.4, z), velocity: SIMD3(0.01, 0, 0), epoch: Self.epoch)
        }
        let columns = StateColumns(states, epoch: Self.epoch)
        let (evening, morning) = (try Moment(utc: Self.epoch - 0.3), try Moment(utc: Self.epoch + 0.4))
        let index = try NightIndex(columns, from: evening, to: morning, observatory: Self.rubin, ephemeris: ephemeris)
        var found = 0
        for moment in try [Self.epoch - 0.3, Self.epoch + 0.17, Self.epoch + 0.4].map({ try Moment(utc: $0) }) {
            let observer = try ephemeris.observer(at: moment, Self.rubin)
            let places = try states.map { state in
                var path = try Trajectory(state, planets: planets)
                let seen = try ephemeris.predict(&path, at: moment, observer: observer)
                return try UnitVector(ra: seen.ra, dec: seen.dec)
            }
            let centers = try [(0.0, 0.0), (359.99, -20), (10, 89.5), (200, -89.9), (120, 20), (60, 45)].map {
                try UnitVector(ra: $0.0, dec: $0.1)
            }
            // The coarse positions' errors stay within their bounds.
            for candidate in try index.candidates(near: centers[0], radius: 180, at: moment) {
                let offset = try UnitVector(ra: candidate.ra, dec: candidate.dec).separation(to: places[candidate.row])
                #expect(offset * 180 / .pi * 3600 <= candidate.errorArcsec + 1e-4, "row \(candidate.row)")
            }
            for center in centers + [places[0], places[5], places[10], places[1]] {
                for radius in [0.2, 5, 30] {
                    let expected = places.indices.filter { places[$0].separation(to: center) <= radius * .pi / 180 }
                    #expect(try index.objects(near: center, radius: radius, at: moment).map(\.row) == expected)
                    found += expected.count
                }
            }
        }
        #expect(found > 400)
        #expect(index.fastCount > 0)
    }

    @Test("Bodies without a state are nowhere in a night's index, and change nothing for the others")
    func missing() throws {
        let planets = try EphemerisFiles.planets()
        let states = try Self.states(200, planets)
        let none = StateVector(position: .init(repeating: .nan), velocity: .init(repeating: .nan), epoch: Self.epoch)
        let (evening, morning) = (try Moment(utc: Self.epoch - 0.4), try Moment(utc: Self.epoch + 0.4))
        let moment = try Moment(utc: Self.epoch)
        func rows(_ states: [StateVector]) throws -> [Int] {
            let index = try NightIndex(
                StateColumns(states, epoch: Self.epoch), from: evening, to: morning, observatory: Self.rubin,
                ephemeris: Ephemeris(planets: planets))
            return try index.objects(near: UnitVector(ra: 10, dec: 5), radius: 180, at: moment).map(\.row)
        }
        let whole = try rows(states)
        #expect(whole.count > 150)
        #expect(try rows(states + [none, none]) == whole)
    }

    @Test("A moment outside the night, and a night far from the states' epoch, are refused")
    func refused() throws {
        let ephemeris = Ephemeris(planets: try EphemerisFiles.planets())
        let columns = StateColumns(try Self.states(5, ephemeris.planets), epoch: Self.epoch)
        func night(_ from: Double, _ to: Double) throws -> NightIndex {
            try NightIndex(columns, from: Moment(utc: from), to: Moment(utc: to), observatory: Self.rubin, ephemeris: ephemeris)
        }
        #expect(throws: EphemerisError.self) { try night(Self.epoch + 5, Self.epoch + 5.4) }
        #expect(throws: EphemerisError.self) { try night(Self.epoch + 0.4, Self.epoch) }
        let index = try night(Self.epoch, Self.epoch + 0.4)
        let pole = UnitVector(x: 0, y: 0, z: 1)
        #expect(throws: EphemerisError.self) { try index.candidates(near: pole, radius: 1, at: Moment(utc: Self.epoch + 0.5)) }
    }
}
