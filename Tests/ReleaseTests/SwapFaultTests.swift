import Catalog
import Foundation
import Glibc
import Postgres
import Ppdb
import Release
import TestSupport
import Testing

@Suite("Swaps that are killed", .serialized, .enabled(if: BuiltProgram.url != nil, "needs the program skyledger beside the tests"))
struct SwapFaultTests {
    private static let kills = BuiltProgram.kills(3)

    /// Starts the command, kills it after a random time, and runs it to its end.
    private func killed(_ arguments: [String], _ fixture: SwapFixture, within microseconds: UInt32, _ generator: inout SeededGenerator)
        throws
        -> (status: Int32, output: String)
    {
        let process = try BuiltProgram.start(arguments, instance: fixture.directory)
        usleep(UInt32.random(in: 0...microseconds, using: &generator))
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return try BuiltProgram.run(arguments, instance: fixture.directory)
    }

    @Test("publish and rollback, killed at random moments and repeated, come to the same end, and so does the PPDB")
    func swaps() throws {
        let fixture = try SwapFixture(visits: 2, makesPpdb: true, issuesAlerts: true)
        try fixture.begin()
        try fixture.export()
        let before = try fixture.ledger()
        var generator = SeededGenerator(state: 21)
        for round in 0..<Self.kills {
            try fixture.join()
            try fixture.report()
            let published = try killed(["release", "publish", SwapFixture.release], fixture, within: 150_000, &generator)
            #expect(published.status == 0 || published.output.contains("published already"), "\(published.output)")
            #expect(try fixture.current() == [2, 2])
            #expect(try fixture.int("SELECT count(*) FROM skyledger.\"ReleaseSwap\"") == Int64(2 * round + 1))
            let exported = try killed(["ppdb", "export"], fixture, within: 200_000, &generator)
            #expect(exported.status == 0, "\(exported.output)")
            #expect(try fixture.ppdb().generation.id == 2)
            let back = try killed(["release", "rollback", SwapFixture.release], fixture, within: 150_000, &generator)
            #expect(back.status == 0 || back.output.contains("taken back"), "\(back.output)")
            #expect(try fixture.current() == [1, 1])
            #expect(try fixture.int("SELECT count(*) FROM skyledger.\"ReleaseSwap\"") == Int64(2 * round + 2))
            _ = try killed(["ppdb", "export"], fixture, within: 200_000, &generator)
            #expect(try fixture.ppdb().generation.id == 1)
        }
        let after = try fixture.ledger()
        #expect(after.isSound && after.newest == before.newest)
        try fixture.requirePpdbEqual([(1, ""), (2, "_0002")])
    }

    @Test("retire, killed at random moments and repeated, removes all of the former generation and nothing else")
    func retire() throws {
        let fixture = try SwapFixture(visits: 2, makesPpdb: true, issuesAlerts: true)
        try fixture.makeReady()
        try fixture.export()
        _ = try Publication(fixture.instance).run(SwapFixture.release)
        try fixture.export()
        _ = try CrosswalkMaking(instance: fixture.instance, release: SwapFixture.release).run { _ in true }
        _ = try Verification(fixture.ppdb()).run()
        let before = try fixture.ledger()
        var generator = SeededGenerator(state: 22)
        for _ in 0..<Self.kills {
            let process = try BuiltProgram.start(["release", "retire", SwapFixture.release, "--now"], instance: fixture.directory)
            usleep(UInt32.random(in: 50_000...200_000, using: &generator))
            Glibc.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(try fixture.ledger().isSound)
        }
        let done = try BuiltProgram.run(["release", "retire", SwapFixture.release, "--now"], instance: fixture.directory)
        #expect(done.status == 0, "\(done.output)")
        #expect(try fixture.int("SELECT count(*) FROM pg_namespace WHERE nspname IN ('l1_0001', 'apdb_0001')") == 0)
        #expect(try fixture.int("SELECT count(*) FROM skyledger.\"ReleaseStep\" WHERE \"step\" = 'retire'") == 1)
        #expect(try fixture.record().state == .retired)
        #expect(try fixture.current() == [2, 2])
        let after = try fixture.ledger()
        #expect(after.isSound && after.newest == before.newest)
        // The PPDB goes on with what lives, and keeps its copy of what does not.
        try fixture.export()
        #expect(try Verification(fixture.ppdb()).run()?.faults == [])
        #expect(try fixture.ppdb().connection.int64("SELECT count(*) FROM ppdb_0001.\"DiaSource\"") ?? 0 > 0)
    }
}
