/// Copies `count` bits from bit `sourceBit` of `source` to bit `targetBit` of `target` (least significant first).
/// The bits of `target` from there on must be zero.
///
/// - Complexity: O(count / 8)
func copyBits(
    _ source: UnsafePointer<UInt8>, from sourceBit: Int, count: Int, to target: UnsafeMutableBufferPointer<UInt8>, at targetBit: Int
) {
    var done = 0
    // Bit by bit up to a byte of the target, then whole bytes.
    while done < count, (targetBit + done) & 7 != 0 {
        let bit = (source[(sourceBit + done) >> 3] >> UInt8((sourceBit + done) & 7)) & 1
        target[(targetBit + done) >> 3] |= bit << UInt8((targetBit + done) & 7)
        done += 1
    }
    let shift = UInt8((sourceBit + done) & 7)
    var sourceByte = (sourceBit + done) >> 3
    var targetByte = (targetBit + done) >> 3
    while count - done >= 8 {
        target[targetByte] =
            shift == 0 ? source[sourceByte] : (source[sourceByte] >> shift) | (source[sourceByte + 1] << (8 - shift))
        sourceByte += 1
        targetByte += 1
        done += 8
    }
    while done < count {
        let bit = (source[(sourceBit + done) >> 3] >> UInt8((sourceBit + done) & 7)) & 1
        target[(targetBit + done) >> 3] |= bit << UInt8((targetBit + done) & 7)
        done += 1
    }
}

/// Sets `count` bits of `target` from bit `targetBit` on.
func setBits(count: Int, in target: UnsafeMutableBufferPointer<UInt8>, at targetBit: Int) {
    var bit = targetBit
    let end = targetBit + count
    while bit < end, bit & 7 != 0 {
        target[bit >> 3] |= 1 << UInt8(bit & 7)
        bit += 1
    }
    while end - bit >= 8 {
        target[bit >> 3] = 0xFF
        bit += 8
    }
    while bit < end {
        target[bit >> 3] |= 1 << UInt8(bit & 7)
        bit += 1
    }
}

/// Writes `count` bits from bit `sourceBit` on as one Bool each.
func unpackBits(_ source: UnsafePointer<UInt8>, from sourceBit: Int, count: Int, to target: UnsafeMutablePointer<Bool>) {
    var row = 0
    while row < count, (sourceBit + row) & 7 != 0 {
        target[row] = (source[(sourceBit + row) >> 3] >> UInt8((sourceBit + row) & 7)) & 1 != 0
        row += 1
    }
    while count - row >= 8 {
        let byte = source[(sourceBit + row) >> 3]
        for bit in 0..<8 { target[row + bit] = (byte >> UInt8(bit)) & 1 != 0 }
        row += 8
    }
    while row < count {
        target[row] = (source[(sourceBit + row) >> 3] >> UInt8((sourceBit + row) & 7)) & 1 != 0
        row += 1
    }
}
