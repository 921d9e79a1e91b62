import Columns
import Foundation
import SolarSystem
import TestSupport

/// An empty instance and the real orbits of the shared data.
final class OrbitInstance {
    let folder = Program.temporary()
    var directory: String { folder + "/sky" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let made = try Program.run(["init", directory])
        if made.status != 0 { throw Failed(message: made.errors) }
    }

    struct Failed: Error { var message: String }

    deinit {
        _ = try? Program.run(["stop", "--instance", directory])
        try? FileManager.default.removeItem(atPath: folder)
    }

    func run(_ arguments: String...) throws -> Program.Outcome { try Program.run(arguments + ["--instance", directory]) }

    /// Rows that a command gives.
    func rows(_ arguments: String...) throws -> Table {
        let path = Program.temporary(".parquet")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let outcome = try Program.run(arguments + ["--instance", directory, "--format", "parquet", "--output", path])
        if outcome.status != 0 { throw Failed(message: outcome.errors) }
        return try ParquetReader(path: path).read()
    }

    func file(_ text: String, _ name: String) throws -> String {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        return "\(folder)/\(name)"
    }
}

/// JPL Horizons' elements of 19 objects (`ephemerides/elements.csv` of the shared data).
struct RealOrbit {
    var designation: String
    var orbit: Orbit

    private static let path = "ephemerides/elements.csv"
    static var isThere: Bool { PackageFolder.hasData(path) && PackageFolder.planetsPath != nil }

    static func all() throws -> [RealOrbit] {
        let lines = try String(contentsOf: PackageFolder.data.appendingPathComponent(path), encoding: .utf8).split(
            whereSeparator: \.isNewline)
        let names = lines[0].split(separator: ",").map(String.init)
        return lines.dropFirst().map { line in
            let values = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            func value(_ name: String) -> Double { Double(values[names.firstIndex(of: name)!])! }
            let name = values[1].split(separator: "(")[1].dropLast()
            return RealOrbit(
                designation: String(name),
                orbit: Orbit(
                    q: value("q"), e: value("e"), inclination: value("incl"), node: value("Omega"), argumentOfPerihelion: value("w"),
                    perihelionTime: value("tp_mjd"), epoch: value("mjd_tdb")))
        }
    }

    /// The schema's columns.
    static func csv(_ orbits: [RealOrbit]) -> String {
        "designation,q,e,i,node,argperi,peri_time,epoch_mjd,h,g\n"
            + orbits.map { row in
                let o = row.orbit
                let numbers = [o.q, o.e, o.inclination, o.node, o.argumentOfPerihelion, o.perihelionTime, o.epoch, 15, 0.15]
                return ([row.designation] + numbers.map { "\($0)" }).joined(separator: ",") + "\n"
            }.joined()
    }
}
