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
        }.joined()
    }

    @Test("begin, load, catch-up, join and abandon killed at random moments and repeated end as those that were left alone do")
    func kills() throws {
        var generator = SeededGenerator(state: 20_261_121)
        let (left, struck) = (try LoadedInstance(count: 8), try LoadedInstance(count: 8))
        let steps: [(arguments: (LoadedInstance) -> [String], seconds: Double)] = [
            ({ _ in ["begin", "DR1", "--cutoff", Self.cutoff] }, 0.8),
            ({ ["load", "DR1", $0.visits, "--visit-clock"] }, 1.2),
            ({ _ in ["catch-up", "DR1", "--visit-clock"] }, 1.0),
            ({ _ in ["join", "DR1", "--visit-clock"] }, 0.6),
        ]
        // Reprocessed visits of the first nights only: what they lack the nights bring.
        for instance in [left, struck] { try keepBefore(Double(Self.cutoff)!, in: instance.visits) }
        for (arguments, seconds) in steps {
            #expect(try left.run(["release"] + arguments(left)).status == 0)
            let outcome = try killed(
                ["release"] + arguments(struck) + ["--instance", struck.directory], times: BuiltProgram.kills(5), within: seconds,
                &generator)
            #expect(outcome.status == 0, Comment(rawValue: outcome.errors))
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
