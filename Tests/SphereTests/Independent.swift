import Foundation
import Testing

/// The independent programs that tests compare with: scripts in tools/, run by the Python that tools/bootstrap installed.
enum Independent {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    static let python = (ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"] ?? root + "/.deps") + "/python/bin/python"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }

    /// Runs a script of tools/ that writes a file, and gives the file's bytes.
    static func output(_ script: String, _ arguments: String...) throws -> Data {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("skyledger-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["\(root)/tools/\(script)"] + arguments + [file.path]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(script) ended with \(process.terminationStatus)")
        return try Data(contentsOf: file)
    }
}
