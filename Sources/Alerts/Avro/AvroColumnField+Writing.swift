import Columns

extension AvroColumnField {
    /// Writes the field of each row behind what the row's slot holds.
    func write(_ rows: Range<Int>, to slots: AvroSlots) {
        switch source {
        case .constant(let bytes):
            bytes.withUnsafeBytes { bytes in for row in 0..<rows.count { slots.put(bytes, row) } }
        case .booleans(let values): each(values, rows, slots) { slots.put($0 ? 1 : 0, $1) }
        case .shorts(let values): each(values, rows, slots) { slots.put(number: Int64($0), $1) }
        case .ints(let values): each(values, rows, slots) { slots.put(number: Int64($0), $1) }
        case .longs(let values): each(values, rows, slots) { slots.put(number: $0, $1) }
        case .floats(let values): each(values, rows, slots) { slots.put(bits: $0.bitPattern, $1) }
        case .doubles(let values): each(values, rows, slots) { slots.put(bits: $0.bitPattern, $1) }
        case .byteStrings(let strings):
            strings.bytes.withUnsafeBytes { bytes in
                strings.offsets.withUnsafeBufferPointer { offsets in
                    branched(rows, slots) { row, slot in
                        let value = bytes[Int(offsets[row])..<Int(offsets[row + 1])]
                        slots.put(number: Int64(value.count), slot)
                        slots.put(UnsafeRawBufferPointer(rebasing: value), slot)
                    }
                }
            }
        }
    }

    @inline(__always)
    private func each<T>(_ values: [T], _ rows: Range<Int>, _ slots: AvroSlots, _ put: (T, Int) -> Void) {
        values.withUnsafeBufferPointer { values in branched(rows, slots) { row, slot in put(values[row], slot) } }
    }

    /// Calls `put` with row and slot of each value, after the byte of its branch, and writes the branch of nulls.
    @inline(__always)
    private func branched(_ rows: Range<Int>, _ slots: AvroSlots, _ put: (_ row: Int, _ slot: Int) -> Void) {
        let first = rows.lowerBound
        guard let valueBranch, let nullBranch else {
            for slot in 0..<rows.count { put(first + slot, slot) }
            return
        }
        guard let validity else {
            for slot in 0..<rows.count {
                slots.put(valueBranch, slot)
                put(first + slot, slot)
            }
            return
        }
        validity.bits.withUnsafeBufferPointer { bits in
            for slot in 0..<rows.count {
                let row = first + slot
                if bits[row >> 3] & (1 << UInt8(truncatingIfNeeded: row & 7)) != 0 {
                    slots.put(valueBranch, slot)
                    put(row, slot)
                } else {
                    slots.put(nullBranch, slot)
                }
            }
        }
    }
}
