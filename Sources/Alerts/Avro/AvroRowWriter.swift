import Columns

/// Writes rows of a table as records, column by column and without values in between.
///
///     let sources = try AvroRowWriter(record: "diaSource", of: schema, table: history)
///     sources.append(row: 7, to: &packet)
///     sources.appendArray(rows: 0..<212, to: &packet)
///
/// Fields take the columns of their names. Numbers widen as schemas allow (int16 and int32 to int, long, float or double; int64 to long,
/// float or double; float to double), texts and binary columns fill strings and bytes, and timestamps longs of microseconds. A field that
/// the table lacks takes its default. A NaN stays a NaN, and a null takes the union's null branch.
public struct AvroRowWriter: Sendable {
    public let rowCount: Int
    /// Fields that the table has no column for.
    public let fieldsWithoutColumn: [String]
    let fields: [AvroColumnField]
    /// The most that the fields of known width take in one row.
    let fixedSizeBytesMax: Int

    /// - Parameters:
    ///   - record: full or bare name of a record whose fields are primitives, or unions of null and a primitive.
    ///   - absent: fields that are null or default by intent although the table has a column of their name.
    /// - Throws: `AvroError.schema` where there is no such record; `AvroError.table` where a field has neither column nor default, a
    ///   column's type does not fit, or a null stands where the field takes none.
    public init(record name: String, of schema: AvroSchema, table: Table, absent: Set<String> = []) throws {
        guard let record = schema.record(name) else { throw AvroError.schema(place: "", reason: "it has no record \(name)") }
        rowCount = table.rowCount
        var missing: [String] = []
        fields = try record.fields.map { field in
            let column = absent.contains(field.name) ? nil : table[field.name]
            if column == nil { missing.append(field.name) }
            return try AvroColumnField(field, record: record.name, schema: schema, column: column)
        }
        fieldsWithoutColumn = missing
        fixedSizeBytesMax = fields.reduce(0) { $0 + $1.sizeBytesMax }
    }

    /// Appends the record of one row.
    public func append(row: Int, to out: inout [UInt8]) { append(rows: row..<row + 1, to: &out) }

    /// Appends the rows as an array of records, as fastavro lays it out: one block and the closing zero.
    public func appendArray(rows: Range<Int>, to out: inout [UInt8]) {
        if !rows.isEmpty {
            AvroBytes.append(Int64(rows.count), to: &out)
            append(rows: rows, to: &out)
        }
        out.append(0)
    }

    /// Appends the records of the rows one after the other.
    ///
    /// A block of rows is written column by column, each row into a slot that holds the longest, and then moved together: the inner loops
    /// run over one column of one type, and a block's slots stay in the cache.
    /// - Complexity: O(rows * fields + bytes)
    public func append(rows: Range<Int>, to out: inout [UInt8]) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of a table of \(rowCount)")
        var start = rows.lowerBound
        while start < rows.upperBound {
            let end = min(start + Self.blockRowCount, rows.upperBound)
            appendBlock(start..<end, to: &out)
            start = end
        }
    }

    static let blockRowCount = 32

    private func appendBlock(_ rows: Range<Int>, to out: inout [UInt8]) {
        let stride = fixedSizeBytesMax + fields.reduce(0) { $0 + $1.variableSizeBytesMax(rows) }
        withUnsafeTemporaryAllocation(byteCount: stride * rows.count, alignment: 8) { slots in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: rows.count) { ends in
                for row in 0..<rows.count { ends[row] = row * stride }
                let target = AvroSlots(bytes: slots, ends: ends)
                for field in fields { field.write(rows, to: target) }
                for row in 0..<rows.count {
                    out.append(contentsOf: UnsafeRawBufferPointer(rebasing: slots[row * stride..<ends[row]]))
                }
            }
        }
    }
}
