import Foundation
import Testing

/// Python with fastavro and lsst-alert-packet, the real files, and a folder of scratch for a test.
enum AvroScript {
    static let missingPython: Comment = "needs fastavro and lsst-alert-packet: run tools/bootstrap, or set SKYLEDGER_DEPS"
    static let missingData: Comment = "needs the real alerts (SKYLEDGER_DATA)"

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let data =
        ProcessInfo.processInfo.environment["SKYLEDGER_DATA"] ?? root.appendingPathComponent("../shared/data").standardized.path
    static let hasData = FileManager.default.fileExists(atPath: data + "/lsst-alert-wire")

    static let python: String = {
        let dependencies = ProcessInfo.processInfo.environment["SKYLEDGER_DEPS"] ?? root.appendingPathComponent(".deps").path
        return dependencies + "/python/bin/python"
    }()

    static let hasPython = (try? output(of: python, ["-c", "import fastavro, lsst.alert.packet"])) != nil

    /// The schemas of lsst-alert-packet: MAJOR/MINOR/lsst.vMAJOR_MINOR.alert.avsc and the parts beside it.
    static let packetSchemas: String = {
        let text = (try? output(of: python, [root.path + "/tools/golden/avro_values.py", "folder"])) ?? ""
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    struct Failed: Error, CustomStringConvertible { let description: String }

    @discardableResult
    static func output(of program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(description: text) }
        return text
    }

    /// The chunks that avro_values.py writes.
    static func chunks(_ mode: String, _ arguments: [String]) throws -> [[UInt8]] {
        let path = NSTemporaryDirectory() + "/avro-\(UUID().uuidString).bin"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try output(of: python, [root.path + "/tools/golden/avro_values.py", mode, path] + arguments)
        let bytes = try bytes(path)
        var chunks: [[UInt8]] = []
        var at = 0
        while at < bytes.count {
            let size = bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
            chunks.append(Array(bytes[at + 4..<at + 4 + size]))
            at += 4 + size
        }
        return chunks
    }

    static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// A generator with a seed, so that a failure can be repeated (splitmix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
