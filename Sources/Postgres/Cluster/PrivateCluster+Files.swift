import Foundation
import Glibc

/// The cluster's folders and files: who owns them, where they lie.
extension PrivateCluster {
    static var nameOfCaller: String? { getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } }

    /// A short name for a path (FNV-1a, 64 bits).
    static func hash(_ text: String) -> String {
        String(text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 36)
    }

    func prepareDirectory() throws {
        let parent = URL(fileURLWithPath: directory).deletingLastPathComponent().path
        var place = directory
        if let user = serverUser, !Self.canReach(parent, user: user) {
            place = "/var/lib/skyledger/\(Self.hash(directory))"
        }
        do {
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            if place != directory {
                chmod("/var/lib/skyledger", 0o755)
                try FileManager.default.createSymbolicLink(atPath: directory, withDestinationPath: place)
            }
        } catch {
            throw PostgresError(.cluster, "the folder \(place) cannot be made: \(error.localizedDescription)")
        }
        try give(place)
        try prepareSocketDirectory()
    }

    func prepareSocketDirectory() throws {
        try? FileManager.default.createDirectory(atPath: socketDirectory, withIntermediateDirectories: true)
        try give(socketDirectory)
        // Peer authentication decides who may enter; the folder only has to be reachable.
        chmod(socketDirectory, 0o755)
        // A socket left by a crash would keep the server from making its own.
        if runningPostmaster == nil { unlink(socketDirectory + "/.s.PGSQL.5432.lock") }
    }

    /// Writes SkyLedger's settings, and lets initdb's own give way to them.
    func writeSettings() throws {
        let text = settings.text(socketDirectory: socketDirectory, walCompression: takesLZ4 ? "lz4" : "off")
        try write(text, to: "skyledger.conf")
        guard let conf = try? String(contentsOfFile: dataDirectory + "/postgresql.conf", encoding: .utf8) else { return }
        let yielding = InitialSettings.yielding(conf, to: text)
        if yielding != conf { try write(yielding, to: "postgresql.conf") }
    }

    /// Whether the server was built with lz4: it says so of a setting that is only asked for.
    private var takesLZ4: Bool {
        guard let programs = try? ServerPrograms.find() else { return false }
        let asked = [programs.directory + "/postgres", "-D", dataDirectory, "-C", "wal_compression", "-c", "wal_compression=lz4"]
        return (try? ChildProcess.run(asked, as: serverUser))?.status == 0
    }

    /// Lets those who may enter the cluster enter it as another role too, one of readers for instance. The role is made elsewhere.
    ///
    /// - Throws: `PostgresError` where the file cannot be written or the server does not answer.
    public func admit(role: String) throws {
        let path = dataDirectory + "/pg_ident.conf"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw PostgresError(.cluster, "\(path) cannot be read")
        }
        let lines = text.split(separator: "\n").map(String.init)
        // Who may be administrator may be the role.
        let name = "\"" + role.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        let admitted = lines.filter { $0.hasSuffix(" " + Self.superuser) }.map { line in "\(line.dropLast(Self.superuser.count))\(name)" }
        let new = admitted.filter { !lines.contains($0) }
        if new.isEmpty { return }
        try write((lines + new).joined(separator: "\n") + "\n", to: "pg_ident.conf")
        let connection = try Connection(parameters(user: Self.superuser, database: "postgres"))
        try connection.query("SELECT pg_reload_conf()")
    }

    func write(_ text: String, to name: String) throws {
        let path = dataDirectory + "/" + name
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw PostgresError(.cluster, "\(path) cannot be written: \(error.localizedDescription)")
        }
        chmod(path, 0o600)
        try give(path)
    }

    /// Hands a file or folder to the server's user.
    private func give(_ path: String) throws {
        guard let user = serverUser, let entry = getpwnam(user) else { return }
        guard chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else {
            throw PostgresError(.cluster, "\(path) cannot be given to the user \(user): \(String(cString: strerror(errno)))")
        }
    }

    /// Removes the whole cluster, which must not run.
    public func remove() {
        guard runningPostmaster == nil else { return }
        let socket = socketDirectory
        let target = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
        try? FileManager.default.removeItem(atPath: target)
        try? FileManager.default.removeItem(atPath: directory)
        if !socket.hasPrefix(target) { try? FileManager.default.removeItem(atPath: socket) }
    }

    /// Whether a user may pass through every folder of a path.
    private static func canReach(_ path: String, user: String) -> Bool {
        guard let entry = getpwnam(user) else { return false }
        let (uid, gid) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        var current = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        while true {
            var status = stat()
            if stat(current.path, &status) == 0 {
                let bit: mode_t = status.st_uid == uid ? S_IXUSR : (status.st_gid == gid ? S_IXGRP : S_IXOTH)
                if status.st_mode & bit == 0 { return false }
            }
            if current.path == "/" { return true }
            current.deleteLastPathComponent()
        }
    }
}

/// A lock on a file, held by one process at a time and released by its end.
final class Lock {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw PostgresError(.cluster, "the lock \(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw PostgresError(.cluster, "the lock \(path) cannot be taken: \(String(cString: strerror(errno)))")
            }
        }
    }

    func release() {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
