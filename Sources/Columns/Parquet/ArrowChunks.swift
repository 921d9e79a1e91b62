import CArrow

/// The Arrow arrays that hold one column end to end, released together.
final class ArrowChunks {
    private(set) var arrays: [ArrowArray] = []
    private(set) var rowCount = 0

    func append(_ array: ArrowArray) {
        arrays.append(array)
        rowCount += Int(array.length)
    }

    deinit {
        for i in arrays.indices { carrow_array_release(&arrays[i]) }
    }

    /// Which rows hold a value; nil where all do.
    ///
    /// - Parameter withoutBuffers: the arrays are of Arrow's null type.
    func validity(withoutBuffers: Bool) -> Validity? {
        if withoutBuffers { return rowCount == 0 ? nil : Validity(repeating: false, count: rowCount) }
        guard arrays.contains(where: { $0.null_count != 0 && $0.bitmap != nil }) else { return nil }
        var bits = [UInt8](repeating: 0, count: (rowCount + 7) / 8)
        bits.withUnsafeMutableBufferPointer { target in
            var row = 0
            for array in arrays {
                let length = Int(array.length)
                if let bitmap = array.bitmap, array.null_count != 0 {
                    copyBits(bitmap, from: Int(array.offset), count: length, to: target, at: row)
                } else {
                    setBits(count: length, in: target, at: row)
                }
                row += length
            }
        }
        let validity = Validity(bits: bits, count: rowCount)
        return validity.nullCount == 0 ? nil : validity
    }
}

extension ArrowArray {
    /// The validity bitmap; its first row is bit `offset`.
    var bitmap: UnsafePointer<UInt8>? { n_buffers > 0 ? buffers[0]?.assumingMemoryBound(to: UInt8.self) : nil }

    /// A buffer's values from the array's first row on; nil where the array is empty.
    func values<Value>(_ buffer: Int, as type: Value.Type) -> UnsafePointer<Value>? {
        guard length > 0, buffer < n_buffers, let start = buffers[buffer] else { return nil }
        return start.assumingMemoryBound(to: type) + Int(offset)
    }

    func isValid(_ row: Int, _ bitmap: UnsafePointer<UInt8>?) -> Bool {
        guard let bitmap else { return true }
        let bit = Int(offset) + row
        return bitmap[bit >> 3] & (1 << UInt8(bit & 7)) != 0
    }
}
