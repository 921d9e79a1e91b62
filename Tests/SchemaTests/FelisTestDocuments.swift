import Foundation
import Schema
import TestSupport
import Testing

/// The documents that the tests read: those of SKYLEDGER_DATA and the one that bootstrap installs.
enum FelisTestDocuments {
    static let message: Comment = "needs the schema documents of SKYLEDGER_DATA/felis and bootstrap's Python"

    /// The alert production documents from the oldest to the newest.
    static let alertProduction: [String] = [
        "2022-04-19", "2023-05-28", "v0.1.1", "v1.0.0", "v1.1.0", "v2.0.0", "v2.0.1", "v7.0.0", "v8.0.0", "v9.0.0", "v9.1.1", "v10.0.0",
    ].map { "\(PackageFolder.data.path)/felis/apdb-\($0).yaml" }
    static let newest = alertProduction.last!
    static let promptProducts = PackageFolder.data.path + "/felis/ppdb-latest.yaml"
    static let installed = PackageFolder.schema.path
    static let all = alertProduction + [promptProducts, installed]

    static var exist: Bool { PackageFolder.hasPython && all.allSatisfy { FileManager.default.fileExists(atPath: $0) } }

    static func read(_ path: String) throws -> SchemaDocument {
        try FelisReader.read(path: path, otherwise: { $0 == "apdb.yaml" ? try String(contentsOfFile: newest, encoding: .utf8) : nil })
    }

    /// Runs a Python program and decodes the JSON that it prints.
    static func json<T: Decodable>(_ type: T.Type, script: String, arguments: [String]) throws -> T {
        try JSONDecoder().decode(type, from: Data(run(PackageFolder.python.path, ["-c", script] + arguments).utf8))
    }

    struct Failure: Error { var message: String }

    /// Runs a program to its end and gives what it printed.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
        let files = FileManager.default.temporaryDirectory.appendingPathComponent("schema-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: files) }
        let names = ["input", "output", "errors"].map { files.appendingPathComponent($0) }
        try Data(input.utf8).write(to: names[0])
        try Data().write(to: names[1])
        try Data().write(to: names[2])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: names[0])
        process.standardOutput = try FileHandle(forWritingTo: names[1])
        process.standardError = try FileHandle(forWritingTo: names[2])
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let errors = try String(contentsOf: names[2], encoding: .utf8)
            throw Failure(message: "\(program) \(arguments.prefix(4)) ended with \(process.terminationStatus): \(errors.prefix(2000))")
        }
        return try String(contentsOf: names[1], encoding: .utf8)
    }
}
