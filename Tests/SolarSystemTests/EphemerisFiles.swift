import Foundation
import SolarSystem
import TestSupport

/// Files that the tests of ephemerides need and where they are found.
enum EphemerisFiles {
    static let missingData = "needs the shared data: set SKYLEDGER_DATA"

    static var hasPlanets: Bool { PackageFolder.planetsPath != nil }
    static var hasPython: Bool { hasPlanets && PackageFolder.hasPython }

    static func planets() throws -> Planets { try Planets(path: PackageFolder.planetsPath!) }

    /// Rows of numbers that `tools/golden/ephemerides.py` writes for a subject.
    static func golden(_ arguments: [String]) throws -> [[Double]] {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("ephemerides-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: output) }
        try GoldenScript.run("ephemerides.py", [output.path] + arguments)
        return try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ").map { Double($0)! } }
    }

    /// The rows of a comma-separated file whose values hold no commas, by the names of its header.
    static func rows(_ path: String) throws -> [[String: String]] {
        let lines = try String(contentsOf: PackageFolder.data.appendingPathComponent(path), encoding: .utf8).split(
            whereSeparator: \.isNewline)
        let names = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return lines.dropFirst().map { line in
            let values = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(names, values))
        }
    }
}
