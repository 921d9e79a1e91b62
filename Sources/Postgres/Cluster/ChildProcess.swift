import Foundation
import Glibc

/// Runs a program of PostgreSQL to its end, as another user where asked.
enum ChildProcess {
    struct Outcome {
        var status: Int32
        var output: String
    }

    /// - Parameters:
    ///   - arguments: the program's path and its arguments.
    ///   - user: the user to run as, for a caller that is root; nil for the caller's own.
    ///   - log: a file that takes the output instead of the result, for programs that leave a server behind: a pipe would stay open.
    static func run(_ arguments: [String], as user: String?, log: String? = nil) throws -> Outcome {
        let process = Process()
        var command = arguments
        if let user { command = ["/usr/sbin/runuser", "-u", user, "--"] + arguments }
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        if let log {
            let handle = FileHandle(forWritingAtPath: log) ?? FileHandle.nullDevice
            try? handle.seekToEnd()
            process.standardOutput = handle
            process.standardError = handle
        } else {
            process.standardOutput = pipe
            process.standardError = pipe
        }
        do {
            try process.run()
        } catch {
            throw PostgresError(.cluster, "\(command[0]) cannot be run: \(error.localizedDescription)")
        }
        let output = log == nil ? String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) : ""
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: output)
    }
}
