import CLibPQ
import Foundation
import Glibc

/// Runs a program of PostgreSQL to its end, as another user where asked.
///
/// Not through Foundation's Process: that waits until every copy of a descriptor of its own is closed, and a server that pg_ctl leaves
/// behind would hold one for ever. Here the child gets standard input, output and error and nothing else.
enum ChildProcess {
    struct Outcome {
        var status: Int32
        var output: String
    }

    /// - Parameters:
    ///   - arguments: the program's path and its arguments.
    ///   - user: the user to run as, for a caller that is root; nil for the caller's own.
    ///   - capturing: whether the output is wanted; a program that leaves a server behind must not be given a file to hold.
    static func run(_ arguments: [String], as user: String?, capturing: Bool = true) throws -> Outcome {
        let command = user.map { ["/usr/sbin/runuser", "-u", $0, "--"] + arguments } ?? arguments
        var template = Array("/tmp/skyledger-output-XXXXXX".utf8CString)
        let descriptor = capturing ? mkstemp(&template) : open("/dev/null", O_WRONLY)
        guard descriptor >= 0 else {
            throw PostgresError(.cluster, "no temporary file can be made in /tmp: \(String(cString: strerror(errno)))")
        }
        defer {
            close(descriptor)
            if capturing { unlink(template) }
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
        posix_spawn_file_actions_adddup2(&actions, descriptor, 2)
        posix_spawn_file_actions_addchdir_np(&actions, "/")
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A session of its own, so that a signal to the program's terminal does not reach a server that it starts.
        posix_spawnattr_setflags(&attributes, Int16(SKYLEDGER_SPAWN_SETSID))
        let words = command.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, command[0], &actions, &attributes, words, environ)
        guard failure == 0 else { throw PostgresError(.cluster, "\(command[0]) cannot be run: \(String(cString: strerror(failure)))") }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let name = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let output = capturing ? (try? String(contentsOfFile: name, encoding: .utf8)) ?? "" : ""
        // The exit status where the program ended by itself, else the signal's number with 128 added, as shells give it.
        return Outcome(status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F), output: output)
    }
}
