import Foundation

/// What can be said about a path before a library is asked.
enum FileProbe {
    static func requireReadableFile(_ path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ColumnsError.unreadable(path: path, reason: "there is no such file")
        }
        if isDirectory.boolValue { throw ColumnsError.unreadable(path: path, reason: "it is a directory") }
        guard FileManager.default.isReadableFile(atPath: path) else { throw ColumnsError.unreadable(path: path, reason: "permission is denied") }
    }
}

/// Names of files that are not whole yet.
enum TemporaryName {
    static func beside(_ path: String) -> String { "\(path).writing-\(getpid())-\(UInt32.random(in: 0 ... .max))" }
}
