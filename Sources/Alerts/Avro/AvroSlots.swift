/// Room for the records of a block of rows, one slot a row, and where each one's bytes end so far.
///
/// The caller makes each slot as long as its row can become (`AvroColumnField.sizeBytesMax` and `variableSizeBytesMax`); nothing is
/// checked here in release builds.
struct AvroSlots {
    let bytes: UnsafeMutableRawBufferPointer
    let ends: UnsafeMutableBufferPointer<Int>

    /// An int or a long takes at most this many bytes.
    static let numberSizeBytesMax = 10

    @inline(__always)
    func put(_ byte: UInt8, _ row: Int) {
        bytes.storeBytes(of: byte, toByteOffset: ends[row], as: UInt8.self)
        ends[row] &+= 1
    }

    @inline(__always)
    func put(bits: UInt64, _ row: Int) {
        bytes.storeBytes(of: bits.littleEndian, toByteOffset: ends[row], as: UInt64.self)
        ends[row] &+= 8
    }

    @inline(__always)
    func put(bits: UInt32, _ row: Int) {
        bytes.storeBytes(of: bits.littleEndian, toByteOffset: ends[row], as: UInt32.self)
        ends[row] &+= 4
    }

    /// Zigzag, 7 bits a byte, the lowest first.
    @inline(__always)
    func put(number: Int64, _ row: Int) {
        var bits = UInt64(bitPattern: (number << 1) ^ (number >> 63))
        var at = ends[row]
        while bits > 0x7F {
            bytes.storeBytes(of: UInt8(truncatingIfNeeded: bits) | 0x80, toByteOffset: at, as: UInt8.self)
            bits >>= 7
            at &+= 1
        }
        bytes.storeBytes(of: UInt8(truncatingIfNeeded: bits), toByteOffset: at, as: UInt8.self)
        ends[row] = at &+ 1
    }

    @inline(__always)
    func put(_ values: UnsafeRawBufferPointer, _ row: Int) {
        UnsafeMutableRawBufferPointer(rebasing: bytes[ends[row]...]).copyMemory(from: values)
        ends[row] &+= values.count
    }
}
