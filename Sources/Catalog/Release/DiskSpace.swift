import Foundation
import Postgres

/// What a generation takes on disk, and what is free.
public enum DiskSpace {
    /// Bytes that are free where a path lies; nil where the system does not say.
    public static func free(_ path: String) -> Int64? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        return (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
    }

    /// Bytes of a generation's tables and indexes, as the sizing meter measures them.
    public static func bytes(of generation: Generation, on connection: Connection) throws -> Int64 {
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/relations"), [.text(generation.schemaName)]))
        return (0..<rows.count).reduce(0) { sum, row in
            ["heapBytes", "mapBytes", "toastBytes", "indexBytes"].reduce(sum) { $0 + rows.integer($1, row) }
        }
    }
}
