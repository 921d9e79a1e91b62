import Columns
import Foundation

/// Where the tests find python and real data.
enum SummaryData {
    static let missingPython = "needs the python of tools/bootstrap, or set SKYLEDGER_DEPS"
    static let missingData = "needs real data: ../shared/data beside the package, or set SKYLEDGER_DATA"

    static var packageRoot: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    static var python: URL {
        let dependencies = ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"].map { URL(fileURLWithPath: $0) }
        return (dependencies ?? packageRoot.appendingPathComponent(".deps")).appendingPathComponent("python/bin/python")
    }

    static var hasPython: Bool { FileManager.default.isExecutableFile(atPath: python.path) }

    static var data: URL {
        let set = ProcessInfo.processInfo.environment["SKYLEDGER_DATA"].map { URL(fileURLWithPath: $0) }
        return set ?? packageRoot.deletingLastPathComponent().appendingPathComponent("shared/data")
    }

    static func has(_ folder: String) -> Bool { FileManager.default.fileExists(atPath: data.appendingPathComponent(folder).path) }

    /// Paths of a folder's files whose names begin and end so, in order.
    static func files(_ folder: String, prefix: String, suffix: String) throws -> [String] {
        let directory = data.appendingPathComponent(folder)
        return try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.sorted().map { directory.appendingPathComponent($0).path }
    }

    /// The rows of all the files, one after another.
    static func read(_ paths: [String], columns: [String]) throws -> Table {
        try paths.reduce(Table()) { try $0.appending(ParquetFile.read($1, columns: columns)) }
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a script of tools/golden; throws what it wrote to standard error unless it ended with 0.
    @discardableResult
    static func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = python
        process.arguments = [packageRoot.appendingPathComponent("tools/golden/\(script)").path] + arguments
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("summary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (out, err) = (scratch.appendingPathComponent("out"), scratch.appendingPathComponent("err"))
        for file in [out, err] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: err)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(description: "\(script) ended with \(process.terminationStatus): \(try String(contentsOf: err, encoding: .utf8))")
        }
        return try String(contentsOf: out, encoding: .utf8)
    }
}
