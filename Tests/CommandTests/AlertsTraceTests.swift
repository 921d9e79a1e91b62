import Foundation
import Testing

import Alerts

@Suite("What became of an alert", .serialized) struct AlertsTraceTests {
    /// Sources of the survey with an object, as csv rows.
    private func sources(_ sky: AlertsFixture) throws -> [(source: Int64, object: Int64)] {
        let outcome = try Program.run([
            "sql", "SELECT \"diaSourceId\", \"diaObjectId\" FROM \"DiaSource\" WHERE \"diaObjectId\" IS NOT NULL ORDER BY 1 LIMIT 40",
            "--format", "csv", "--instance", sky.directory,
        ])
        return try outcome.output.split(separator: "\n").dropFirst().map { line in
            let parts = line.split(separator: ",").map { Int64($0) }
            return (try #require(parts[0]), try #require(parts[1]))
        }
    }

    @Test("a source is as issued, then reassigned, then withdrawn, and one that retention took is gone")
    func states() throws {
        let sky = try AlertsFixture()
        let visits = sky.folder + "/visits"
        try #require(
            Program.run(["simulate", visits, "--visits", "2", "--sources", "60", "--ra", "150", "--dec", "-30"]).status == 0)
        try #require(Program.run(["load", visits, "--instance", sky.directory]).status == 0)
        let rows = try sources(sky)
        let first = rows[0]
        let other = try #require(rows.first { $0.object != first.object })
        try sky.issue(
            visit: 900_000, at: [(150, -30), (150, -30), (150, -30)], diaSourceIds: [first.source, 77, nil],
            diaObjectIds: [first.object, first.object, nil])
        func trace(_ id: Int64) throws -> [String: Any] {
            let outcome = try sky.run("trace", "\(id)", "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try AlertsFixture.json(outcome.output)
        }
        func update(_ arguments: String...) throws {
            let outcome = try Program.run(["update"] + arguments + ["--cause", "test", "--instance", sky.directory])
            try #require(outcome.status == 0, "\(outcome.errors)")
        }
        let asIssued = try trace(900_000_000)
        #expect(asIssued["state"] as? String == "asIssued")
        #expect((asIssued["diaObject"] as? [String: Any])?["diaObjectId"] as? Int64 == first.object)
        #expect(asIssued["midpointMjdTai"] as? Double == 61360.125)

        try update("reassign", "\(first.source)=\(other.object)")
        let reassigned = try trace(900_000_000)
        #expect(reassigned["state"] as? String == "reassigned")
        #expect((reassigned["diaSource"] as? [String: Any])?["diaObjectId"] as? Int64 == other.object)
        #expect((reassigned["diaObject"] as? [String: Any])?["diaObjectId"] as? Int64 == other.object)
        #expect((reassigned["issuedDiaObject"] as? [String: Any])?["diaObjectId"] as? Int64 == first.object)
        #expect((reassigned["issued"] as? [String: Any])?["diaObjectId"] as? Int64 == first.object)

        try update("withdraw", "\(first.source)")
        let withdrawn = try trace(900_000_000)
        #expect(withdrawn["state"] as? String == "withdrawn")
        let text = try sky.run("trace", "900000000")
        #expect(text.output.contains("the source was withdrawn at MJD TAI"), "\(text.output)")

        let gone = try trace(900_000_001)
        #expect(gone["state"] as? String == "gone" && gone["diaSource"] is NSNull && gone["diaObject"] is NSNull)
        #expect(try trace(900_000_002)["state"] as? String == "noSource")
    }
}
