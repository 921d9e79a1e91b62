import Foundation
import Postgres
import Testing

@Suite("Settings of a private server") struct ClusterSettingsTests {
    private func inForce(_ server: TestServer) throws -> [String: String] {
        let rows = try server.admin().query("SELECT name, current_setting(name) AS value FROM pg_settings")
        guard let names = rows["name"]?.strings, let values = rows["value"]?.strings else { return [:] }
        return Dictionary(uniqueKeysWithValues: (0..<names.count).map { (names[$0].lowercased(), values[$0]) })
    }

    @Test("every setting that SkyLedger writes is in force, until somebody changes one in postgresql.conf")
    func inForce() throws {
        let server = try TestServer()
        let data = server.directory + "/data"
        let file = try String(contentsOfFile: data + "/skyledger.conf", encoding: .utf8)
        let found = try inForce(server)
        var compared = 0
        for line in file.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            let wanted = parts[1].trimmingCharacters(in: ["'"])
            let value = found[parts[0]] ?? ""
            let same = value == wanted || (Self.megabytes(value) != nil && Self.megabytes(value) == Self.megabytes(wanted))
            #expect(same, "\(parts[0]) is \(value), and \(wanted) was asked for")
            compared += 1
        }
        #expect(compared > 15)

        let conf = try String(contentsOfFile: data + "/postgresql.conf", encoding: .utf8)
        try (conf + "\nmax_connections = 77\t\t# ours\n").write(toFile: data + "/postgresql.conf", atomically: false, encoding: .utf8)
        try server.cluster.stop()
        try server.cluster.start()
        #expect(try inForce(server)["max_connections"] == "77")
    }

    /// A size in megabytes, whatever its unit.
    private static func megabytes(_ text: String) -> Double? {
        for (unit, size) in [("TB", 1024.0 * 1024), ("GB", 1024.0), ("MB", 1.0), ("kB", 1.0 / 1024)] where text.hasSuffix(unit) {
            return Double(text.dropLast(2)).map { $0 * size }
        }
        return nil
    }
}
