import Catalog
import Columns
import Foundation
import Glibc
import Postgres
import Ppdb
import TestSupport
import Testing

@Suite("An export that is killed", .serialized) struct ExportFaultTests {
    private func settings(_ fixture: PpdbFixture) throws -> String {
        let path = fixture.directory + "/small.yaml"
        try "chunkRows: 20\n".write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test(
        "killed at random moments while visits and updates go on, and run again, it ends with everything once",
        .enabled(if: BuiltProgram.url != nil, "needs the program skyledger beside the tests"))
    func exporter() throws {
        let fixture = try PpdbFixture(visits: 10)
        let settings = try settings(fixture)
        try fixture.load(4)
        var generator = SeededGenerator(state: 11)
        for kill in 0..<BuiltProgram.kills(12) {
            let process = try BuiltProgram.start(["ppdb", "export", "--follow", "--settings", settings], instance: fixture.directory)
            if kill % 3 == 0 { try fixture.load(1) }
            if kill % 4 == 1 { try fixture.update(round: kill) }
            usleep(UInt32.random(in: 20_000...900_000, using: &generator))
            Glibc.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try fixture.export()
        try fixture.requireEqual()
        let report = try fixture.verify()
        #expect(report.faults == [] && report.verified == report.chunks)
    }

    @Test("the server killed at random moments of exports: what is repeated afterwards ends with everything once")
    func server() throws {
        let fixture = try PpdbFixture(visits: 8)
        var generator = SeededGenerator(state: 12)
        for round in 0..<4 {
            try fixture.load(2)
            let instance = fixture.instance
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                // It fails with the server, unless it was faster.
                if let ppdb = try? Ppdb(instance: instance, location: .read(PpdbLocation.defaultConsumer, of: instance)) {
                    _ = try? Exporter(ppdb, settings: PpdbFixture.settings).run()
                }
                done.signal()
            }
            usleep(UInt32.random(in: 0...400_000, using: &generator))
            try instance.cluster!.stop(.immediate)
            done.wait()
            try instance.cluster!.start()
            if round % 2 == 1 { try fixture.update(round: round) }
        }
        try fixture.export()
        try fixture.requireEqual()
        #expect(try fixture.verify().faults == [])
    }

    @Test(
        "with --follow a row is in the PPDB soon after its commit, and Ctrl-C ends the follower with 130",
        .enabled(if: BuiltProgram.url != nil, "needs the program skyledger beside the tests"))
    func follow() throws {
        let fixture = try PpdbFixture()
        let process = try BuiltProgram.start(["ppdb", "export", "--follow"], instance: fixture.directory)
        try fixture.load(2)
        let wanted = try #require(try fixture.instance.connect(as: .reader).int64("SELECT max(\"change\") FROM skyledger.\"Change\""))
        let ppdb = try fixture.ppdb()
        let deadline = Date(timeIntervalSinceNow: 60)
        while try ppdb.cursor().lastChange < wanted, Date() < deadline { usleep(50_000) }
        #expect(try ppdb.cursor().lastChange == wanted)
        Glibc.kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationStatus == 130)
        try fixture.requireEqual()
    }
}
