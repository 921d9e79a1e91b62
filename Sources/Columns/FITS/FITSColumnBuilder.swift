/// A value in a file that its column's type here cannot hold; the reader of the file says where.
struct FITSValueError: Error {
    var row: Int
    var what: String
    /// True where the file is sound and the value lies beyond the type, false where the file breaks the standard.
    var isOutOfRange: Bool
}

/// Gathers one column from blocks of rows.
struct FITSColumnBuilder {
    let field: FITSField
    let rowCount: Int
    private var row = 0
    private var validity: Validity?
    // One of these is used: that of the column's type.
    private var bools: [Bool] = []
    private var int16s: [Int16] = []
    private var int32s: [Int32] = []
    private var int64s: [Int64] = []
    private var floats: [Float] = []
    private var doubles: [Double] = []
    private var text = ByteStrings()

    /// The field must be of a supported type.
    init(_ field: FITSField, rowCount: Int) {
        self.field = field
        self.rowCount = rowCount
        switch field.decoding.columnType {
        case .bool: bools.reserveCapacity(rowCount)
        case .int16: int16s.reserveCapacity(rowCount)
        case .int32: int32s.reserveCapacity(rowCount)
        case .int64: int64s.reserveCapacity(rowCount)
        case .float: floats.reserveCapacity(rowCount)
        case .double: doubles.reserveCapacity(rowCount)
        case .string: text.offsets.reserveCapacity(rowCount + 1)
        default: preconditionFailure("a column of format \(field.format) cannot be built")
        }
    }

    func column() -> Column {
        let values: ColumnValues =
            switch field.decoding.columnType {
            case .bool: .bool(bools)
            case .int16: .int16(int16s)
            case .int32: .int32(int32s)
            case .int64: .int64(int64s)
            case .float: .float(floats)
            case .double: .double(doubles)
            default: .string(text)
            }
        return Column(field.name, values, validity: validity, unit: field.unit, comment: field.comment)
    }

    /// Takes the field's bytes out of whole rows of `rowBytes` bytes.
    mutating func append(_ block: UnsafeRawBufferPointer, rowBytes: Int) throws(FITSValueError) {
        let cells = Cells(block: block, rowBytes: rowBytes, offset: field.offsetBytes)
        precondition(block.count == cells.count * rowBytes && field.offsetBytes + field.widthBytes <= rowBytes)
        switch field.decoding {
        case .logical: try appendLogicals(cells)
        case .bits(let count): appendBits(cells, count: count)
        case .integer(1, let zero, let null): appendIntegers(cells, UInt8.self, to: \.int16s, zero: Int16(zero), null: null)
        case .integer(2, 0, let null): appendIntegers(cells, Int16.self, to: \.int16s, zero: 0, null: null)
        case .integer(2, let zero, let null): appendIntegers(cells, Int16.self, to: \.int32s, zero: Int32(zero), null: null)
        case .integer(4, 0, let null): appendIntegers(cells, Int32.self, to: \.int32s, zero: 0, null: null)
        case .integer(4, let zero, let null): appendIntegers(cells, Int32.self, to: \.int64s, zero: zero, null: null)
        case .integer(_, let zero, let null): appendIntegers(cells, Int64.self, to: \.int64s, zero: zero, null: null)
        case .unsigned64(let null): try appendUnsigned(cells, null: null)
        case .scaledInteger(1, let scale, let zero, let null): appendScaled(cells, UInt8.self, scale, zero, null)
        case .scaledInteger(2, let scale, let zero, let null): appendScaled(cells, Int16.self, scale, zero, null)
        case .scaledInteger(4, let scale, let zero, let null): appendScaled(cells, Int32.self, scale, zero, null)
        case .scaledInteger(_, let scale, let zero, let null): appendScaled(cells, Int64.self, scale, zero, null)
        case .float:
            for i in 0..<cells.count {
                let value = Float(bitPattern: cells.integer(i))
                if value.isNaN { setNull(row + i) }
                floats.append(value.isNaN ? 0 : value)
            }
        case .double: appendDoubles(cells) { Double(bitPattern: $0.integer($1)) }
        case .scaledFloat(4, let scale, let zero):
            appendDoubles(cells) { Double(Float(bitPattern: $0.integer($1))) * scale + zero }
        case .scaledFloat(_, let scale, let zero): appendDoubles(cells) { Double(bitPattern: $0.integer($1)) * scale + zero }
        case .text: try appendText(cells)
        case .unsupported: preconditionFailure("a column of format \(field.format) cannot be built")
        }
        row += cells.count
    }

    private mutating func setNull(_ row: Int) {
        if validity == nil { validity = Validity(repeating: true, count: rowCount) }
        validity![row] = false
    }

    private mutating func appendLogicals(_ cells: Cells) throws(FITSValueError) {
        for i in 0..<cells.count {
            let byte = cells.integer(i, UInt8.self)
            switch byte {
            case UInt8(ascii: "T"): bools.append(true)
            case UInt8(ascii: "F"): bools.append(false)
            case 0:
                setNull(row + i)
                bools.append(false)
            default: throw FITSValueError(row: row + i, what: "the byte \(byte), which is no logical value", isOutOfRange: false)
            }
        }
    }

    private mutating func appendBits(_ cells: Cells, count: Int) {
        for i in 0..<cells.count {
            var value: UInt64 = 0
            for byte in cells.bytes(i, count: (count + 7) / 8) { value = value << 8 | UInt64(byte) }
            value >>= UInt64((8 - count % 8) % 8)
            if count == 1 { bools.append(value != 0) } else { int64s.append(Int64(value)) }
        }
    }

    @inline(__always)
    private mutating func appendIntegers<Stored: FixedWidthInteger, Value: FixedWidthInteger>(
        _ cells: Cells, _: Stored.Type, to values: WritableKeyPath<Self, [Value]>, zero: Value, null: Int64?
    ) {
        let null = null.flatMap { Stored(exactly: $0) }
        var taken: [Value] = []
        swap(&taken, &self[keyPath: values])
        for i in 0..<cells.count {
            let stored = cells.integer(i, Stored.self)
            if stored == null {
                setNull(row + i)
                taken.append(0)
            } else {
                taken.append(Value(truncatingIfNeeded: stored) &+ zero)
            }
        }
        swap(&taken, &self[keyPath: values])
    }

    private mutating func appendUnsigned(_ cells: Cells, null: Int64?) throws(FITSValueError) {
        for i in 0..<cells.count {
            let stored = cells.integer(i, Int64.self)
            if stored == null {
                setNull(row + i)
                int64s.append(0)
            } else if stored < 0 {
                int64s.append(stored &- .min)
            } else {
                let value = UInt64(bitPattern: stored) ^ (1 << 63)
                throw FITSValueError(row: row + i, what: "unsigned 64-bit integers, of which \(value)", isOutOfRange: true)
            }
        }
    }

    private mutating func appendScaled<Stored: FixedWidthInteger>(
        _ cells: Cells, _: Stored.Type, _ scale: Double, _ zero: Double, _ null: Int64?
    ) {
        let null = null.flatMap { Stored(exactly: $0) }
        appendDoubles(cells) {
            let stored = $0.integer($1, Stored.self)
            return stored == null ? .nan : Double(stored) * scale + zero
        }
    }

    private mutating func appendDoubles(_ cells: Cells, _ value: (Cells, Int) -> Double) {
        for i in 0..<cells.count {
            let value = value(cells, i)
            if value.isNaN { setNull(row + i) }
            doubles.append(value.isNaN ? 0 : value)
        }
    }

    private mutating func appendText(_ cells: Cells) throws(FITSValueError) {
        for i in 0..<cells.count {
            let bytes = cells.bytes(i, count: field.widthBytes)
            var end = bytes.firstIndex(of: 0) ?? bytes.count
            while end > 0, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
            let value = bytes[..<end]
            // A byte that is no UTF-8 becomes a replacement character of three bytes.
            guard text.bytes.count + 3 * end <= Int(Int32.max) else {
                throw FITSValueError(row: row + i, what: "more than 2 GiB of text up to here", isOutOfRange: true)
            }
            if value.allSatisfy({ $0 < 0x80 }) {
                text.append(value)
            } else {
                text.append(String(decoding: value, as: UTF8.self).utf8)
            }
        }
    }
}

/// The bytes of one field in a block of rows.
private struct Cells {
    let block: UnsafeRawBufferPointer
    let rowBytes: Int
    let offset: Int

    var count: Int { block.count / rowBytes }

    @inline(__always)
    func integer<Stored: FixedWidthInteger>(_ i: Int, _: Stored.Type = Stored.self) -> Stored {
        Stored(bigEndian: block.loadUnaligned(fromByteOffset: i * rowBytes + offset, as: Stored.self))
    }

    func bytes(_ i: Int, count: Int) -> UnsafeRawBufferPointer {
        let start = i * rowBytes + offset
        return UnsafeRawBufferPointer(rebasing: block[start..<start + count])
    }
}
