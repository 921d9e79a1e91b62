import Foundation

/// The settings file that initdb writes has values of its own, which would hold instead of those that it includes from SkyLedger's.
enum InitialSettings {
    /// Puts lines of initdb's out of force where SkyLedger's file sets the same. A line that somebody changed stays.
    ///
    /// - Parameters:
    ///   - conf: the text of postgresql.conf.
    ///   - settings: the text of SkyLedger's file.
    static func yielding(_ conf: String, to settings: String) -> String {
        let ours = Set(settings.split(separator: "\n").compactMap(name(of:)))
        return conf.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let name = name(of: line), ours.contains(name), values[name] == value(of: line) else { return String(line) }
            return "#\(line)"
        }.joined(separator: "\n")
    }

    /// What initdb chooses on a machine that is not very small.
    private static let values = [
        "max_connections": "100", "shared_buffers": "128MB", "max_wal_size": "1GB", "min_wal_size": "80MB", "timezone": "'Etc/UTC'",
    ]

    private static func name(of line: Substring) -> String? {
        guard let end = line.firstIndex(of: "="), !line.hasPrefix("#") else { return nil }
        return line[..<end].trimmingCharacters(in: .whitespaces)
    }

    private static func value(of line: Substring) -> String {
        let rest = line[line.index(after: line.firstIndex(of: "=")!)...]
        return rest.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
    }
}
