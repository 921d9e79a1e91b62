import Columns

/// Writes a table in PostgreSQL's binary COPY format (manual, COPY, "Binary Format"), row after row, straight from its columns.
public struct CopyEncoder {
    /// Signature, flags and length of the extension.
    public static let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    public static let trailer: [UInt8] = [0xFF, 0xFF]

    /// The whole table as one COPY file.
    public static func encode(_ table: Table) -> [UInt8] {
        var out = header
        CopyEncoder.encode(table, bufferSize: 1 << 16) { out.append(contentsOf: $0) }
        return out + trailer
    }

    /// Hands over the rows (without header and trailer) in pieces of about `bufferSize` bytes.
    public static func encode<E: Error>(_ table: Table, bufferSize: Int, _ sink: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
        let fields = table.columns.map(Field.init)
        // The largest row: two bytes of field count, and for each field its length and value.
        let fixed = 2 + fields.reduce(0) { $0 + 4 + $1.width }
        var capacity = max(bufferSize, fixed * 2)
        var buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        defer { buffer.deallocate() }
        var used = 0
        for row in 0..<table.rowCount {
            let variable = fields.reduce(0) { $0 + ($1.offsets.map { Int($0[row + 1] - $0[row]) } ?? 0) }
            if used + fixed + variable > capacity {
                try sink(UnsafeRawBufferPointer(start: buffer, count: used))
                used = 0
                if fixed + variable > capacity {
                    buffer.deallocate()
                    capacity = fixed + variable
                    buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
                }
            }
            used += write(fields, row: row, to: buffer + used)
        }
        if used > 0 { try sink(UnsafeRawBufferPointer(start: buffer, count: used)) }
    }

    /// One row at `out`, which has room for it. Returns its length.
    @inline(__always)
    private static func write(_ fields: [Field], row: Int, to out: UnsafeMutableRawPointer) -> Int {
        var p = out
        p.storeBytes(of: Int16(fields.count).bigEndian, as: Int16.self)
        p += 2
        for field in fields {
            if let bits = field.validity, bits[row >> 3] & (1 << UInt8(row & 7)) == 0 {
                p.storeBytes(of: -1, as: Int32.self)
                p += 4
                continue
            }
            switch field.kind {
            case .eight:
                p.storeBytes(of: Int32(8).bigEndian, as: Int32.self)
                (p + 4).storeBytes(of: field.base.load(fromByteOffset: row * 8, as: UInt64.self).bigEndian, as: UInt64.self)
                p += 12
            case .four:
                p.storeBytes(of: Int32(4).bigEndian, as: Int32.self)
                (p + 4).storeBytes(of: field.base.load(fromByteOffset: row * 4, as: UInt32.self).bigEndian, as: UInt32.self)
                p += 8
            case .two:
                p.storeBytes(of: Int32(2).bigEndian, as: Int32.self)
                (p + 4).storeBytes(of: field.base.load(fromByteOffset: row * 2, as: UInt16.self).bigEndian, as: UInt16.self)
                p += 6
            case .one:
                p.storeBytes(of: Int32(1).bigEndian, as: Int32.self)
                (p + 4).storeBytes(of: field.base.load(fromByteOffset: row, as: UInt8.self), as: UInt8.self)
                p += 5
            case .timestamp:
                let since2000 = field.base.load(fromByteOffset: row * 8, as: Int64.self) &- 946_684_800_000_000
                p.storeBytes(of: Int32(8).bigEndian, as: Int32.self)
                (p + 4).storeBytes(of: since2000.bigEndian, as: Int64.self)
                p += 12
            case .bytes:
                let start = Int(field.offsets![row])
                let length = Int(field.offsets![row + 1]) - start
                p.storeBytes(of: Int32(length).bigEndian, as: Int32.self)
                (p + 4).copyMemory(from: field.base + start, byteCount: length)
                p += 4 + length
            }
        }
        return p - out
    }

    /// A column's memory, held while the rows are written.
    private final class Field {
        enum Kind { case one, two, four, eight, timestamp, bytes }

        let kind: Kind
        /// Bytes of a value, 0 where they vary.
        let width: Int
        let base: UnsafeRawPointer
        let validity: [UInt8]?
        let offsets: [Int32]?

        init(_ column: Column) {
            validity = column.nullCount > 0 ? column.validity?.bits : nil
            func copied<T>(_ values: [T]) -> UnsafeRawPointer {
                let memory = UnsafeMutableRawPointer.allocate(byteCount: max(values.count * MemoryLayout<T>.stride, 16), alignment: 16)
                values.withUnsafeBytes { if $0.count > 0 { memory.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
                return UnsafeRawPointer(memory)
            }
            switch column.values {
            case .bool(let v): (kind, width, base, offsets) = (.one, 1, copied(v), nil)
            case .int16(let v): (kind, width, base, offsets) = (.two, 2, copied(v), nil)
            case .int32(let v): (kind, width, base, offsets) = (.four, 4, copied(v), nil)
            case .float(let v): (kind, width, base, offsets) = (.four, 4, copied(v), nil)
            case .int64(let v): (kind, width, base, offsets) = (.eight, 8, copied(v), nil)
            case .double(let v): (kind, width, base, offsets) = (.eight, 8, copied(v), nil)
            case .timestamp(let v): (kind, width, base, offsets) = (.timestamp, 8, copied(v), nil)
            case .string(let v), .binary(let v): (kind, width, base, offsets) = (.bytes, 0, copied(v.bytes), v.offsets)
            }
        }

        deinit { base.deallocate() }
    }
}
