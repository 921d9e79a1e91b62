/// How a table is laid out as a FITS binary table: what stands in the header, and where each column's bytes are in a row.
struct FITSOutputPlan {
    struct Field {
        /// As it is written: timestamps have become text.
        var column: Column
        var format: String
        var offsetBytes: Int
        var widthBytes: Int
        /// The integer that stands for null (TNULLn); nil where none is needed.
        var null: Int64?
    }

    var fields: [Field] = []
    var rowBytes = 0
    var rowCount: Int

    /// What the standard (or CFITSIO) holds at most.
    static let columnCountMax = 999

    /// - Throws: `ColumnsError.unwritable`, `.unsupportedType`; `path` is named in them alone.
    init(_ table: Table, path: String) throws {
        func unwritable(_ reason: String) -> ColumnsError { .unwritable(path: path, reason: reason) }
        rowCount = table.rowCount
        guard table.columns.count <= Self.columnCountMax else {
            throw unwritable("a FITS table has at most \(Self.columnCountMax) columns, this one \(table.columns.count)")
        }
        var names: [String: String] = [:]
        for column in table.columns {
            guard Self.fitsKeyword(column.name), !column.name.isEmpty else {
                throw unwritable(
                    "FITS cannot carry the column name '\(column.name)' (1 to 68 printable ASCII characters, no blank at an end)")
            }
            if let other = names.updateValue(column.name, forKey: column.name.lowercased()) {
                throw unwritable("FITS does not tell the column names \(other) and \(column.name) apart")
            }
            guard Self.fitsKeyword(column.unit ?? "") else {
                throw unwritable("FITS cannot carry the unit '\(column.unit ?? "")' of column \(column.name) (printable ASCII alone)")
            }
            let field = try Self.field(column, at: rowBytes, path: path)
            rowBytes += field.widthBytes
            fields.append(field)
        }
    }

    /// Whether a text fits unchanged between the quotes of one header card, in which a quote counts twice.
    private static func fitsKeyword(_ text: String) -> Bool {
        let length = text.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "'") ? 2 : 1) }
        return length <= 68 && text.utf8.allSatisfy { 32...126 ~= $0 } && text.first != " " && text.last != " "
    }

    private static func field(_ column: Column, at offset: Int, path: String) throws -> Field {
        func made(_ letter: String, _ width: Int, null: Int64? = nil) -> Field {
            Field(column: column, format: "1" + letter, offsetBytes: offset, widthBytes: width, null: null)
        }
        func absent<Value: FixedWidthInteger>(_ values: [Value]) throws -> Int64? {
            guard column.nullCount > 0 else { return nil }
            guard let value = absentValue(values, isNull: column.isNull) else {
                throw ColumnsError.unwritable(
                    path: path, reason: "column \(column.name) has nulls and every value of its type, so that none is left for TNULL")
            }
            return Int64(value)
        }
        switch column.values {
        case .bool: return made("L", 1)
        case .int16(let values): return made("I", 2, null: try absent(values))
        case .int32(let values): return made("J", 4, null: try absent(values))
        case .int64(let values): return made("K", 8, null: try absent(values))
        case .float: return made("E", 4)
        case .double: return made("D", 8)
        case .string(let values):
            var width = 1
            for row in 0..<values.count where !column.isNull(row) {
                let bytes = values.bytes(at: row)
                guard bytes.allSatisfy({ 32...126 ~= $0 }) else {
                    let reason = "column \(column.name) has in row \(row) text that is not printable ASCII, which FITS cannot carry"
                    throw ColumnsError.unwritable(path: path, reason: reason)
                }
                width = max(width, bytes.count)
            }
            return Field(column: column, format: "\(width)A", offsetBytes: offset, widthBytes: width, null: nil)
        case .timestamp(let values):
            var text = ByteStrings()
            var written: [UInt8] = []
            for row in 0..<values.count {
                written.removeAll(keepingCapacity: true)
                if !column.isNull(row) { ISOTimestamp.append(values[row], to: &written) }
                guard written.isEmpty || written.count == ISOTimestamp.usualLength else {
                    throw ColumnsError.unwritable(
                        path: path, reason: "column \(column.name) has in row \(row) a time outside the years 0 to 9999")
                }
                text.append(written)
            }
            var asText = column
            asText.values = .string(text)
            let width = ISOTimestamp.usualLength
            return Field(column: asText, format: "\(width)A", offsetBytes: offset, widthBytes: width, null: nil)
        case .binary:
            throw ColumnsError.unsupportedType(path: path, column: column.name, type: "binary")
        }
    }

    /// The least value that no row holds; nil where there is none.
    static func absentValue<Value: FixedWidthInteger>(_ values: [Value], isNull: (Int) -> Bool) -> Value? {
        var held: Set<Value>?
        if values.indices.contains(where: { values[$0] == .min && !isNull($0) }) {
            held = Set(values.indices.filter { !isNull($0) }.map { values[$0] })
        }
        guard let held else { return .min }
        var candidate = Value.min
        while held.contains(candidate) {
            if candidate == .max { return nil }
            candidate += 1
        }
        return candidate
    }

    /// The bytes of some rows, as they stand in the file.
    func encode(_ rows: Range<Int>, into block: UnsafeMutableRawBufferPointer) {
        precondition(rows.upperBound <= rowCount && rows.count * rowBytes <= block.count)
        for field in fields {
            let cells = OutputCells(block: block, rowBytes: rowBytes, field: field, rows: rows)
            switch field.column.values {
            case .bool(let values): cells.store(null: 0) { values[$0] ? UInt8(ascii: "T") : UInt8(ascii: "F") }
            case .int16(let values): cells.store(null: Int16(field.null ?? 0)) { values[$0] }
            case .int32(let values): cells.store(null: Int32(field.null ?? 0)) { values[$0] }
            case .int64(let values): cells.store(null: field.null ?? 0) { values[$0] }
            case .float(let values): cells.store(null: Float.nan.bitPattern) { values[$0].bitPattern }
            case .double(let values): cells.store(null: Double.nan.bitPattern) { values[$0].bitPattern }
            case .string(let values): cells.store(values)
            case .binary, .timestamp: preconditionFailure("\(field.column.name) is no column of a FITS table")
            }
        }
    }
}

/// Where one column's bytes go in a block of rows.
private struct OutputCells {
    let block: UnsafeMutableRawBufferPointer
    let rowBytes: Int
    let field: FITSOutputPlan.Field
    let rows: Range<Int>

    @inline(__always)
    func store<Stored: FixedWidthInteger>(null: Stored, _ value: (Int) -> Stored) {
        var offset = field.offsetBytes
        for row in rows {
            let stored = field.column.isNull(row) ? null : value(row)
            block.storeBytes(of: stored.bigEndian, toByteOffset: offset, as: Stored.self)
            offset += rowBytes
        }
    }

    func store(_ values: ByteStrings) {
        var offset = field.offsetBytes
        for row in rows {
            let cell = UnsafeMutableRawBufferPointer(rebasing: block[offset..<offset + field.widthBytes])
            let bytes = field.column.isNull(row) ? [] : values.bytes(at: row)
            cell.copyBytes(from: bytes)
            for i in bytes.count..<cell.count { cell[i] = UInt8(ascii: " ") }
            offset += rowBytes
        }
    }
}
