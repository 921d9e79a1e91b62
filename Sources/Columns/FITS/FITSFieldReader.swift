import CCFITSIO

/// Reads the fields of a binary table, whole columns at a time.
struct FITSFieldReader {
    let file: FITSFile
    let rows: Int

    func column(_ field: FITSField) throws -> Column {
        guard let type = field.type else { throw ColumnsError.unsupportedType(path: file.path, column: field.name, type: field.typeName) }
        let column: Column
        switch type {
        case .bool: column = field.code == "L" ? try logical(field) : try bits(field)
        case .string: column = try text(field)
        case .float:
            var values = [Float](repeating: 0, count: rows)
            try file.check { _ = ffgcv($0, TFLOAT, field.number, 1, 1, Int64(rows), nil, &values, nil, &$1) }
            column = Column(field.name, .float(values), validity: Validity(values.lazy.map { !$0.isNaN }))
        case .double:
            var values = [Double](repeating: 0, count: rows)
            var null = Double.nan
            try file.check { _ = ffgcv($0, TDOUBLE, field.number, 1, 1, Int64(rows), &null, &values, nil, &$1) }
            column = Column(field.name, .double(values), validity: Validity(values.lazy.map { !$0.isNaN }))
        case .int64 where field.code == "X": column = try bits(field)
        default: column = try integers(field, type)
        }
        var out = column.withZeroedNulls
        out.unit = field.unit
        out.comment = field.comment
        return out
    }

    private func logical(_ field: FITSField) throws -> Column {
        var values = [CChar](repeating: 0, count: rows)
        var undefined = [CChar](repeating: 0, count: rows)
        var any: Int32 = 0
        try file.check { _ = ffgcfl($0, field.number, 1, 1, Int64(rows), &values, &undefined, &any, &$1) }
        return Column(field.name, .bool(values.map { $0 != 0 }), validity: any == 0 ? nil : Validity(undefined.lazy.map { $0 == 0 }))
    }

    private func bits(_ field: FITSField) throws -> Column {
        var flags = [CChar](repeating: 0, count: rows * field.count)
        for row in 0..<rows {
            try flags.withUnsafeMutableBufferPointer { buffer in
                try file.check { _ = ffgcx($0, field.number, Int64(row + 1), 1, Int64(field.count), buffer.baseAddress! + row * field.count, &$1) }
            }
        }
        if field.count == 1 { return Column(field.name, .bool(flags.map { $0 != 0 })) }
        return Column(
            field.name,
            .int64((0..<rows).map { row in (0..<field.count).reduce(0) { $0 << 1 | (flags[row * field.count + $1] != 0 ? 1 : 0) } }))
    }

    private func text(_ field: FITSField) throws -> Column {
        let width = field.count
        var out = ByteStrings()
        guard width > 0 else { return Column(field.name, .string(ByteStrings(repeatElement("", count: rows)))) }
        var buffer = [CChar](repeating: 0, count: (width + 1) * rows)
        try buffer.withUnsafeMutableBufferPointer { base in
            var pointers: [UnsafeMutablePointer<CChar>?] = (0..<rows).map { base.baseAddress! + $0 * (width + 1) }
            var empty: [CChar] = [0]
            try file.check { _ = ffgcvs($0, field.number, 1, 1, Int64(rows), &empty, &pointers, nil, &$1) }
        }
        for row in 0..<rows {
            var bytes = buffer[(row * (width + 1))..<((row + 1) * (width + 1))].prefix { $0 != 0 }
            while bytes.last == 32 { bytes.removeLast() }
            out.append(bytes.map { UInt8(bitPattern: $0) })
        }
        return Column(field.name, .string(out))
    }

    /// Integers as they lie in the file, shifted here: the library would refuse or round what its own types do not hold.
    private func integers(_ field: FITSField, _ type: ColumnType) throws -> Column {
        var raw = [Int64](repeating: 0, count: rows)
        try file.check { _ = fftscl($0, field.number, 1, 0, &$1) }
        try file.check { _ = ffgcv($0, TLONGLONG, field.number, 1, 1, Int64(rows), nil, &raw, nil, &$1) }
        let validity = field.null.map { null in Validity(raw.lazy.map { $0 != null }) }
        let values: [Int64]
        switch (field.code, field.zero) {
        case ("K", 9_223_372_036_854_775_808):
            values = try raw.enumerated().map { row, value in
                guard value < 0 else {
                    if validity?[row] == false { return 0 }
                    throw ColumnsError.malformed(path: file.path, reason: "column \(field.name) row \(row + 1) is more than a signed integer of 64 bits holds")
                }
                return value &- .min
            }
        default: values = field.zero == 0 ? raw : raw.map { $0 + Int64(field.zero) }
        }
        switch type {
        case .int16: return Column(field.name, .int16(values.map { Int16(truncatingIfNeeded: $0) }), validity: validity)
        case .int32: return Column(field.name, .int32(values.map { Int32(truncatingIfNeeded: $0) }), validity: validity)
        default: return Column(field.name, .int64(values), validity: validity)
        }
    }
}
