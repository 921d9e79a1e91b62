import Foundation

/// The program `skyledger` that was built with the tests, started beside them so that it can be killed.
public enum BuiltProgram {
    /// nil where only the tests were built.
    public static let url: URL? = {
        guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
        // swift test runs the bundle itself or swiftpm's helper beside the toolchain: the bundle is among the arguments then.
        return ([tests] + CommandLine.arguments).lazy
            .map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("skyledger") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }()

    /// Number of kills of a test that kills at random moments; SKYLEDGER_KILLS for a long run.
    public static func kills(_ count: Int) -> Int { ProcessInfo.processInfo.environment["SKYLEDGER_KILLS"].flatMap(Int.init) ?? count }

    /// - Parameter output: where both of its outputs go; nil for nowhere.
    public static func start(_ arguments: [String], instance directory: String, output: FileHandle? = nil) throws -> Process {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments + ["--instance", directory]
        process.environment = ProcessInfo.processInfo.environment.merging(["SKYLEDGER_PROFILE": "test"]) { $1 }
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = output ?? FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs it to its end.
    public static func run(_ arguments: [String], instance directory: String) throws -> (status: Int32, output: String) {
        let pipe = Pipe()
        let process = try start(arguments, instance: directory, output: pipe.fileHandleForWriting)
        try pipe.fileHandleForWriting.close()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
