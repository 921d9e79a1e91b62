import TestSupport
import Columns
import Foundation

/// Where the tests find python and real data.
enum SummaryData {
    static let missingPython = "needs the python of tools/bootstrap, or set SKYLEDGER_DEPS"
    static let missingData = "needs real data: ../shared/data beside the package, or set SKYLEDGER_DATA"

    /// Paths of a folder's files whose names begin and end so, in order.
    static func files(_ folder: String, prefix: String, suffix: String) throws -> [String] {
        let directory = PackageFolder.data.appendingPathComponent(folder)
        return try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }.sorted().map { directory.appendingPathComponent($0).path }
    }

    /// The rows of all the files, one after another.
    static func read(_ paths: [String], columns: [String]) throws -> Table {
        try paths.reduce(Table()) { try $0.appending(ParquetFile.read($1, columns: columns)) }
    }
}
