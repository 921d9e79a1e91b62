import Foundation
import SolarSystem
import TestSupport
import Testing

@Suite("Orbits")
struct OrbitTests {
    /// Eccentricities about the parabola, where formulas in 1 - e lose their digits.
    static let eccentricities = [0, 1e-9, 0.1, 0.7, 0.99, 0.999_999, 1 - 1e-12, 1, 1 + 1e-12, 1.000_001, 1.01, 1.5, 6]

    static func orbits(_ e: Double) -> [Orbit] {
        var chance = SeededGenerator(state: 7)
        return (0..<50).map { _ in
            Orbit(
                q: .random(in: 0.05...5, using: &chance), e: e, inclination: .random(in: 0...180, using: &chance),
                node: .random(in: 0...360, using: &chance), argumentOfPerihelion: .random(in: 0...360, using: &chance),
                perihelionTime: 60_000 + .random(in: -400...400, using: &chance), epoch: 60_000)
        }
    }

    static func distance(_ a: StateVector, _ b: StateVector) -> Double {
        let d = a.position - b.position
        return (d * d).sum().squareRoot()
    }

    @Test("Elements to state to elements gives the same place, at the epoch and 100 days on", arguments: eccentricities)
    func roundTrip(_ e: Double) throws {
        for orbit in Self.orbits(e) {
            let state = try orbit.state()
            let again = try Orbit(state)
            let size = (state.position * state.position).sum().squareRoot()
            #expect(try Self.distance(again.state(), state) < 1e-12 * size, "\(orbit) \(again)")
            #expect(try Self.distance(again.state(twoBodyAt: 60_100), orbit.state(twoBodyAt: 60_100)) < 1e-9 * (1 + size), "\(orbit)")
            #expect(abs(again.q - orbit.q) < 1e-10 * size)
            #expect(abs(again.inclination - orbit.inclination) < 1e-9)
        }
    }

    @Test("Energy and angular momentum are those of the elements all along the conic", arguments: eccentricities)
    func integrals(_ e: Double) throws {
        let mu = Constants.gmSun
        for orbit in Self.orbits(e) {
            for mjd in stride(from: 59_000.0, through: 61_000, by: 250) {
                let state = try orbit.state(twoBodyAt: mjd)
                let (r, v) = (state.position, state.velocity)
                let distance = (r * r).sum().squareRoot()
                let energy = (v * v).sum() / 2 - mu / distance
                #expect(abs(energy + mu * (1 - e) / (2 * orbit.q)) < 1e-11 * mu / min(distance, orbit.q))
                let h = SIMD3(r.y * v.z - r.z * v.y, r.z * v.x - r.x * v.z, r.x * v.y - r.y * v.x)
                let expected = (mu * orbit.q * (1 + e)).squareRoot()
                #expect(abs((h * h).sum().squareRoot() - expected) < 1e-11 * expected)
            }
        }
    }

    @Test("The velocity is the derivative of the position", arguments: eccentricities)
    func derivative(_ e: Double) throws {
        for orbit in Self.orbits(e) where orbit.q > 0.5 {
            let (before, now, after) = (
                try orbit.state(twoBodyAt: 60_049.99), try orbit.state(twoBodyAt: 60_050), try orbit.state(twoBodyAt: 60_050.01)
            )
            let difference = (after.position - before.position) / 0.02 - now.velocity
            #expect((difference * difference).sum().squareRoot() < 1e-8)
        }
    }

    @Test("Keplerian elements come back from the orbit, on ellipses and hyperbolas")
    func kepler() throws {
        for (a, e, m) in [(2.7, 0.1, 100.0), (1.0, 0.9, 359), (30, 0.2, 1), (-1.27, 1.2, 51), (-20, 3, -400)] {
            let orbit = try Orbit(
                semiMajorAxis: a, e: e, inclination: 10, node: 20, argumentOfPerihelion: 30, meanAnomaly: m, epoch: 60_000)
            #expect(abs(orbit.semiMajorAxis - a) < 1e-12 * abs(a))
            #expect(abs(try #require(orbit.meanAnomaly) - m) < 1e-9)
        }
    }

    @Test("Horizons' elements give Horizons' states to 1e-9 au", .enabled(if: PackageFolder.hasData("ephemerides"), "needs data"))
    func horizons() throws {
        for row in try EphemerisFiles.rows("ephemerides/elements.csv") {
            func value(_ name: String) -> Double { Double(row[name]!)! }
            let orbit = Orbit(
                q: value("q"), e: value("e"), inclination: value("incl"), node: value("Omega"), argumentOfPerihelion: value("w"),
                perihelionTime: value("tp_mjd"), epoch: value("mjd_tdb"))
            let given = StateVector(
                eclipticPosition: SIMD3(value("x"), value("y"), value("z")), velocity: SIMD3(value("vx"), value("vy"), value("vz")),
                epoch: value("mjd_tdb"))
            #expect(try Self.distance(orbit.state(), given) < 1e-9, "\(row["targetname"]!)")
        }
    }

    @Test("Impossible elements and states are refused")
    func impossible() {
        let good = Self.orbits(0.5)[0]
        let changes: [(inout Orbit) -> Void] = [
            { $0.q = -1 }, { $0.q = 0 }, { $0.e = -0.1 }, { $0.q = .nan }, { $0.inclination = 181 }, { $0.inclination = -1 },
            { $0.perihelionTime = .infinity }, { $0.node = .nan },
        ]
        for change in changes {
            var bad = good
            change(&bad)
            #expect(throws: EphemerisError.self) { try bad.check() }
        }
        #expect(throws: EphemerisError.self) {
            try Orbit(semiMajorAxis: -2, e: 0.5, inclination: 1, node: 1, argumentOfPerihelion: 1, meanAnomaly: 1, epoch: 60_000)
        }
        #expect(throws: EphemerisError.self) {
            try Orbit(StateVector(position: SIMD3(1, 0, 0), velocity: SIMD3(0.01, 0, 0), epoch: 60_000))
        }
        #expect(throws: EphemerisError.self) { try Orbit(StateVector(position: .zero, velocity: SIMD3(0.01, 0, 0), epoch: 60_000)) }
    }
}
