import Columns
import Foundation

/// What a path given to `load` means.
public enum LoadInput: Sendable, Equatable {
    /// A directory with visits.parquet and one visit_NNNNNN.parquet a visit.
    case visitDirectory(String)
    /// A Parquet or FITS file of DiaSources with visit and detector columns.
    case catalog(String)

    /// - Throws: `IngestError.notAnInput`, `ColumnsError.unreadable`
    public init(path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw IngestError.notAnInput(path: path, reason: "there is no such file or directory")
        }
        guard isDirectory.boolValue else {
            self = .catalog(path)
            return
        }
        guard (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil else {
            throw IngestError.notAnInput(path: path, reason: "the directory cannot be read: check its permissions")
        }
        guard FileManager.default.fileExists(atPath: path + "/visits.parquet") else {
            throw IngestError.notAnInput(
                path: path, reason: "the directory has no visits.parquet; name the files of DiaSources one by one instead")
        }
        self = .visitDirectory(path)
    }
}

/// Reads a catalog by what the file is, not by its name.
public enum CatalogFile {
    /// - Throws: `ColumnsError`
    public static func read(_ path: String) throws -> Table {
        if isFITS(path) { return try FITSTable.read(path, skippingUnsupported: true) }
        return try ParquetReader(path: path).read(skippingUnsupported: true)
    }

    private static func isFITS(_ path: String) -> Bool {
        let name = path.lowercased()
        if [".fits", ".fit", ".fits.gz", ".fits.fz"].contains(where: name.hasSuffix) { return true }
        guard let handle = FileHandle(forReadingAtPath: path), let start = try? handle.read(upToCount: 9) else { return false }
        return start == Data("SIMPLE  =".utf8)
    }
}
