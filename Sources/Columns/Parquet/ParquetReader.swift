import CArrow

/// Reads a Parquet file, whole or chosen columns of chosen row groups.
///
///     let reader = try ParquetReader(path: "visit.parquet")
///     let table = try reader.read(columns: ["ra", "dec"], rowGroups: 0..<1)
///
/// Integers widen to the next type of `ColumnType` (uint64 only up to the largest int64), float16 to float; text and bytes of any
/// Arrow layout, dictionary-encoded too, become string and binary; dates and timestamps of any unit become microseconds, nanoseconds
/// rounded down. One thread at a time may use a reader; calls block.
public final class ParquetReader {
    public let path: String
    /// The columns, in the file's order, those that cannot be read as well.
    public let schema: [ParquetColumn]
    /// The key-value pairs of the file's schema (pandas keeps a JSON text under "pandas").
    public let metadata: [String: String]
    public let rowCount: Int
    public let rowGroupCount: Int

    private let handle: OpaquePointer
    private let layouts: [ArrowLayout?]

    /// Opens the file and reads its footer.
    ///
    /// - Throws: `unreadable` where the file is missing, a directory or forbidden, `malformed` where it is no whole Parquet file.
    public init(path: String) throws(ColumnsError) {
        if let reason = reasonAgainstReading(path) { throw reason }
        var opened: OpaquePointer?
        if let reason = arrowMessage(carrow_reader_open(path, &opened)) { throw .malformed(path: path, reason: reason) }
        let handle = opened!
        do throws(ColumnsError) {
            var root = ArrowSchema()
            if let reason = arrowMessage(carrow_reader_schema(handle, &root)) { throw .malformed(path: path, reason: reason) }
            defer { carrow_schema_release(&root) }
            var columns: [ParquetColumn] = []
            var layouts: [ArrowLayout?] = []
            var names: Set<String> = []
            for field in 0..<Int(root.n_children) {
                let child = root.children[field]!.pointee
                var text: UnsafeMutablePointer<CChar>?
                if let reason = arrowMessage(carrow_reader_type_text(handle, Int32(field), &text)) {
                    throw .malformed(path: path, reason: reason)
                }
                defer { carrow_text_free(text) }
                let column = ParquetColumn(child, arrowType: String(cString: text!))
                guard names.insert(column.name).inserted else {
                    throw .malformed(path: path, reason: "two of its columns are named \(column.name)")
                }
                columns.append(column)
                layouts.append(ArrowLayout(child))
            }
            schema = columns
            self.layouts = layouts
            metadata = arrowMetadata(root.metadata)
        } catch {
            carrow_reader_close(handle)
            throw error
        }
        self.path = path
        self.handle = handle
        rowCount = Int(carrow_reader_row_count(handle))
        rowGroupCount = Int(carrow_reader_row_group_count(handle))
    }

    deinit { carrow_reader_close(handle) }

    /// - Precondition: `rowGroup` is less than `rowGroupCount`.
    public func rowCount(ofRowGroup rowGroup: Int) -> Int {
        precondition((0..<rowGroupCount).contains(rowGroup), "\(path) has \(rowGroupCount) row groups, not \(rowGroup + 1)")
        return Int(carrow_reader_row_group_rows(handle, Int32(rowGroup)))
    }

    /// Decodes columns into memory.
    ///
    /// - Parameters:
    ///   - columns: names in the order wanted; nil for all. A name that stands twice counts once.
    ///   - rowGroups: nil for all.
    ///   - skippingUnsupported: leave out columns whose type is unsupported, when all are read.
    /// - Throws: `missingColumn`; `unsupportedType`, also for a value that the wider type cannot hold; `malformed` for damage.
    public func read(
        columns: [String]? = nil, rowGroups: Range<Int>? = nil, skippingUnsupported: Bool = false
    ) throws(ColumnsError) -> Table {
        let wanted = try fields(columns, skippingUnsupported)
        let groups = rowGroups ?? 0..<rowGroupCount
        guard groups.lowerBound >= 0, groups.upperBound <= rowGroupCount else {
            throw .unreadable(
                path: path, reason: "it has \(rowGroupCount) row groups, and row group \(groups.upperBound - 1) was asked for")
        }
        guard !wanted.isEmpty else { return Table() }
        let fields = wanted.sorted()
        var decoded: OpaquePointer?
        let groupRows = groups.reduce(0) { $0 + rowCount(ofRowGroup: $1) }
        let failure = carrow_reader_read(
            handle, fields.map(Int32.init), Int32(fields.count), groups.map(Int32.init), Int32(groups.count),
            groupRows * fields.count > Self.valuesWorthThreads, &decoded)
        if let reason = arrowMessage(failure) { throw .malformed(path: path, reason: reason) }
        let arrow = decoded!
        defer { carrow_columns_free(arrow) }
        var read: [Int: Column] = [:]
        for (position, field) in fields.enumerated() {
            read[field] = try column(field, arrow, Int32(position), rowCount: groupRows, firstRowGroup: groups.lowerBound)
        }
        return Table(wanted.map { read[$0]! })
    }

    /// With fewer values than this the threads cost more than they save.
    private static let valuesWorthThreads = 20_000

    /// The positions of columns in the file's schema.
    private func fields(_ columns: [String]?, _ skippingUnsupported: Bool) throws(ColumnsError) -> [Int] {
        var fields: [Int] = []
        if let columns {
            let positions = Dictionary(uniqueKeysWithValues: schema.enumerated().map { ($1.name, $0) })
            var seen: Set<Int> = []
            for name in columns {
                guard let field = positions[name] else { throw .missingColumn(path: path, column: name) }
                if seen.insert(field).inserted { fields.append(field) }
            }
        } else {
            fields = schema.indices.filter { !skippingUnsupported || schema[$0].type != nil }
        }
        for field in fields where schema[field].type == nil {
            throw .unsupportedType(path: path, column: schema[field].name, type: schema[field].arrowType)
        }
        return fields
    }

    private func column(
        _ field: Int, _ arrow: OpaquePointer, _ position: Int32, rowCount: Int, firstRowGroup: Int
    ) throws(ColumnsError) -> Column {
        let definition = schema[field]
        let chunks = ArrowChunks()
        for chunk in 0..<carrow_columns_chunk_count(arrow, position) {
            var array = ArrowArray()
            if let reason = arrowMessage(carrow_columns_chunk(arrow, position, chunk, &array)) {
                throw .malformed(path: path, reason: reason)
            }
            chunks.append(array)
        }
        carrow_columns_drop(arrow, position)
        guard chunks.rowCount == rowCount else {
            throw .malformed(
                path: path, reason: "column \(definition.name) has \(chunks.rowCount) rows where its row groups announce \(rowCount)")
        }
        do throws(ArrowDecodingFailure) {
            let (values, validity) = try chunks.decode(layouts[field]!)
            return Column(definition.name, values, validity: validity, unit: definition.unit, comment: definition.comment)
        } catch {
            switch error {
            case .outOfRange(let row, let value):
                let rowsBefore = (0..<firstRowGroup).reduce(0) { $0 + self.rowCount(ofRowGroup: $1) }
                throw .unsupportedType(
                    path: path, column: definition.name,
                    type: "\(definition.arrowType) with \(value) in row \(rowsBefore + row), out of range for \(definition.type!)")
            case .tooLong:
                throw .unreadable(
                    path: path, reason: "column \(definition.name) has more than 2 GiB of text; read fewer row groups at a time")
            case .damagedDictionary(let row):
                throw .malformed(path: path, reason: "column \(definition.name), row \(row) is not in the column's dictionary")
            }
        }
    }
}
