import Foundation
import Glibc

/// A PostgreSQL server of one's own, in a folder: unix socket only, peer authentication, started on demand.
///
///     let cluster = PrivateCluster(directory: "/survey/sky/postgres")
///     try cluster.initialise()
///     try cluster.start()
///     let connection = try Connection(cluster.parameters(user: "skyledger_owner", database: "skyledger"))
///
/// Run by root, the server's programs run as the user postgres (else nobody), who owns the data. Where that user cannot reach the folder
/// (below a closed home directory, say), the data lie in /var/lib/skyledger and the folder holds a link.
public struct PrivateCluster: Sendable {
    public static let superuser = "skyledger_admin"

    public let directory: String
    public let settings: ClusterSettings

    public init(directory: String, settings: ClusterSettings = ClusterSettings()) {
        self.directory = URL(fileURLWithPath: directory).standardizedFileURL.path
        self.settings = settings
    }

    /// The folder itself, or where its link leads: the server's user may not be able to pass through the link's own place.
    var place: String { (try? FileManager.default.destinationOfSymbolicLink(atPath: directory)) ?? directory }
    public var dataDirectory: String { place + "/data" }
    public var logFile: String { place + "/server.log" }
    var lockFile: String { place + "/lock" }

    /// Where the socket is: in the folder, or, since a socket's path may have 107 bytes at most, in a folder of its own below /tmp.
    public var socketDirectory: String {
        let near = place + "/run"
        return near.utf8.count + "/.s.PGSQL.5432.lock".utf8.count <= 107 ? near : "/tmp/skyledger-\(Self.hash(place))"
    }

    public func parameters(user: String, database: String) -> ConnectionParameters {
        ConnectionParameters(socketDirectory: socketDirectory, user: user, database: database)
    }

    /// The user that the server's programs run as; nil for the caller.
    var serverUser: String? {
        guard geteuid() == 0 else { return nil }
        return getpwnam("postgres") != nil ? "postgres" : "nobody"
    }

    /// Makes the cluster. Users of the machine that may enter: the caller, the server's user and root, each as any role.
    ///
    /// - Throws: `PostgresError` of kind `.cluster`; nothing is left then.
    public func initialise() throws {
        let programs = try ServerPrograms.find()
        try prepareDirectory()
        let lock = try Lock(path: lockFile)
        defer { lock.release() }
        // What is there is somebody's: only what this call makes may be removed when it fails.
        guard !FileManager.default.fileExists(atPath: dataDirectory) else {
            throw PostgresError(.cluster, "there is a database cluster in \(dataDirectory) already: choose another folder")
        }
        do {
            let outcome = try ChildProcess.run(
                [
                    programs.directory + "/initdb", "-D", dataDirectory, "-U", Self.superuser, "-E", "UTF8", "--locale=C",
                    "--data-checksums",
                    "--auth-local=peer", "--auth-host=reject",
                ], as: serverUser)
            guard outcome.status == 0 else {
                throw PostgresError(.cluster, "initdb could not make a cluster in \(dataDirectory): \(Self.lastLine(outcome.output))")
            }
            let users = Set([serverUser, "root", Self.nameOfCaller].compactMap { $0 }).sorted()
            try write("local all all peer map=skyledger\n", to: "pg_hba.conf")
            let roles = [Self.superuser, "skyledger_owner", "skyledger_ingest", "skyledger_reader"]
            try write(
                users.flatMap { user in roles.map { "skyledger \(user) \($0)\n" } }.joined(), to: "pg_ident.conf")
            let conf = (try? String(contentsOfFile: dataDirectory + "/postgresql.conf", encoding: .utf8)) ?? ""
            try write("include 'skyledger.conf'\n" + conf, to: "postgresql.conf")
            try writeSettings()
        } catch {
            remove()
            throw error
        }
    }

    /// Starts the server unless it runs. Two processes that start it at once start it once.
    public func start() throws {
        let lock = try Lock(path: lockFile)
        defer { lock.release() }
        if isAnswering { return }
        guard FileManager.default.fileExists(atPath: dataDirectory + "/PG_VERSION") else {
            throw PostgresError(.cluster, "there is no database cluster in \(dataDirectory): make one with `skyledger init`")
        }
        if let pid = runningPostmaster {
            // It is starting, stopping or recovering: wait rather than start another.
            try waitUntilAnswering(pid: pid)
            return
        }
        // A lock file that no server of this folder holds was left by a crash, and its number may since belong to another program.
        unlink(dataDirectory + "/postmaster.pid")
        try prepareSocketDirectory()
        try writeSettings()
        let programs = try ServerPrograms.find()
        let outcome = try ChildProcess.run(
            [programs.directory + "/pg_ctl", "-D", dataDirectory, "-l", logFile, "-s", "-w", "-t", "300", "start"], as: serverUser,
            capturing: false)
        guard outcome.status == 0, isAnswering else {
            throw PostgresError(.cluster, "the database of \(directory) did not start: \(lastLogLine)")
        }
    }

    public enum StopMode: String, Sendable {
        /// Ends sessions, rolls their transactions back, writes a checkpoint.
        case fast
        /// Ends at once, as a crash does; the next start recovers.
        case immediate
    }

    /// Stops the server; nothing happens when it does not run.
    public func stop(_ mode: StopMode = .fast) throws {
        let lock = try Lock(path: lockFile)
        defer { lock.release() }
        guard runningPostmaster != nil else { return }
        let programs = try ServerPrograms.find()
        let outcome = try ChildProcess.run(
            [programs.directory + "/pg_ctl", "-D", dataDirectory, "-s", "-w", "-t", "300", "-m", mode.rawValue, "stop"], as: serverUser)
        guard outcome.status == 0 || runningPostmaster == nil else {
            throw PostgresError(.cluster, "the database of \(directory) did not stop: \(Self.lastLine(outcome.output))")
        }
    }

    public var isRunning: Bool { runningPostmaster != nil }

    /// The process number of this folder's server, if the one that the lock file names is alive and is that server.
    public var runningPostmaster: Int32? {
        guard let text = try? String(contentsOfFile: dataDirectory + "/postmaster.pid", encoding: .utf8),
            let pid = text.split(separator: "\n").first.flatMap({ Int32($0) }), pid > 0
        else { return nil }
        // The postmaster's working directory is its data directory.
        let own = URL(fileURLWithPath: dataDirectory).resolvingSymlinksInPath().path
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/\(pid)/cwd", &buffer, buffer.count - 1)
        if length > 0 {
            return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) == own ? pid : nil
        }
        // Another user's process: its command line is readable where its folder is not.
        guard let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return nil }
        return String(decoding: command, as: UTF8.self).contains(dataDirectory) ? pid : nil
    }

    var isAnswering: Bool {
        guard runningPostmaster != nil else { return false }
        return (try? Connection(parameters(user: Self.superuser, database: "postgres"))) != nil
    }

    private func waitUntilAnswering(pid: Int32) throws {
        for _ in 0..<3000 {
            if isAnswering { return }
            usleep(100_000)
            if runningPostmaster != pid { break }
        }
        if isAnswering { return }
        throw PostgresError(.cluster, "the database of \(directory) is not ready: \(lastLogLine)")
    }

    /// The log's last two lines, without their times: the cause often stands above the line that says FATAL.
    var lastLogLine: String {
        let text = (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").suffix(2).map { $0.replacing(#/^[-0-9]+ [.:0-9]+ [A-Z]+ \[[0-9]+\] /#, with: "") }
        return lines.isEmpty ? "see \(logFile)" : lines.joined(separator: "; ") + " (in \(logFile))"
    }

    private static func lastLine(_ text: String) -> String { text.split(separator: "\n").last.map(String.init) ?? "no reason was given" }
}
