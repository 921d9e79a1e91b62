import Columns
import Foundation
import SolarSystem
import TestSupport
import Testing

/// Files that a test writes for itself.
enum OrbitFiles {
    /// (216173) 2006 TK6 with the elements of its row of `mpc_orbits` in a real Rubin alert, and 2020 AV2 with Horizons' elements, laid out
    /// after the MPC's table of columns.
    static let numbered =
        "L6173   16.31  0.15 K25BL 109.08498  339.90469   61.54807    7.03969  0.0241568  0.22325265"
        + "   2.6911525  0 E2026-E01   567  18 2000-2026 0.55 M-v 3Ek "
        + "Pan        0000 (216173)                    20260301"
    static let single =
        "K20A02V 16.16  0.15 K209K  79.11167  187.32482    6.70942   15.86810  0.1769572  2.38090378"
        + "   0.5554454  6 MPO578456    53   1   20 days 0.42 M-v 3Ek "
        + "Pan        0000 2020 AV2                    20200123"

    static func write(_ text: String, _ name: String = "file.dat") throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("orbits-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent(name).path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// What each fault replaces in the second line, and what the message must name.
    static let faults: [(old: String, new: String, says: String)] = [
        ("0.1769572", "         ", "the eccentricity is missing"), ("0.1769572", "1.1769572", "make no orbit"),
        ("0.1769572", "0.17695x2", "no number"), (" 15.86810", "195.86810", "inclination"), ("K209K", "K20DK", "packed date"),
        ("K209K", "K202V", "no packed date"), ("  0.5554454", " -0.5554454", "make no orbit"), (" 79.11167", "479.11167", "mean anomaly"),
        ("2.38090378", "1.38090378", "motion"), ("K20A02V", "K20I02V", "no designation"), ("K20A02V", "L6173  ", "already at 1"),
        ("  0.5554454  6 ", "  0.5554454  6 \n", "cut off"),
    ]

    static func number(_ table: Table, _ column: String, _ row: Int = 0) -> Double? { table[column]?.numbers?[row] }

    static func isNear(_ table: Table, _ column: String, _ row: Int, _ expected: Double, _ tolerance: Double) -> Bool {
        number(table, column, row).map { abs($0 - expected) < tolerance } ?? false
    }

    static func text(_ table: Table, _ column: String, _ row: Int = 0) -> String? { table[column]?.strings?[row] }
}

@Suite("Fixed-width orbits of minor planets")
struct FilesMPCORBTests {
    @Test("the columns of the schema hold what a line says, and what follows from it")
    func columns() throws {
        let orbits = try MPCORBFile.read(try OrbitFiles.write("text\n----------------\n\(OrbitFiles.numbered)\n\n\(OrbitFiles.single)\n"))
            .orbits
        #expect(orbits.rowCount == 2)
        #expect(OrbitFiles.text(orbits, "designation") == "216173" && OrbitFiles.text(orbits, "designation", 1) == "2020 AV2")
        #expect(OrbitFiles.text(orbits, "packed_primary_provisional_designation", 1) == "K20A02V")
        #expect(OrbitFiles.number(orbits, "epoch_mjd") == 61000 && OrbitFiles.number(orbits, "epoch_mjd", 1) == 59112)
        #expect(OrbitFiles.number(orbits, "h") == 16.31 && OrbitFiles.number(orbits, "nobs_total") == 567)
        #expect(OrbitFiles.number(orbits, "arc_length_total", 1) == 20 && orbits["arc_length_total"]?.isNull(0) == true)
        // What the MPC's own row has: q, motion, period and the time of perihelion, to what the line's decimals leave of them.
        #expect(OrbitFiles.isNear(orbits, "q", 0, 2.62614270187324, 2e-7))
        #expect(OrbitFiles.isNear(orbits, "mean_motion", 0, 0.223252648614441, 1e-8))
        #expect(OrbitFiles.isNear(orbits, "period", 0, 1612.52286248, 1e-4))
        // The row names the next perihelion, the reader the nearest: one period before it.
        #expect(OrbitFiles.isNear(orbits, "peri_time", 0, 62123.906109371 - 1612.52286248, 1e-3))
        #expect(OrbitFiles.isNear(orbits, "peri_time", 1, 59112 - 79.11167 / 2.3809037, 1e-4))
    }

    @Test(
        "a thousand random orbits of an independent writer come back",
        .enabled(if: PackageFolder.hasPython, "needs numpy and scipy: run tools/bootstrap, or set SKYLEDGER_DEPS"))
    func independentWriter() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mpcorb-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("MPCORB.DAT").path
        try GoldenScript.run("mpcorb.py", [path, "9", "1000"])
        let words = try Data(contentsOf: URL(fileURLWithPath: path + ".values")).withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
        let orbits = try MPCORBFile.read(path).orbits
        #expect(orbits.rowCount == 1000 && words.count == 13 * 1000)
        let names = [
            "h", "g", "epoch_mjd", "mean_anomaly", "argperi", "node", "i", "e", "a", "u_param", "nobs_total", "nopp", "not_normalized_rms",
        ]
        for (k, name) in names.enumerated() {
            let found = try #require(orbits[name]?.numbers)
            #expect(found == (0..<1000).map { words[13 * $0 + k] }, "\(name)")
        }
    }

    @Test("a fault in a line is named with file and line", arguments: OrbitFiles.faults)
    func faulty(fault: (old: String, new: String, says: String)) throws {
        let bad = OrbitFiles.single.replacingOccurrences(of: fault.old, with: fault.new)
        let path = try OrbitFiles.write("\(OrbitFiles.numbered)\n\(bad)\(fault.says == "cut off" ? "" : "\n")")
        let error = #expect(throws: OrbitFileError.self) { try MPCORBFile.read(path) }
        #expect(error?.path == path && error?.line == (fault.says == "cut off" ? 3 : 2))
        #expect(try #require(error?.reason).contains(fault.says))
    }

    @Test("a file that ends within a line, wherever, is refused", arguments: [3, 50, 103, 150, 193])
    func cut(length: Int) throws {
        let path = try OrbitFiles.write("\(OrbitFiles.numbered)\n\(OrbitFiles.single.prefix(length))")
        #expect(throws: OrbitFileError.self) { try MPCORBFile.read(path) }
    }

    @Test("a file without orbits and a file that is not there are refused")
    func nothing() throws {
        let path = try OrbitFiles.write("text\n------------\n\n")
        #expect(throws: OrbitFileError.self) { try MPCORBFile.read(path) }
        #expect(throws: OrbitFileError.self) { try MPCORBFile.read(path + ".missing") }
    }
}
