import Columns
import Foundation
import SolarSystem
import TestSupport
import Testing

@Suite("Tables of states and elements")
struct StateTableTests {
    static func table(_ text: String) throws -> StateTable {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("states-\(UUID().uuidString).csv")
        defer { try? FileManager.default.removeItem(at: path) }
        try text.write(to: path, atomically: true, encoding: .utf8)
        let records = try CSVRecords(path: path.path)
        return try StateTable(records.table, path: "orbits.csv", lines: records.records.map(\.line))
    }

    @Test(
        "The states and the elements that Horizons prints for an object are one orbit",
        .enabled(if: PackageFolder.hasData("ephemerides"), "\(EphemerisFiles.missingData)"))
    func horizons() throws {
        let records = try CSVRecords(path: PackageFolder.data.appendingPathComponent("ephemerides/elements.csv").path)
        let both = records.table
        var elements = both
        for name in ["x", "y", "z", "vx", "vy", "vz", "a", "M"] { elements.remove(name) }
        var anomalies = both
        for name in ["x", "y", "z", "vx", "vy", "vz", "q", "tp_mjd"] { anomalies.remove(name) }
        let states = try StateTable(both, path: "")
        try #require(states.entries.count == 19)
        for other in [try StateTable(elements, path: ""), try StateTable(anomalies, path: "")] {
            for (a, b) in zip(states.entries, other.entries) {
                let gap = a.state.position - b.state.position
                #expect((gap * gap).sum().squareRoot() < 1e-6, "\(a.name)")
            }
        }
    }

    static let header = "designation,q,e,i,node,argperi,peri_time,epoch_mjd,h,g\n"

    @Test("Columns of mpc_orbits are known by their names, and what is empty is unknown")
    func names() throws {
        let table = try Self.table(
            Self.header + "2006 TK6,2.6,0.1,3,4,5,60000,60000,16.3,0.15\n\n\"2001 \"\"X\"\"\",2.6,1,3,4,5,60000,60000,,\n")
        #expect(table.entries.map(\.name) == ["2006 TK6", "2001 \"X\""])
        #expect(table.entries.map(\.h) == [16.3, nil] && table.entries.map(\.g) == [0.15, nil])
        #expect(table.place(of: "2006 TK6") == 0 && table.place(of: "2006 TK7") == nil)
    }

    @Test(
        "What is wrong with an orbit names the file and the line",
        arguments: [
            ("a,2.6,-0.1,3,4,5,60000,60000,,", "the eccentricity -0.1 is negative"), ("a,2.6,,3,4,5,60000,60000,,", "e is missing"),
            ("a,2.6,x,3,4,5,60000,60000,,", "e is 'x', which is no number"), (",2.6,0.1,3,4,5,60000,60000,,", "the orbit has no name"),
            ("b,2.6,0.1,3,4,5,60000,60000,,", "the orbit b was there already at 2"),
        ])
    func refused(line: String, reason: String) {
        let error = #expect(throws: OrbitFileError.self) {
            try Self.table(Self.header + "b,2.6,0.1,3,4,5,60000,60000,,\n" + line + "\n")
        }
        #expect(error?.description.hasPrefix("orbits.csv, line 3: ") == true)
        #expect(error?.description.hasSuffix(reason) == true, "\(error?.description ?? "")")
    }
}
