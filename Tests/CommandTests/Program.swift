import Columns
import Foundation
import TestSupport
import Testing

/// The built program, run as a person would.
enum Program {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Beside the test bundle, in the build's folder.
    static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        var folder = URL(fileURLWithPath: CommandLine.arguments.first { $0.contains(".xctest") } ?? own)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("skyledger").path
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory), !isDirectory.boolValue { return candidate }
        }
        return "skyledger"
    }()

    @discardableResult
    static func run(_ arguments: [String], environment added: [String: String] = [:]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["SKYLEDGER_PROFILE"] = "test"
        environment["SKYLEDGER_DEPS"] = PackageFolder.dependencies.path
        environment.merge(added) { $1 }
        process.environment = environment
        let (output, errors) = (temporary(), temporary())
        defer { for file in [output, errors] { try? FileManager.default.removeItem(atPath: file) } }
        for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    static func temporary(_ suffix: String = "") -> String { "/tmp/skyledger-command-\(UInt32.random(in: 0 ... .max))\(suffix)" }
}

/// An instance with a few visits loaded, made and asked through the program only.
final class LoadedInstance {
    let folder = Program.temporary()
    var directory: String { folder + "/sky" }
    var visits: String { folder + "/visits" }

    init(ra: String = "150", dec: String = "-30", count: Int = 3) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try #require(Program.run(["init", directory]).status == 0)
        try #require(
            Program.run(["simulate", visits, "--visits", "\(count)", "--sources", "80", "--ra", ra, "--dec", dec]).status == 0)
        try #require(Program.run(["load", visits, "--instance", directory]).status == 0)
    }

    deinit {
        _ = try? Program.run(["stop", "--instance", directory])
        try? FileManager.default.removeItem(atPath: folder)
    }

    func run(_ arguments: String...) throws -> Program.Outcome { try Program.run(arguments + ["--instance", directory]) }

    /// Rows of every table that a load writes to.
    func counts() throws -> String {
        try run(
            "sql",
            """
            SELECT (SELECT count(*) FROM "DiaSource"), (SELECT count(*) FROM "DiaObject"), (SELECT count(*) FROM "DiaObjectLast"),
                   (SELECT count(*) FROM "VisitDetector")
            """, "--format", "csv"
        ).output
    }

    /// The first visit's rows as another visit's, changed by the caller, in a file.
    func variant(_ change: (inout [Column]) -> Void) throws -> String {
        let rows = try ParquetReader(path: visits + "/visit_100000.parquet").read()
        var columns = rows.columns
        let n = rows.rowCount
        for i in columns.indices {
            if columns[i].name == "visit" { columns[i].values = .int64(.init(repeating: 200_000, count: n)) }
            if columns[i].name == "diaSourceId" { columns[i].values = .int64((0..<n).map { 200_000_000_000 + Int64($0) }) }
        }
        change(&columns)
        let path = Program.temporary(".parquet")
        try ParquetWriter.write(Table(columns), to: path)
        return path
    }
}

extension [Column] {
    /// Replaces a column's doubles.
    mutating func edit(_ name: String, _ change: (inout [Double]) -> Void) {
        guard let i = firstIndex(where: { $0.name == name }), var values = self[i].doubles else { return }
        change(&values)
        self[i].values = .double(values)
    }

    mutating func editIds(_ change: (inout [Int64]) -> Void) {
        guard let i = firstIndex(where: { $0.name == "diaSourceId" }), var values = self[i].int64s else { return }
        change(&values)
        self[i].values = .int64(values)
    }

    mutating func rename(_ name: String, to new: String) {
        for i in indices where self[i].name == name { self[i].name = new }
    }

    mutating func replace(_ name: String, _ values: ColumnValues) {
        for i in indices where self[i].name == name { self[i].values = values }
    }
}
