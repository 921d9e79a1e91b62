import CArrow
import Foundation

/// Writes a Parquet file, table by table, which appears under its name only when it is whole and on the disk.
///
///     let writer = try ParquetWriter(path: "export.parquet", compression: .zstd)
///     while let table = try next() { try writer.append(table) }
///     try writer.close()
///
/// Timestamps are written as timestamp[us], text as utf8; units and comments go to the metadata of each field ("unit",
/// "description"). Until `close` the data lies in a hidden file of the same folder; a writer that fails or is dropped removes it.
public final class ParquetWriter {
    /// Rows of a row group at most; a longer table becomes several.
    public static let rowGroupRowCountMax = 1 << 20

    public let path: String
    private let temporaryPath: String
    private let compression: ParquetCompression
    private let metadata: [String: String]
    private var state: State

    private enum State {
        /// The hidden file is open, its columns are not known yet.
        case waiting(descriptor: Int32)
        case writing(OpaquePointer, header: [Column], nested: [NestedTable])
        case done
    }

    /// Creates the hidden file beside `path`.
    ///
    /// - Parameter metadata: key-value pairs of the file's schema.
    /// - Throws: `unwritable` where the folder is missing or forbidden.
    public init(path: String, compression: ParquetCompression = .snappy, metadata: [String: String] = [:]) throws(ColumnsError) {
        let target = URL(fileURLWithPath: path)
        let name = ".\(target.lastPathComponent).\(UInt64.random(in: 0...UInt64.max)).partial"
        temporaryPath = target.deletingLastPathComponent().appendingPathComponent(name).path
        let descriptor = open(temporaryPath, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage(errno)) }
        self.path = path
        self.compression = compression
        self.metadata = metadata
        state = .waiting(descriptor: descriptor)
    }

    deinit { discard() }

    /// Adds the table's rows as a row group (as several past `rowGroupRowCountMax` rows). The first table fixes names and types.
    ///
    /// - Throws: `unwritable`, after which nothing is left and the writer takes no more: a table without columns or with other
    ///   columns than the first, a full disk.
    public func append(_ table: Table) throws(ColumnsError) { try append(table, nested: []) }

    /// As `append`, with columns behind the table's that hold rows of other tables: each a struct of lists.
    ///
    /// - Throws: as `append`; also a table of more than `rowGroupRowCountMax` rows, which nested rows cannot be parted with.
    public func append(_ table: Table, nested: [NestedTable]) throws(ColumnsError) {
        do throws(ColumnsError) {
            let (writer, header, nestedHeader) = try opened(for: table, nested)
            guard nested.map(\.shape) == nestedHeader.map(\.shape), nested.allSatisfy({ $0.rowCount == table.rowCount }) else {
                throw unwritable("nested columns have other names, types or row counts than those before")
            }
            guard nested.isEmpty || table.rowCount <= Self.rowGroupRowCountMax else {
                throw unwritable("a table of \(table.rowCount) rows is too long for one row group")
            }
            for (first, column) in zip(header, table.columns) where first.name != column.name || first.type != column.type {
                throw unwritable("column \(column.name) of type \(column.type) stands where \(first.name) of type \(first.type) was before")
            }
            guard header.count == table.columns.count else {
                throw unwritable("a table has \(table.columns.count) columns where there were \(header.count) before")
            }
            for start in stride(from: 0, to: table.rowCount, by: Self.rowGroupRowCountMax) {
                try check(carrow_writer_row_group(writer))
                let count = min(Self.rowGroupRowCountMax, table.rowCount - start)
                for (field, column) in table.columns.enumerated() {
                    try check(column.withArrowValues { carrow_writer_column(writer, Int32(field), $0, Int64(start), Int64(count)) })
                }
                for (place, rows) in nested.enumerated() {
                    let column = Int32(table.columns.count + place)
                    try check(
                        rows.table.columns.withArrowValues { values in
                            carrow_writer_nested(writer, column, rows.offsets, Int64(rows.rowCount), values, Int32(values.count))
                        })
                }
            }
        } catch {
            discard()
            throw error
        }
    }

    /// Writes the footer, waits for the disk and gives the file its name, in place of one that has it already.
    ///
    /// - Throws: `unwritable`; nothing is left then, and a former file of that name is untouched.
    public func close() throws(ColumnsError) {
        do throws(ColumnsError) {
            guard case .writing(let writer, _, _) = state else {
                throw unwritable("no table was appended, so that its columns are unknown")
            }
            try check(carrow_writer_finish(writer))
            guard rename(temporaryPath, path) == 0 else { throw unwritable(systemMessage(errno)) }
            state = .done
            carrow_writer_free(writer)
            try synchronizeFolder()
        } catch {
            discard()
            throw error
        }
    }

    /// Writes the table as a whole file.
    ///
    /// - Throws: `unwritable`, also for a table without columns.
    public static func write(
        _ table: Table, to path: String, compression: ParquetCompression = .snappy, metadata: [String: String] = [:]
    ) throws(ColumnsError) {
        let writer = try ParquetWriter(path: path, compression: compression, metadata: metadata)
        try writer.append(table)
        try writer.close()
    }

    private func opened(for table: Table, _ nested: [NestedTable]) throws(ColumnsError) -> (OpaquePointer, [Column], [NestedTable]) {
        switch state {
        case .writing(let writer, let header, let nestedHeader): return (writer, header, nestedHeader)
        case .done: throw unwritable("it is closed already, or writing it has failed before")
        case .waiting(let descriptor):
            guard !table.columns.isEmpty else { throw unwritable("a Parquet file has at least one column, and the table has none") }
            var writer: OpaquePointer?
            // The descriptor is the callee's from here on.
            state = .done
            let failure = openArrowWriter(descriptor, table.columns, nested, metadata, compression, &writer)
            if let reason = arrowMessage(failure) {
                unlink(temporaryPath)
                throw unwritable(reason)
            }
            let header = table.columns.map { Column($0.name, ColumnValues(zeros: $0.type, count: 0)) }
            state = .writing(writer!, header: header, nested: nested.map(\.withoutRows))
            return (writer!, header, nested)
        }
    }

    /// Removes the hidden file, unless the writer is done.
    private func discard() {
        switch state {
        case .done: return
        case .waiting(let descriptor): Foundation.close(descriptor)
        case .writing(let writer, _, _): carrow_writer_free(writer)
        }
        unlink(temporaryPath)
        state = .done
    }

    /// A rename is only on the disk when its folder is.
    private func synchronizeFolder() throws(ColumnsError) {
        let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        defer { Foundation.close(folder) }
        _ = fsync(folder)
    }

    private func check(_ failure: UnsafeMutablePointer<CChar>?) throws(ColumnsError) {
        if let reason = arrowMessage(failure) { throw unwritable(reason) }
    }

    private func unwritable(_ reason: String) -> ColumnsError { .unwritable(path: path, reason: reason) }
}
