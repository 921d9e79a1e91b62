import Foundation

/// A PostgreSQL server of the test's own, in a temporary folder and on a Unix socket only.
struct DDLPostgres {
    static let binaries = "/usr/lib/postgresql/15/bin/"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: binaries + "initdb") }
    let folder: String

    /// Starts a server, runs the body and stops the server, also when the body throws.
    static func run<T>(_ body: (DDLPostgres) throws -> T) throws -> T {
        let folder = "/tmp/sl-ddl-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        if getuid() == 0 { try FelisTestDocuments.run("/bin/chown", ["postgres", folder]) }
        let server = DDLPostgres(folder: folder)
        try server.tool("initdb", ["-D", folder + "/data", "-A", "trust", "-U", "test", "-E", "UTF8", "--locale=C", "-N"])
        let options = "-c listen_addresses='' -c unix_socket_directories=\(folder) -c fsync=off -c shared_buffers=16MB"
        try server.tool("pg_ctl", ["-D", folder + "/data", "-l", folder + "/log", "-w", "-o", options, "start"])
        defer { _ = try? server.tool("pg_ctl", ["-D", folder + "/data", "-m", "immediate", "-w", "stop"]) }
        return try body(server)
    }

    /// Runs SQL in one go, stopping at the first error; rows come as lines, fields separated by |.
    @discardableResult
    func sql(_ statements: String) throws -> [String] {
        try FelisTestDocuments.run(
            Self.binaries + "psql",
            ["-h", folder, "-U", "test", "-d", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"], input: statements
        ).split(separator: "\n").map(String.init)
    }

    /// PostgreSQL refuses to run as root. The shell keeps the descriptor by which Foundation sees a process end away from the tool: the
    /// server that pg_ctl leaves running would hold it open, and the wait for pg_ctl would never return.
    @discardableResult
    private func tool(_ name: String, _ arguments: [String]) throws -> String {
        let closing = """
            (for file in /proc/self/fd/*; do number=${file##*/}; [ "$number" -le 2 ] || eval "exec $number>&-"; done; exec "$@")
            exit $?
            """
        let user = getuid() == 0 ? ["/usr/sbin/runuser", "-u", "postgres", "--"] : []
        return try FelisTestDocuments.run("/bin/bash", ["-c", closing, "bash"] + user + [Self.binaries + name] + arguments)
    }
}
