import CArrow

extension ArrowChunks {
    /// The text or bytes of all arrays end to end; null rows are empty.
    func byteStrings(_ layout: ArrowLayout) throws(ArrowDecodingFailure) -> ByteStrings {
        var building = ByteStringsBuilding(rowCount: rowCount)
        for array in arrays where array.length > 0 {
            switch layout.storage {
            case .offsets32: try building.append(array, offsets: Int32.self)
            case .offsets64: try building.append(array, offsets: Int64.self)
            case .views: try building.append(views: array)
            case .fixedBytes(let width): try building.append(array, width: width)
            case .dictionary(let index): try building.append(array, index: index, layout.dictionary!)
            default: preconditionFailure("\(layout.storage) is no layout of text")
            }
        }
        return building.finished()
    }
}

private struct ByteStringsBuilding {
    private var bytes: [UInt8] = []
    private var offsets: [Int32]
    private var row = 0

    init(rowCount: Int) { offsets = [Int32](repeating: 0, count: rowCount + 1) }

    consuming func finished() -> ByteStrings { ByteStrings(bytes: bytes, offsets: offsets) }

    private mutating func append(_ start: UnsafeRawPointer?, count: Int) throws(ArrowDecodingFailure) {
        guard bytes.count + count <= Int(Int32.max) else { throw .tooLong }
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: count == 0 ? nil : start, count: count))
    }

    private mutating func endRow() {
        row += 1
        offsets[row] = Int32(truncatingIfNeeded: bytes.count)
    }

    /// Parquet holds no bytes for null rows, so an array's bytes can be taken whole.
    mutating func append<Offset: FixedWidthInteger>(_ array: ArrowArray, offsets type: Offset.Type) throws(ArrowDecodingFailure) {
        let source = array.values(1, as: type)!
        let length = Int(array.length)
        let base = Int(source[0])
        let shift = bytes.count - base
        try append(array.buffers[2].map { $0 + base }, count: Int(source[length]) - base)
        let first = row + 1
        offsets.withUnsafeMutableBufferPointer { offsets in
            for i in 0..<length { offsets[first + i] = Int32(truncatingIfNeeded: Int(source[i + 1]) + shift) }
        }
        row += length
    }

    /// Rows of the same width, none of them where the row is null.
    mutating func append(_ array: ArrowArray, width: Int) throws(ArrowDecodingFailure) {
        let bitmap = array.bitmap
        let start = array.buffers[1].map { $0 + Int(array.offset) * width }
        for i in 0..<Int(array.length) {
            if array.isValid(i, bitmap) { try append(start.map { $0 + i * width }, count: width) }
            endRow()
        }
    }

    /// Arrow's view layout: 16 bytes a row, either a length and up to 12 bytes, or length, prefix, number of the buffer and place in it.
    mutating func append(views array: ArrowArray) throws(ArrowDecodingFailure) {
        let bitmap = array.bitmap
        let start = array.buffers[1]! + 16 * Int(array.offset)
        for i in 0..<Int(array.length) {
            let view = start + 16 * i
            let count = Int(view.loadUnaligned(as: Int32.self))
            if array.isValid(i, bitmap), count > 0 {
                if count <= 12 {
                    try append(view + 4, count: count)
                } else {
                    let buffer = Int(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
                    let place = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
                    try append(array.buffers[2 + buffer].map { $0 + place }, count: count)
                }
            }
            endRow()
        }
    }

    mutating func append(_ array: ArrowArray, index: ArrowLayout.Index, _ layout: ArrowLayout) throws(ArrowDecodingFailure) {
        guard var dictionary = array.dictionary?.pointee else { throw .damagedDictionary(row: row) }
        // The dictionary belongs to the array, which releases it.
        dictionary.release = nil
        let chunk = ArrowChunks()
        chunk.append(dictionary)
        let values = try chunk.byteStrings(layout)
        switch index {
        case .int8: try append(array, Int8.self, values)
        case .uint8: try append(array, UInt8.self, values)
        case .int16: try append(array, Int16.self, values)
        case .uint16: try append(array, UInt16.self, values)
        case .int32: try append(array, Int32.self, values)
        case .uint32: try append(array, UInt32.self, values)
        case .int64: try append(array, Int64.self, values)
        case .uint64: try append(array, UInt64.self, values)
        }
    }

    private mutating func append<Index: FixedWidthInteger>(
        _ array: ArrowArray, _ type: Index.Type, _ values: ByteStrings
    ) throws(ArrowDecodingFailure) {
        let bitmap = array.bitmap
        let indices = array.values(1, as: type)!
        for i in 0..<Int(array.length) {
            if array.isValid(i, bitmap) {
                guard let index = Int(exactly: indices[i]), index >= 0, index < values.count else { throw .damagedDictionary(row: row) }
                let start = Int(values.offsets[index])
                let count = Int(values.offsets[index + 1]) - start
                guard bytes.count + count <= Int(Int32.max) else { throw .tooLong }
                bytes.append(contentsOf: values.bytes[start..<start + count])
            }
            endRow()
        }
    }
}
