import Foundation

/// Files that tools/bootstrap installs beside the program.
enum InstalledFiles {
    /// What the environment variable names, else the file or folder in SKYLEDGER_DEPS, or in `.deps` or `share/skyledger` beside the program
    /// or above it; nil where it is nowhere.
    ///
    /// - Parameters: the path in `.deps`, the path in `share/skyledger`.
    static func path(_ name: String, share: String, variable: String) -> String? {
        let environment = ProcessInfo.processInfo.environment
        if let named = environment[variable] { return named }
        var candidates = environment["SKYLEDGER_DEPS"].map { ["\($0)/\(name)"] } ?? []
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { folder = URL(fileURLWithPath: own) }
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            candidates += ["\(folder.path)/.deps/\(name)", "\(folder.path)/share/skyledger/\(share)"]
        }
        return candidates.first(where: FileManager.default.fileExists)
    }
}
