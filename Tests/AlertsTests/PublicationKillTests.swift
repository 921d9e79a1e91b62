import Alerts
import Catalog
import Foundation
import Postgres
import Testing

extension LedgerTests {
    @Suite("Publication that is killed") struct PublicationKill {
        typealias Fixture = PublicationFixture

        /// The program that was built with these tests.
        static let program: URL? = {
            guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
            // swift test runs the bundle itself or swiftpm's helper beside the toolchain: the bundle is among the arguments then.
            let candidates = [tests] + CommandLine.arguments
            return candidates.lazy.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("skyledger") }
                .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        }()

        /// Whether it has the command.
        static let hasCommand: Bool = {
            guard let program else { return false }
            return (try? AvroScript.output(of: program.path, ["alerts", "publish", "--help"])) != nil
        }()

        private func start(_ fixture: LedgerFixture, _ settingsPath: String) throws -> Process {
            let process = Process()
            process.executableURL = Self.program
            process.arguments = ["alerts", "publish", "--settings", settingsPath, "--instance", fixture.directory]
            process.environment = ProcessInfo.processInfo.environment.merging(["SKYLEDGER_PROFILE": "test"]) { $1 }
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            return process
        }

        @Test(
            "killed at random moments and run again until it is done, nothing is lost, and what is twice in the topic was told",
            .enabled(if: hasCommand, "needs the program skyledger with its command alerts publish beside the tests"))
        func kills() throws {
            let fixture = try LedgerFixture.fresh()
            // The mock cluster keeps 5 MB of a partition.
            let issued = try Fixture.issue(fixture, visits: 1...40, count: 50, sizeBytes: 1300)
            let cluster = try PublicationCluster()
            cluster.create(Fixture.topic)
            let path = "/tmp/skyledger-publication-\(UInt32.random(in: 0 ... .max)).yaml"
            defer { unlink(path) }
            let settings = Fixture.settings(cluster) { $0.outstandingBytesMax = 1 << 16 }
            // Some milliseconds a piece, so that a kill meets one on its way.
            try "bootstrapServers: \(settings.bootstrapServers)\noutstandingBytesMax: 65536\nlingerMilliseconds: 20\n"
                .write(toFile: path, atomically: true, encoding: .utf8)
            var generator = SeededGenerator(state: 3)
            var kills = 0
            var mayBeTwice = 0
            while try incomplete(fixture) > 0, kills < 8 {
                let process = try start(fixture, path)
                let wanted = try completed(fixture) + Int64.random(in: 1...3, using: &generator)
                let deadline = Date(timeIntervalSinceNow: 30)
                while process.isRunning, try completed(fixture) < wanted, Date() < deadline { usleep(500) }
                usleep(UInt32.random(in: 0...30_000, using: &generator))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                kills += 1
                mayBeTwice += try marked(fixture)
            }
            #expect(kills > 3)
            let summary = try Fixture.publish(fixture, settings)
            #expect(try incomplete(fixture) == 0)
            let found = try cluster.messages(in: Fixture.topic)
            let isComplete = Set(found.map(\.value)) == Set(issued.map(\.packet))
            #expect(isComplete)
            #expect(found.count - issued.count <= mayBeTwice)
            #expect(summary.possiblyRepeated <= mayBeTwice)
            // First appearances are in the order of the chain.
            var seen: Set<String> = []
            let isInOrder = found.map(\.key).filter { seen.insert($0).inserted } == issued.map { "\($0.alert.alertId)" }
            #expect(isInOrder)
        }

        private func completed(_ fixture: LedgerFixture) throws -> Int64 {
            try fixture.connection.int64("SELECT count(*) FROM ledger.\"Publication\" WHERE \"completedAt\" IS NOT NULL") ?? 0
        }

        private func incomplete(_ fixture: LedgerFixture) throws -> Int64 { try fixture.count("Batch") - completed(fixture) }

        /// Alerts that the ledger says may have arrived, now.
        private func marked(_ fixture: LedgerFixture) throws -> Int {
            let text = try fixture.connection.text(
                "SELECT \"lastFailure\" FROM ledger.\"Publication\" WHERE \"completedAt\" IS NULL AND \"lastFailure\" IS NOT NULL")
            guard let match = text?.firstMatch(of: /^places (\d+) to (\d+) may/), let first = Int(match.1), let last = Int(match.2) else {
                return 0
            }
            return last - first + 1
        }
    }
}
