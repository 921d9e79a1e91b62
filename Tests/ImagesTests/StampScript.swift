import Foundation

/// Runs tools/golden/stamps.py with the python of the dependencies.
enum StampScript {
    static let missing: String = "needs astropy: run tools/bootstrap, or set SKYLEDGER_DEPS"

    static var packageRoot: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    static var python: URL {
        let dependencies = ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"].map { URL(fileURLWithPath: $0) }
        return (dependencies ?? packageRoot.appendingPathComponent(".deps")).appendingPathComponent("python/bin/python")
    }

    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: python.path) }

    struct Failed: Error {
        let arguments: [String]
        let said: String
    }

    /// What the script printed.
    static func run(_ arguments: String...) throws -> Data {
        let (process, out, err) = (Process(), Pipe(), Pipe())
        process.executableURL = python
        process.arguments = [packageRoot.appendingPathComponent("tools/golden/stamps.py").path] + arguments
        process.standardOutput = out
        process.standardError = err
        try process.run()
        let printed = out.fileHandleForReading.readDataToEndOfFile()
        let said = err.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(arguments: arguments, said: String(decoding: said, as: UTF8.self)) }
        return printed
    }

    /// A folder with the exposures that the script makes; made once.
    static let exposures: Result<String, any Error> = Result {
        let folder = ImageScratch.folder()
        _ = try run("make", folder, "20261121")
        return folder
    }
}

/// Folders and data of tests.
enum ImageScratch {
    /// A new folder below the temporary one.
    static func folder() -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("images-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }

    /// Real data: SKYLEDGER_DATA, else beside the package.
    static func data(_ path: String) -> String {
        let root =
            ProcessInfo.processInfo.environment["SKYLEDGER_DATA"].map { URL(fileURLWithPath: $0) }
            ?? StampScript.packageRoot.deletingLastPathComponent().appendingPathComponent("shared/data")
        return root.appendingPathComponent(path).path
    }

    static func hasData(_ path: String) -> Bool { FileManager.default.fileExists(atPath: data(path)) }

    static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

    /// The values of a file of 8-byte floating-point numbers.
    static func doubles(_ path: String) throws -> [Double] {
        let bytes = try bytes(path)
        return bytes.withUnsafeBytes { raw in (0..<bytes.count / 8).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) } }
    }

    /// The values of a file of 4-byte words.
    static func words(_ path: String) throws -> [UInt32] {
        let bytes = try bytes(path)
        return bytes.withUnsafeBytes { raw in (0..<bytes.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self) } }
    }
}
