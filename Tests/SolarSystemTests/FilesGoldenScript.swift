import Foundation

/// Runs a script of tools/golden with the python of the dependencies: `script output seed`.
enum ScriptOutput {
    static let missing = "needs numpy and scipy: run tools/bootstrap, or set SKYLEDGER_DEPS"

    static var packageRoot: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    static var python: URL {
        let dependencies = ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"].map { URL(fileURLWithPath: $0) }
        return (dependencies ?? packageRoot.appendingPathComponent(".deps")).appendingPathComponent("python/bin/python")
    }

    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: python.path) }

    struct Failed: Error {
        let script: String
        let status: Int32
    }

    /// What the script wrote.
    static func data(of script: String, seed: Int, arguments: [String] = []) throws -> Data {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("solar-\(UUID().uuidString).out")
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = python
        process.arguments = [packageRoot.appendingPathComponent("tools/golden/\(script)").path, output.path, String(seed)] + arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(script: script, status: process.terminationStatus) }
        return try Data(contentsOf: output)
    }

    /// What the script wrote, as doubles of eight bytes (integers by their bit pattern).
    static func doubles(of script: String, seed: Int) throws -> [Double] {
        try data(of: script, seed: seed).withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map {
                Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
            }
        }
    }
}
