import Foundation
import TestSupport

/// The repository that this test was compiled from.
enum RepositoryFiles {
    /// Names of the folders in Sources.
    static func rooms() throws -> [String] {
        let folder = PackageFolder.root.appendingPathComponent("Sources")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            (try? folder.appendingPathComponent($0).resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
        }.sorted()
    }

    /// Paths, relative to the root, of the files below a folder whose names end so.
    static func files(below folder: String, endings: Set<String>) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: PackageFolder.root.appendingPathComponent(folder).path)
            .filter { endings.contains(($0 as NSString).pathExtension) }.map { "\(folder)/\($0)" }.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: PackageFolder.root.appendingPathComponent(path), encoding: .utf8)
    }
}
