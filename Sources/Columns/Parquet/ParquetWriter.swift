import CArrow
import Foundation

/// Writes columns to a Parquet file, under a temporary name beside it that becomes the file's when all is on disk.
///
///     try ParquetWriter.write(table, to: "objects.parquet")
public final class ParquetWriter {
    public enum Compression: String, Sendable { case zstd, snappy, none }

    private let path: String
    private let temporary: String
    private var handle: OpaquePointer?

    /// A file for tables that have the same columns as `example`.
    /// - Throws: `ColumnsError.unwritable`
    public init(path: String, like example: Table, compression: Compression = .zstd) throws {
        self.path = path
        temporary = TemporaryName.beside(path)
        guard !example.columns.isEmpty else { throw ColumnsError.unwritable(path: path, reason: "the table has no columns") }
        var schema = ArrowExport.schema(of: example)
        var opened: OpaquePointer?
        if let message = ParquetReader.taken(carrow_create(temporary, &schema, compression.rawValue, &opened)) {
            unlink(temporary)
            throw ColumnsError.unwritable(path: path, reason: message)
        }
        handle = opened
    }

    /// Adds rows as one row group (or several of a million rows).
    public func append(_ table: Table) throws {
        guard let handle else { preconditionFailure("the writer is finished") }
        var array = ArrowExport.array(of: table)
        if let message = ParquetReader.taken(carrow_write(handle, &array)) {
            abandon()
            throw ColumnsError.unwritable(path: path, reason: message)
        }
    }

    /// Ends the file and gives it its name.
    public func finish() throws {
        guard let handle else { return }
        self.handle = nil
        if let message = ParquetReader.taken(carrow_finish(handle)) {
            unlink(temporary)
            throw ColumnsError.unwritable(path: path, reason: message)
        }
        guard rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw ColumnsError.unwritable(path: path, reason: reason)
        }
    }

    private func abandon() {
        if let handle { carrow_abandon(handle) }
        handle = nil
        unlink(temporary)
    }

    deinit { if handle != nil { abandon() } }

    /// Writes one table as a file of its own.
    public static func write(_ table: Table, to path: String, compression: Compression = .zstd) throws {
        let writer = try ParquetWriter(path: path, like: table, compression: compression)
        try writer.append(table)
        try writer.finish()
    }
}

/// Names of files that are not whole yet.
enum TemporaryName {
    static func beside(_ path: String) -> String { "\(path).writing-\(getpid())-\(UInt32.random(in: 0 ... .max))" }
}
