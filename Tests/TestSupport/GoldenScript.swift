import Foundation

/// Scripts of tools/golden and programs of the tests' own, run with the python of the dependencies.
public enum GoldenScript {
    /// A script that ended with another status than 0.
    public struct Failed: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Returns: what the script wrote to standard output.
    /// - Throws: `Failed` with what it wrote to standard error, unless it ended with 0.
    @discardableResult
    public static func run(_ script: String, _ arguments: [String]) throws -> String {
        try python([PackageFolder.root.appendingPathComponent("tools/golden/\(script)").path] + arguments, name: script)
    }

    /// What a program that a test brings along wrote to standard output.
    ///
    /// - Parameter folder: where it runs; nil for the test's own place.
    /// - Throws: as `run`.
    @discardableResult
    public static func program(_ text: String, in folder: String? = nil) throws -> String {
        try python(["-W", "ignore", "-c", text], name: "the test's program", in: folder)
    }

    private static func python(_ arguments: [String], name: String, in folder: String? = nil) throws -> String {
        let process = Process()
        process.executableURL = PackageFolder.python
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("golden-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        // Files, since a pipe that nobody empties would stop the script.
        let (out, err) = (scratch.appendingPathComponent("out"), scratch.appendingPathComponent("err"))
        for file in [out, err] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(description: "\(name) ended with \(process.terminationStatus): \(try String(contentsOf: err, encoding: .utf8))")
        }
        return try String(contentsOf: out, encoding: .utf8)
    }

    /// What a script wrote to the file that its first argument names; its second is the seed.
    public static func data(of script: String, seed: Int, arguments: [String] = []) throws -> Data {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("golden-\(UUID().uuidString).out")
        defer { try? FileManager.default.removeItem(at: output) }
        try run(script, [output.path, String(seed)] + arguments)
        return try Data(contentsOf: output)
    }

    /// The same as little-endian words of eight bytes.
    public static func words(of script: String, seed: Int) throws -> [UInt64] {
        try data(of: script, seed: seed).withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
        }
    }

    /// The same as doubles; integers by their bit pattern.
    public static func doubles(of script: String, seed: Int) throws -> [Double] {
        try words(of: script, seed: seed).map(Double.init(bitPattern:))
    }
}
