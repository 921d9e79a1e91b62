import Columns
import Foundation
import SolarSystem
import Sphere
import TestSupport
import Testing

@Suite("Commands of the solar system", .serialized) struct SolarSystemTests {
    static let rubin = Observatory(code: "X05", name: "Rubin", longitude: 289.25058, rhoCosPhi: 0.864981, rhoSinPhi: -0.500958)

    @Test(
        "a prepared night tells of all objects where the integrator finds them from their elements, to a milliarcsecond",
        .enabled(if: RealOrbit.isThere, "needs DE440 and the shared data: set SKYLEDGER_DEPS and SKYLEDGER_DATA"))
    func inVisit() throws {
        let sky = try OrbitInstance()
        let orbits = try RealOrbit.all()
        let loaded = try sky.run("solarsystem", "load", try sky.file(RealOrbit.csv(orbits), "orbits.csv"), "--format", "json")
        #expect(loaded.status == 0 && loaded.output.contains("\"new\":19"), "\(loaded.errors)")
        let ephemeris = Ephemeris(planets: try Planets(path: PackageFolder.planetsPath!))
        // From elements, then from the states of the night before, then back in time.
        for (night, source) in [(57_664.2, "\"begun\":19"), (57_665.3, "\"advanced\":19"), (57_500.1, "\"advanced\":19")] {
            let prepared = try sky.run("solarsystem", "prepare", "--night", "\(night)", "--format", "json")
            #expect(prepared.status == 0 && prepared.output.contains(source), "\(prepared.output)\(prepared.errors)")
            let seen = try sky.rows(
                "solarsystem", "in-visit", "--ra", "0", "--dec", "0", "--radius-arcsec", "648000", "--mjd-utc", "\(night)")
            #expect(seen.rowCount == 19)
            let names = try #require(seen["designation"]?.strings)
            let moment = try Moment(utc: night)
            var compared = 0
            for row in 0..<seen.rowCount {
                let orbit = try #require(orbits.first { $0.designation == names[row] }).orbit
                // Over longer spans approaches to planets multiply the smallest differences.
                guard abs(orbit.epoch - night) < 600 else { continue }
                let expected = try ephemeris.predict(orbit.state(), at: moment, from: Self.rubin)
                let place = try UnitVector(ra: seen["ra"]!.doubles![row], dec: seen["dec"]!.doubles![row])
                let offset = try place.separation(to: UnitVector(ra: expected.ra, dec: expected.dec)) * 180 / .pi * 3600
                #expect(offset < 1e-3, "\(names[row])")
                #expect(abs(seen["topoRange"]!.doubles![row] - expected.range) < 1e-8)
                #expect(abs(seen["ephVmag"]!.doubles![row] - expected.visualMagnitude(h: 15)) < 1e-6)
                compared += 1
            }
            #expect(compared >= 8)
            // A pointing at one of them tells of it, and one beside it does not.
            let (ra, dec) = (seen["ra"]!.doubles![3], seen["dec"]!.doubles![3])
            let there = try sky.rows(
                "solarsystem", "in-visit", "--ra", "\(ra)", "--dec", "\(dec)", "--radius-arcsec", "60", "--mjd-utc", "\(night)")
            #expect(there["designation"]?.strings.map { $0[0] } == names[3])
            let beside = try sky.rows(
                "solarsystem", "in-visit", "--ra", "\(ra)", "--dec", "\(dec > 0 ? dec - 0.1 : dec + 0.1)", "--radius-arcsec", "60",
                "--mjd-utc", "\(night)")
            #expect(beside["designation"]?.strings.map { names in (0..<names.count).map { names[$0] } }?.contains(names[3]) == false)
        }
        let stale = try sky.run(
            "solarsystem", "in-visit", "--ra", "0", "--dec", "0", "--radius-arcsec", "60", "--mjd-utc", "58000.2")
        #expect(stale.status == 2 && stale.errors.contains("solarsystem prepare"), "\(stale.errors)")
    }

    @Test(
        "a stored visit-detector is asked for by its name, in its own region and at its own time",
        .enabled(if: RealOrbit.isThere, "needs DE440 and the shared data: set SKYLEDGER_DEPS and SKYLEDGER_DATA"))
    func storedVisit() throws {
        let sky = try LoadedInstance(count: 1)
        let path = sky.folder + "/orbits.csv"
        try RealOrbit.csv(RealOrbit.all()).write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try sky.run("solarsystem", "load", path).status == 0)
        let text = try sky.run("sql", "SELECT \"midpointMjdTai\" FROM \"VisitDetector\" WHERE \"detector\" = 0", "--format", "csv").output
        let midpoint = try #require(text.split(separator: "\n").last.flatMap { Double($0) })
        let moment = try Moment(tai: midpoint)
        #expect(try sky.run("solarsystem", "prepare", "--night", "\(moment.utc)").status == 0)
        func lines(_ arguments: String...) throws -> [Substring] {
            let outcome = try Program.run(["solarsystem", "in-visit", "--format", "csv", "--instance", sky.directory] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.output.split(separator: "\n")
        }
        let all = try lines("--visit", "100000", "--detector", "0", "--margin-arcsec", "648000")
        #expect(all.count == 20)
        #expect(
            try all == lines("--ra", "10", "--dec", "-10", "--radius-arcsec", "648000", "--mjd-utc", "\(moment.utc)"))
        #expect(try lines("--visit", "100000", "--detector", "0").count < 20)
        let unknown = try sky.run("solarsystem", "in-visit", "--visit", "7", "--detector", "0")
        #expect(unknown.status == 2 && unknown.errors.contains("visit 7 detector 0 is not stored"))
    }

    @Test("requests that cannot be met end with 2 and one sentence")
    func refused() throws {
        let sky = try OrbitInstance()
        let good = "2020 AB,1,0.5,1,2,3,61000,61000\n"
        let bad = try sky.file("designation,q,e,i,node,argperi,peri_time,epoch_mjd\n\(good)2021 CD,0,0.5,1,2,3,61000,61000\n", "bad.csv")
        let requests: [([String], String)] = [
            (["load", bad], "row 2"), (["load", sky.folder + "/none"], "no such file"),
            (["prepare", "--night", "61000", "--observatory", "ZZZ"], "ZZZ"),
        ]
        for (request, word) in requests {
            let outcome = try Program.run(["solarsystem"] + request + ["--instance", sky.directory])
            #expect(outcome.status == 2, "\(request): \(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.errors.contains(word), "\(request): \(outcome.errors)")
        }
        for request in [["load"], ["prepare"], ["in-visit", "--ra", "1"], ["in-visit", "--visit", "1", "--mjd-utc", "61000"]] {
            #expect(try Program.run(["solarsystem"] + request + ["--instance", sky.directory]).status == 2)
        }
    }

    @Test("a refresh that is killed at any moment leaves the old catalog or the new one")
    func killed() throws {
        let sky = try OrbitInstance()
        // Each version has its number in H, and a count of its own.
        func version(_ number: Int) throws -> String {
            let count = 20_000 + number * 10
            let rows = try (0..<count).map { row in
                let name = try ProvisionalDesignation(
                    year: 2030 + row / 15_000, halfMonth: "A", letter: Array("ABCDEFGHJKLMNOPQRSTUVWXYZ")[row % 25],
                    cycle: row % 15_000 / 25
                ).unpacked
                return "\(name),\(1 + Double(row) / 20_000),0.25,1,2,3,61000,61000,\(number)\n"
            }
            return try sky.file("designation,q,e,i,node,argperi,peri_time,epoch_mjd,h\n" + rows.joined(), "v\(number).csv")
        }
        let files = try [1, 2].map(version)
        #expect(try sky.run("solarsystem", "load", files[0], "--complete").status == 0)
        var chance = SystemRandomNumberGenerator()
        for attempt in 0..<8 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Program.path)
            process.arguments = ["solarsystem", "load", files[(attempt + 1) % 2], "--complete", "--instance", sky.directory]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(UInt32.random(in: 50_000...1_500_000, using: &chance))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let state = try sky.rows(
                "sql",
                """
                SELECT count(*) AS n, min("h") AS low, max("h") AS high, (SELECT count(*) FROM "SSObject" AS o
                    WHERE EXISTS (SELECT FROM "mpc_orbits" AS m WHERE m."designation" = o."designation")) AS objects,
                    (SELECT "nOrbits"::bigint FROM "OrbitCatalog" ORDER BY "number" DESC LIMIT 1) AS recorded FROM "mpc_orbits"
                """)
            let number = try #require(state["low"]?.doubles?.first)
            #expect(state["high"]?.doubles?.first == number)
            for name in ["n", "objects", "recorded"] { #expect(state[name]?.int64s?.first == 20_000 + Int64(number) * 10, "\(name)") }
        }
    }
}
