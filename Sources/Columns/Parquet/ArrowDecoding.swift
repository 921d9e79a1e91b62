import CArrow

/// Why Arrow arrays are no column.
enum ArrowDecodingFailure: Error {
    /// A value that the column's type cannot hold, and its row.
    case outOfRange(row: Int, value: String)
    /// More than 2 GiB of text.
    case tooLong
    /// A dictionary has no value of that number.
    case damagedDictionary(row: Int)
}

extension ArrowChunks {
    /// The arrays' values end to end, and which of them are null. Where a row is null the value is zero or empty.
    func decode(_ layout: ArrowLayout) throws(ArrowDecodingFailure) -> (ColumnValues, Validity?) {
        let validity = validity(withoutBuffers: layout.storage == .nothing)
        return (try values(layout, validity), validity)
    }

    private func values(_ layout: ArrowLayout, _ validity: Validity?) throws(ArrowDecodingFailure) -> ColumnValues {
        switch layout.storage {
        case .nothing: return ColumnValues(zeros: layout.type, count: rowCount)
        case .bits: return .bool(bools(validity))
        case .plain:
            switch layout.type {
            case .int16: return .int16(plain(0, validity))
            case .int32: return .int32(plain(0, validity))
            case .int64: return .int64(plain(0, validity))
            case .float: return .float(plain(0, validity))
            case .double: return .double(plain(0, validity))
            case .timestamp: return .timestamp(plain(0, validity))
            case .bool, .string, .binary: preconditionFailure("\(layout.type) has no plain layout")
            }
        case .int8: return .int16(try converted(0, validity) { (value: Int8) in (Int16(value), false) })
        case .uint8: return .int16(try converted(0, validity) { (value: UInt8) in (Int16(value), false) })
        case .uint16: return .int32(try converted(0, validity) { (value: UInt16) in (Int32(value), false) })
        case .uint32: return .int64(try converted(0, validity) { (value: UInt32) in (Int64(value), false) })
        case .uint64:
            return .int64(try converted(0, validity) { (value: UInt64) in (Int64(bitPattern: value), value > UInt64(Int64.max)) })
        case .float16: return .float(try converted(0, validity) { (value: UInt16) in (Float(Float16(bitPattern: value)), false) })
        case .seconds: return .timestamp(try converted(0, validity) { (value: Int64) in value.multipliedReportingOverflow(by: 1_000_000) })
        case .milliseconds, .dateMilliseconds:
            return .timestamp(try converted(0, validity) { (value: Int64) in value.multipliedReportingOverflow(by: 1000) })
        case .nanoseconds:
            return .timestamp(
                try converted(0, validity) { (value: Int64) in (value / 1000 - (value % 1000 < 0 ? 1 : 0), false) })
        case .days: return .timestamp(try converted(0, validity) { (value: Int32) in (Int64(value) * 86_400_000_000, false) })
        case .offsets32, .offsets64, .views, .fixedBytes, .dictionary:
            let strings = try byteStrings(layout)
            return layout.type == .string ? .string(strings) : .binary(strings)
        }
    }

    private func bools(_ validity: Validity?) -> [Bool] {
        var out = [Bool](unsafeUninitializedCapacity: rowCount) { target, initialized in
            var row = 0
            for array in arrays {
                if array.length > 0, let bits = array.buffers[1]?.assumingMemoryBound(to: UInt8.self) {
                    unpackBits(bits, from: Int(array.offset), count: Int(array.length), to: target.baseAddress! + row)
                    row += Int(array.length)
                }
            }
            initialized = row
        }
        clearNulls(&out, false, validity)
        return out
    }

    /// Values that lie in the arrays as in a column: one copy a chunk.
    private func plain<Value: BitwiseCopyable>(_ zero: Value, _ validity: Validity?) -> [Value] {
        var out = [Value](unsafeUninitializedCapacity: rowCount) { target, initialized in
            var row = 0
            for array in arrays {
                guard let source = array.values(1, as: Value.self) else { continue }
                (target.baseAddress! + row).initialize(from: source, count: Int(array.length))
                row += Int(array.length)
            }
            initialized = row
        }
        clearNulls(&out, zero, validity)
        return out
    }

    /// Values that change on the way; `convert` also says whether the value is out of range, which matters only where it is not null.
    @inline(__always)
    private func converted<Source: BitwiseCopyable, Value: BitwiseCopyable>(
        _ zero: Value, _ validity: Validity?, _ convert: (Source) -> (Value, Bool)
    ) throws(ArrowDecodingFailure) -> [Value] {
        var outOfRange = false
        var out = [Value](unsafeUninitializedCapacity: rowCount) { target, initialized in
            var row = 0
            for array in arrays {
                guard let source = array.values(1, as: Source.self) else { continue }
                for i in 0..<Int(array.length) {
                    let (value, overflow) = convert(source[i])
                    (target.baseAddress! + row + i).initialize(to: value)
                    outOfRange = outOfRange || overflow
                }
                row += Int(array.length)
            }
            initialized = row
        }
        clearNulls(&out, zero, validity)
        guard outOfRange else { return out }
        var first = 0
        for array in arrays {
            guard let source = array.values(1, as: Source.self) else { continue }
            for i in 0..<Int(array.length) where convert(source[i]).1 && validity?[first + i] ?? true {
                throw .outOfRange(row: first + i, value: "\(source[i])")
            }
            first += Int(array.length)
        }
        return out
    }

    /// What an array holds where a row is null is undefined; a column holds zero there.
    private func clearNulls<Value>(_ values: inout [Value], _ zero: Value, _ validity: Validity?) {
        guard let validity else { return }
        values.withUnsafeMutableBufferPointer { values in
            for (i, byte) in validity.bits.enumerated() where byte != 0xFF {
                for row in 8 * i..<min(8 * i + 8, values.count) where byte & (1 << UInt8(row & 7)) == 0 { values[row] = zero }
            }
        }
    }
}
