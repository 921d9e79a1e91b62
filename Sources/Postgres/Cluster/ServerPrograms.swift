import Foundation

/// Where PostgreSQL's own programs are.
public struct ServerPrograms: Sendable {
    public let directory: String
    public let majorVersion: Int

    /// The newest installation of version 15 or later.
    /// - Throws: `PostgresError` of kind `.cluster` that says what to install.
    public static func find() throws -> ServerPrograms {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap(Int.init).sorted(by: >)
        for version in versions where version >= 15 && FileManager.default.isExecutableFile(atPath: "\(root)/\(version)/bin/initdb") {
            return ServerPrograms(directory: "\(root)/\(version)/bin", majorVersion: version)
        }
        for folder in (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        where FileManager.default.isExecutableFile(atPath: "\(folder)/initdb")
            && FileManager.default.isExecutableFile(atPath: "\(folder)/pg_ctl")
        {
            let version = try ChildProcess.run(["\(folder)/initdb", "--version"], as: nil).output
            if let major = version.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) }), major >= 15 {
                return ServerPrograms(directory: String(folder), majorVersion: major)
            }
        }
        throw PostgresError(
            .cluster, "PostgreSQL 15 or newer is not installed: install the package postgresql-15, or name a server with --database")
    }
}
