import CArrow

/// Turns an array of the Arrow C data interface into a column, copying its buffers.
enum ArrowImport {
    /// - Throws: `ColumnsError` where the type has no counterpart or a value does not fit.
    static func column(name: String, schema: ArrowSchema, array: ArrowArray, path: String) throws -> Column {
        if let dictionary = schema.dictionary, let values = array.dictionary {
            let indices = try column(name: name, type: ArrowType(format: String(cString: schema.format)), array: array, path: path)
            let taken = try column(name: name, schema: dictionary.pointee, array: values.pointee, path: path)
            return gather(taken, indices, name: name)
        }
        return try column(name: name, type: ArrowType(format: String(cString: schema.format)), array: array, path: path)
    }

    private static func column(name: String, type: ArrowType, array: ArrowArray, path: String) throws -> Column {
        let count = Int(array.length)
        let offset = Int(array.offset)
        func buffer(_ i: Int) -> UnsafeRawPointer? { array.n_buffers > i ? array.buffers[i] : nil }
        if case .null = type { return .nulls(name, .bool, count: count) }
        let validity = array.null_count == 0 ? nil : bits(buffer(0), offset, count).map { Validity(bits: $0, count: count) }
        func plain<T>(_: T.Type) -> [T] {
            guard count > 0, let base = buffer(1) else { return [] }
            return Array(UnsafeBufferPointer(start: base.assumingMemoryBound(to: T.self) + offset, count: count))
        }
        let values: ColumnValues
        switch type {
        case .bool: values = .bool(unpacked(buffer(1), offset, count))
        case .integer(1, true): values = .int16(plain(Int8.self).map(Int16.init))
        case .integer(1, false): values = .int16(plain(UInt8.self).map(Int16.init))
        case .integer(2, true): values = .int16(plain(Int16.self))
        case .integer(2, false): values = .int32(plain(UInt16.self).map(Int32.init))
        case .integer(4, true): values = .int32(plain(Int32.self))
        case .integer(4, false): values = .int64(plain(UInt32.self).map(Int64.init))
        case .integer(_, true): values = .int64(plain(Int64.self))
        case .integer(_, false):
            let wide = plain(UInt64.self)
            if let row = wide.indices.first(where: { wide[$0] > UInt64(Int64.max) && validity?[$0] ?? true }) {
                throw ColumnsError.malformed(path: path, reason: "column \(name) row \(row + 1) holds \(wide[row]), which is more than a signed integer of 64 bits")
            }
            values = .int64(wide.map { Int64(truncatingIfNeeded: $0) })
        case .half: values = .float(plain(UInt16.self).map(single))
        case .float: values = .float(plain(Float.self))
        case .double: values = .double(plain(Double.self))
        case .variable(let offsetBytes, let isText):
            let strings = try strings(buffer(1), buffer(2), offset, count, offsetBytes, name, path)
            values = isText ? .string(strings) : .binary(strings)
        case .fixedBinary(let width):
            let bytes = buffer(1).map { Array(UnsafeRawBufferPointer(start: $0 + offset * width, count: count * width)) } ?? []
            values = .binary(ByteStrings(bytes: bytes, offsets: (0...count).map { Int32($0 * width) }))
        case .time(let bytes, let numerator, let denominator):
            let raw = bytes == 4 ? plain(Int32.self).map(Int64.init) : plain(Int64.self)
            // Division that rounds down, so that times before 1970 do not move towards it.
            values = .timestamp(denominator == 1 ? raw.map { $0 &* numerator } : raw.map { ($0 - (($0 % denominator) + denominator) % denominator) / denominator })
        case .null, .unsupported:
            guard case .unsupported(let text) = type else { return .nulls(name, .bool, count: count) }
            throw ColumnsError.unsupportedType(path: path, column: name, type: text)
        }
        return Column(name, values, validity: validity).withZeroedNulls
    }

    /// A bitmap that begins at bit `offset` of the buffer, moved to begin at bit 0.
    private static func bits(_ base: UnsafeRawPointer?, _ offset: Int, _ count: Int) -> [UInt8]? {
        guard let base else { return nil }
        let bytes = base.assumingMemoryBound(to: UInt8.self)
        if offset % 8 == 0 { return Array(UnsafeBufferPointer(start: bytes + offset / 8, count: (count + 7) / 8)) }
        var out = [UInt8](repeating: 0, count: (count + 7) / 8)
        for i in 0..<count where bytes[(offset + i) >> 3] & (1 << UInt8((offset + i) & 7)) != 0 { out[i >> 3] |= 1 << UInt8(i & 7) }
        return out
    }

    private static func unpacked(_ base: UnsafeRawPointer?, _ offset: Int, _ count: Int) -> [Bool] {
        guard let bytes = base?.assumingMemoryBound(to: UInt8.self) else { return [Bool](repeating: false, count: count) }
        return [Bool](unsafeUninitializedCapacity: count) { out, filled in
            for i in 0..<count { out[i] = (bytes[(offset + i) >> 3] >> UInt8((offset + i) & 7)) & 1 != 0 }
            filled = count
        }
    }

    private static func strings(
        _ offsets: UnsafeRawPointer?, _ data: UnsafeRawPointer?, _ offset: Int, _ count: Int, _ width: Int, _ name: String, _ path: String
    ) throws -> ByteStrings {
        guard count > 0, let offsets else { return ByteStrings() }
        func position(_ i: Int) -> Int {
            width == 4
                ? Int(offsets.load(fromByteOffset: (offset + i) * 4, as: Int32.self)) : Int(offsets.load(fromByteOffset: (offset + i) * 8, as: Int64.self))
        }
        let (start, end) = (position(0), position(count))
        guard end - start <= Int(Int32.max) else {
            throw ColumnsError.unsupportedType(path: path, column: name, type: "text of more than 2 GiB in one piece; write it in smaller row groups")
        }
        let bytes = data.map { Array(UnsafeRawBufferPointer(start: $0 + start, count: end - start)) } ?? []
        return ByteStrings(bytes: bytes, offsets: (0...count).map { Int32(position($0) - start) })
    }

    private static func gather(_ values: Column, _ indices: Column, name: String) -> Column {
        let rows: [Int]
        switch indices.values {
        case .int16(let v): rows = v.map(Int.init)
        case .int32(let v): rows = v.map(Int.init)
        case .int64(let v): rows = v.map(Int.init)
        default: rows = []
        }
        if values.count == 0 { return .nulls(name, values.type, count: rows.count) }
        var out = values.gather(rows.enumerated().map { indices.isNull($0.offset) ? 0 : $0.element })
        if indices.nullCount > 0 || out.validity != nil {
            out.validity = Validity(rows.indices.lazy.map { !indices.isNull($0) && !out.isNull($0) })
        }
        return out.renamed(name).withZeroedNulls
    }

    /// A half-precision number (IEEE 754 binary16).
    private static func single(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let (exponent, fraction) = (UInt32(bits >> 10) & 0x1F, UInt32(bits & 0x3FF))
        if exponent == 0x1F { return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13) }
        if exponent == 0 { return Float(fraction) * 0x1p-24 * (sign == 0 ? 1 : -1) }
        return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
}
