import CArrow
import Foundation

/// Gathers the footers of a dataset's files into its `_metadata` file, by which readers prune files without opening them.
public final class ParquetFooters {
    private var handle: OpaquePointer?

    public init() {}

    deinit { carrow_footers_free(handle) }

    /// - Parameter relativePath: the file as seen from the dataset's folder.
    /// - Throws: `malformed` for a file that is no Parquet, or of another schema than the first.
    public func add(_ path: String, as relativePath: String) throws(ColumnsError) {
        if let reason = arrowMessage(carrow_footers_add(&handle, path, relativePath)) { throw .malformed(path: path, reason: reason) }
    }

    /// Writes the file, which must not exist, and waits for the disk.
    /// - Precondition: a footer was added.
    /// - Throws: `unwritable`
    public func write(to path: String) throws(ColumnsError) {
        precondition(handle != nil, "no footer was added")
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage(errno)) }
        if let reason = arrowMessage(carrow_footers_write(handle, descriptor)) { throw .unwritable(path: path, reason: reason) }
    }
}
