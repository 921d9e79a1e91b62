import Foundation
import SolarSystem
import TestSupport
import Testing

@Suite("Distances between orbits")
struct EncounterTests {
    static func orbit(_ v: some Collection<Double>) -> Orbit {
        let v = Array(v)
        return Orbit(q: v[0], e: v[1], inclination: v[2], node: v[3], argumentOfPerihelion: v[4], perihelionTime: 0, epoch: 0)
    }

    @Test(
        "500 pairs of orbits of every kind are as near as a brute search by numpy and scipy finds them",
        .enabled(if: PackageFolder.hasPython, "needs numpy and scipy: run tools/bootstrap, or set SKYLEDGER_DEPS"))
    func bruteForce() throws {
        let words = try GoldenScript.doubles(of: "moid.py", seed: 5)
        #expect(words.count == 500 * 13)
        for row in 0..<words.count / 13 {
            let w = Array(words[(13 * row)..<(13 * row + 13)])
            let moid = MOID(of: Self.orbit(w[0..<5]), with: Self.orbit(w[5..<10]))
            #expect(abs(moid.distance - w[10]) < 1e-8, "pair \(row): \(moid.distance) against \(w[10])")
        }
    }

    @Test("the distance does not depend on which orbit is named first")
    func symmetric() {
        var random = SeededGenerator(state: 3)
        for _ in 0..<300 {
            let orbits = (0..<2).map { _ in random.orbit() }
            let (there, back) = (MOID(of: orbits[0], with: orbits[1]), MOID(of: orbits[1], with: orbits[0]))
            #expect(abs(there.distance - back.distance) < 1e-10)
            #expect(abs(there.relativeSpeed - back.relativeSpeed) < 1e-4 * there.relativeSpeed + 1e-6)
        }
    }

    @Test("turning both orbits about the ecliptic's pole leaves the distance and moves the longitude along")
    func turned() {
        var random = SeededGenerator(state: 4)
        for _ in 0..<100 {
            var (first, second) = (random.orbit(), random.orbit())
            let before = MOID(of: first, with: second)
            first.node += 40
            second.node += 40
            let after = MOID(of: first, with: second)
            #expect(abs(before.distance - after.distance) < 1e-10)
            #expect(abs((after.eclipticLongitude - before.eclipticLongitude - 40).remainder(dividingBy: 360)) < 1e-3)
        }
    }

    @Test("coplanar circles are as far apart as their radii differ, and a body on a wider circle is slower by Kepler's law")
    func circles() {
        let moid = MOID(of: Self.orbit([1.5, 0, 0, 0, 0]), with: Self.orbit([1, 0, 0, 0, 0]))
        #expect(abs(moid.distance - 0.5) < 1e-12)
        #expect(abs(moid.relativeSpeed - 29.784692 * (1 - 1 / 1.5.squareRoot())) < 1e-5)
    }

    @Test("orbits that cross at a node are at no distance there")
    func crossing() {
        let moid = MOID(of: Self.orbit([0.5, 1, 60, 30, 90]), with: Self.orbit([1, 0, 0, 0, 0]))
        #expect(moid.distance < 1e-9)
        #expect(min(abs(moid.eclipticLongitude - 30), abs(moid.eclipticLongitude - 210)) < 1e-6)
        #expect(abs(abs((moid.trueAnomaly).remainder(dividingBy: 360)) - 90) < 1e-6)
    }

    /// Elements and MOID that JPL's Horizons prints in the headers of its answers (stored copies of 2017 to 2026).
    static let horizons: [(name: String, mjd: Double, q: Double, e: Double, i: Double, node: Double, w: Double, moid: Double)] = [
        (
            "99942 Apophis", 59215, 0.7458270479403062, 0.1915216892529348, 3.336751319526047, 204.0389271089114, 126.6520518833791,
            0.0003822
        ),
        (
            "101955 Bennu", 55562, 0.8968944004459729, 0.2037450762416414, 6.0349437702479403, 2.060866195696420, 66.22306084084298,
            0.0032228
        ),
        (
            "162173 Ryugu", 55907, 0.9633081094119196, 0.1902257533711703, 5.883742390778817, 251.6197109778495, 211.4258497031505,
            0.00063831
        ),
        (
            "138971 (2001 CB21)", 57363, 0.6895509912547499, 0.3334988177434229, 7.902160517170013, 353.767992962339, 271.7463480108481,
            0.0242347
        ),
        ("2020 CD3", 58914, 0.9863971818171792, 0.03494529757096312, 0.7388576324362984, 134.7432090092998, 342.2597100247675, 0.00224417),
        ("1 Ceres", 58849, 2.556401146697176, 0.07687465013145245, 10.59127767086216, 80.3011901917491, 73.80896808746482, 1.59231997),
        (
            "1 Ceres, earlier", 54061, 2.544823927206557, 0.07985681703215082, 10.58670363476912, 80.40822338295483, 73.18422155550952,
            1.57983994
        ),
        ("219 Thusnelda", 57820, 1.82916801666522, 0.2229437159453697, 10.86291081349573, 200.8226173837541, 142.7882753171094, 0.83591199),
        ("2865 Laurel", 58359, 2.381548357666091, 0.07019375927807329, 14.29225894747608, 321.7746687674003, 293.5453340658181, 1.40319002),
        (
            "54321 (2000 JA81)", 56698, 1.938411174247326, 0.2508846058943067, 6.76912753748867, 91.32740861093403, 91.37096816741918,
            0.95572901
        ),
        ("1P/Halley", 49400, 0.5859781115169086, 0.9671429084623044, 162.2626905791606, 58.42008097656843, 111.3324851045177, 0.0637815),
        ("67P", 57305, 1.243265641416762, 0.6409081306555051, 7.040294906760007, 50.13557380441372, 12.79824973415729, 0.25693199),
        ("103P", 60145, 1.064091671684831, 0.6938063720725233, 13.61020319425178, 219.750657077732, 181.3014283949065, 0.0710869),
        ("132P", 59491, 1.691774595818599, 0.5646962951942371, 5.382515463131783, 173.9965710751069, 216.3455154483562, 0.69996899),
        ("87P", 57467, 2.101174815284378, 0.3893476920698341, 2.6023944932398, 181.8898060895848, 24.75638615410691, 1.09780002),
        ("51P-D", 58624, 1.697254316817907, 0.542449283991264, 5.425130539472045, 83.68268363141401, 269.2318496152992, 0.70341003),
        (
            "C/2012 S1 (hyperbolic)", 56388, 0.01247623700403888, 1.000004876624184, 62.0853836396048, 295.6990330916964, 345.533055118787,
            0.0231545
        ),
    ]

    @Test("the distances that JPL publishes for asteroids and comets come out to 1e-4 au", arguments: horizons)
    func published(row: (name: String, mjd: Double, q: Double, e: Double, i: Double, node: Double, w: Double, moid: Double)) {
        let moid = MOID(of: Self.orbit([row.q, row.e, row.i, row.node, row.w]), with: EarthOrbit.osculating(at: row.mjd))
        #expect(abs(moid.distance - row.moid) < 1e-4, "\(row.name): \(moid.distance) against \(row.moid)")
    }

    @Test(
        "Jupiter's own parameter is 3, and JPL's parameters of known bodies come out to 0.002",
        arguments: [
            ("Jupiter", [5.2044, 0, 0, 0, 0], 3.0), ("Ceres", [2.5564011, 0.07687465, 10.5912777, 0, 0], 3.310),
            ("67P", [1.24326564, 0.64090813, 7.0402949, 0, 0], 2.746), ("Halley", [0.58597811, 0.96714291, 162.2626906, 0, 0], -0.605),
        ])
    func tisserand(name: String, elements: [Double], expected: Double) {
        #expect(abs(Tisserand.jupiter(Self.orbit(elements)) - expected) < 0.002)
    }
}

extension SeededGenerator {
    /// An orbit of any kind.
    mutating func orbit() -> Orbit {
        Orbit(
            q: .random(in: 0.2...3, using: &self), e: .random(in: 0...1.3, using: &self), inclination: .random(in: 0...180, using: &self),
            node: .random(in: 0...360, using: &self), argumentOfPerihelion: .random(in: 0...360, using: &self), perihelionTime: 0, epoch: 0)
    }
}
