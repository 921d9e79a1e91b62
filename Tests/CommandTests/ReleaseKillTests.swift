import Columns
import Foundation
import TestSupport
import Testing

/// Steps of a release killed at random moments and repeated.
@Suite("Release: killed", .serialized) struct ReleaseKillTests {
    /// A survey of eight visits, six of them before the cutoff.
    private static let cutoff = "61043"

    /// Runs a command, kills it after a time, and runs it again until one run is left alone.
    private func killed(_ arguments: [String], times: Int, within seconds: Double, _ generator: inout SeededGenerator) throws
        -> Program.Outcome
    {
        for _ in 0..<times {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Program.path)
            process.arguments = arguments
            var environment = ProcessInfo.processInfo.environment
            environment["SKYLEDGER_PROFILE"] = "test"
            environment["SKYLEDGER_DEPS"] = PackageFolder.dependencies.path
            process.environment = environment
            (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
            try process.run()
            usleep(UInt32(Double.random(in: 0.02..<seconds, using: &generator) * 1e6))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        return try Program.run(arguments)
    }

    /// What both generations hold, the times of processing left out.
    private func state(_ instance: LoadedInstance) throws -> String {
        try ["l1_0001", "l1_0002"].map { schema in
            try instance.run(
                "sql",
                """
                SELECT (SELECT md5(string_agg(("visit", "detector", "nDiaSources", "nDiaObjectsNew", "nDiaObjectsUpdated")::text, ',' ORDER BY "visit", "detector"))
                        FROM \(schema)."VisitDetector") AS visits,
                       (SELECT md5(string_agg(("diaSourceId", "diaObjectId", "disposition")::text, ',' ORDER BY "diaSourceId")) FROM \(schema)."DiaSource") AS sources,
                       (SELECT md5(string_agg(("diaObjectId", "ra", "nDiaSources")::text, ',' ORDER BY "diaObjectId", "validityStartMjdTai"))
                        FROM \(schema)."DiaObject") AS objects,
                       (SELECT count(*) FROM skyledger."ReleaseQueue") AS waiting, (SELECT "state" FROM skyledger."Release") AS state
                """, "--format", "csv"
            ).output
        }.joined() + correspondence(instance)
    }

    /// The newest crosswalk's rows, and those of Level 2.
    private func correspondence(_ instance: LoadedInstance) throws -> String {
        try instance.run(
            "sql",
            """
            SELECT (SELECT md5(string_agg(("oldDiaSourceId", "newDiaSourceId")::text, ',' ORDER BY "oldDiaSourceId", "newDiaSourceId"))
                    FROM skyledger."CrosswalkSource" WHERE "crosswalk" = k."crosswalk") AS sources,
                   (SELECT md5(string_agg(("oldDiaObjectId", "newDiaObjectId", "kind")::text, ',' ORDER BY "oldDiaObjectId", "newDiaObjectId"))
                    FROM skyledger."CrosswalkObject" WHERE "crosswalk" = k."crosswalk") AS objects,
                   (SELECT count(*) FROM skyledger."Crosswalk") AS versions,
                   (SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'l2%') AS level2
            FROM (SELECT max("crosswalk") AS "crosswalk" FROM skyledger."Crosswalk") AS k
            """, "--format", "csv"
        ).output
    }

    private static func firstFile(in visits: String) throws -> String {
        let files = try FileManager.default.contentsOfDirectory(atPath: visits).filter { $0.hasPrefix("visit_") }
        return try "\(visits)/\(#require(files.min()))"
    }

    @Test(
        "every step up to the check, and abandon, killed at random moments and repeated, end as those that were left alone",
        arguments: [[], ["--region", "box 149 -31 150 -29"], ["--since", "61041.5"]])
    func kills(piece: [String]) throws {
        var generator = SeededGenerator(state: 20_261_121)
        let (left, struck) = (try LoadedInstance(count: 8), try LoadedInstance(count: 8))
        let steps: [(arguments: (LoadedInstance) throws -> [String], seconds: Double)] = [
            ({ _ in ["begin", "DR1", "--cutoff", Self.cutoff] + piece }, 0.8),
            ({ ["load", "DR1", $0.visits, "--visit-clock"] }, 1.2),
            ({ _ in ["catch-up", "DR1", "--visit-clock"] }, 1.0),
            ({ _ in ["join", "DR1", "--visit-clock"] }, 0.6), ({ _ in ["crosswalk", "DR1"] }, 0.5),
            ({ ["attach-level2", "DR1", "--sources", try Self.firstFile(in: $0.visits)] }, 0.5),
            ({ _ in ["crosswalk", "DR1", "--source-radius-arcsec", "0.9"] }, 0.5), ({ _ in ["crosswalk", "DR1", "--prune"] }, 0.3),
            ({ _ in ["check", "DR1"] }, 0.6),
        ]
        // Reprocessed visits of the first nights only: what they lack the nights bring.
        for instance in [left, struck] { try keepBefore(Double(Self.cutoff)!, in: instance.visits) }
        for (arguments, seconds) in steps {
            let undisturbed = try left.run(["release"] + arguments(left))
            // A check of so small a survey may find that it does not pass; whether it does must not depend on kills.
            #expect(try undisturbed.status == 0 || arguments(left)[0] == "check", Comment(rawValue: undisturbed.errors))
            let outcome = try killed(
                ["release"] + arguments(struck) + ["--instance", struck.directory], times: BuiltProgram.kills(5), within: seconds,
                &generator)
            #expect(outcome.status == undisturbed.status, Comment(rawValue: outcome.errors))
            #expect(try state(struck) == state(left))
        }
        #expect(
            try killed(
                ["release", "abandon", "DR1", "--instance", struck.directory], times: BuiltProgram.kills(5), within: 0.5, &generator
            ).status == 0)
        let schemas = try struck.run("sql", "SELECT count(*) AS n FROM pg_namespace WHERE nspname LIKE '%0002'", "--format", "csv").output
        #expect(schemas == "n\n0\n")
        #expect(try struck.run("doctor").status == 0)
    }

    @Test(
        "a load that carries orbits to its nights, killed at random moments and repeated, ends as one that was left alone",
        .enabled(if: RealOrbit.isThere, "needs the planets' ephemeris and the orbits of the shared data"))
    func orbits() throws {
        var generator = SeededGenerator(state: 20_261_122)
        let (left, struck) = (try LoadedInstance(count: 8), try LoadedInstance(count: 8))
        for instance in [left, struck] {
            let orbits = instance.folder + "/orbits.csv"
            try RealOrbit.csv(RealOrbit.all()).write(toFile: orbits, atomically: true, encoding: .utf8)
            for arguments in [["release", "begin", "DR1", "--cutoff", "70000"], ["solarsystem", "load", orbits, "--release", "DR1"]] {
                try #require(instance.run(arguments).status == 0)
            }
        }
        func load(_ instance: LoadedInstance) -> [String] {
            ["release", "load", "DR1", instance.visits, "--visit-clock", "--instance", instance.directory]
        }
        let undisturbed = try Program.run(load(left))
        #expect(undisturbed.status == 0 && undisturbed.output.contains("orbits carried to"), Comment(rawValue: undisturbed.errors))
        let outcome = try killed(load(struck), times: BuiltProgram.kills(5), within: 1.5, &generator)
        #expect(outcome.status == 0, Comment(rawValue: outcome.errors))
        #expect(try state(struck) == state(left) && known(struck) == known(left))
        #expect(try known(left).contains("matched"))
    }

    /// The states of the release's orbits, and what its visits say of known objects.
    private func known(_ instance: LoadedInstance) throws -> String {
        try instance.run(
            "sql",
            """
            SELECT (SELECT md5(string_agg(s::text, ',' ORDER BY "ssObjectId")) FROM l1_0002."SSObjectState" AS s) AS states,
                   (SELECT string_agg(DISTINCT "solarSystem", ',') FROM l1_0002."VisitDetector") AS answers,
                   (SELECT md5(string_agg(("visit", "detector", "nSSObjects")::text, ',' ORDER BY "visit", "detector"))
                    FROM l1_0002."VisitDetector") AS seen
            """, "--format", "csv"
        ).output
    }

    @Test("a catch-up with updates among the visit-detectors, killed at random moments and repeated, ends as one that was left alone")
    func updates() throws {
        var generator = SeededGenerator(state: 20_261_122)
        let (left, struck) = (try LoadedInstance(count: 6), try LoadedInstance(count: 6))
        for instance in [left, struck] {
            try #require(instance.run("release", "begin", "DR1", "--cutoff", "60000").status == 0)
            let objects = try instance.run(
                "sql", "SELECT \"diaObjectId\" FROM \"DiaObjectLast\" WHERE \"nDiaSources\" > 1 ORDER BY 1 LIMIT 8", "--format", "csv"
            ).output.split(separator: "\n").dropFirst().map(String.init)
            try #require(objects.count == 8)
            for pair in 0..<4 {
                let outcome = try instance.run("update", "merge", "--into", objects[2 * pair], objects[2 * pair + 1], "--cause", "one star")
                try #require(outcome.status == 0, Comment(rawValue: outcome.errors))
                try #require(instance.run("update", "withdraw", objects[2 * pair], "--cause", "satellite").status == 0)
            }
        }
        try #require(left.run("release", "catch-up", "DR1", "--visit-clock").status == 0)
        let outcome = try killed(
            ["release", "catch-up", "DR1", "--visit-clock", "--instance", struck.directory], times: BuiltProgram.kills(8), within: 1.0,
            &generator)
        #expect(outcome.status == 0, Comment(rawValue: outcome.errors))
        func followed(_ instance: LoadedInstance) throws -> String {
            try instance.run(
                "sql",
                """
                SELECT "number", "kind", "state", "reason", "left"::text AS "left",
                       (SELECT count(*) FROM l1_0002."UpdateRecord" AS r WHERE r."operation" = u."repeatedAs") AS records,
                       (SELECT count(*) FROM l1_0002."DiaSource" WHERE "timeWithdrawnMjdTai" IS NOT NULL) AS withdrawn
                FROM skyledger."ReleaseUpdate" AS u ORDER BY 1
                """, "--format", "csv"
            ).output
        }
        #expect(try followed(struck) == followed(left) && state(struck) == state(left))
        #expect(try !followed(struck).contains("waiting") && followed(struck).contains("merge,done"))
        let table = try struck.run("release", "status", "DR1", "--updates", "--format", "json")
        #expect(table.status == 0 && table.output.contains("\"merge\"") && table.output.contains("\"satellite\""))
        #expect(try struck.run("release", "status").output.contains("updatesWaiting"))
        #expect(try struck.run("release", "status", "--updates").status == 2)
        #expect(try struck.run("doctor").status == 0)
    }

    private func keepBefore(_ mjd: Double, in directory: String) throws {
        let table = try ParquetReader(path: directory + "/visits.parquet").read()
        let times = table["mjd"]!.doubles!
        let (kept, gone) = (times.indices.filter { times[$0] <= mjd }, times.indices.filter { times[$0] > mjd })
        try #require(!kept.isEmpty && !gone.isEmpty)
        for visit in Set(gone.map { table["visit"]!.int64s![$0] }) {
            try FileManager.default.removeItem(atPath: "\(directory)/visit_\(visit).parquet")
        }
        try ParquetWriter.write(table.gather(kept), to: directory + "/visits.parquet")
    }
}

extension LoadedInstance {
    func run(_ arguments: [String]) throws -> Program.Outcome { try Program.run(arguments + ["--instance", directory]) }
}
