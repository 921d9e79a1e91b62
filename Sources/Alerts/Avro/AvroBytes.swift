/// The binary form of single primitive values (specification, "Binary Encoding").
public enum AvroBytes {
    /// An int or a long: zigzag, 7 bits a byte, the lowest first.
    @inlinable
    public static func append(_ number: Int64, to out: inout [UInt8]) {
        var bits = UInt64(bitPattern: (number << 1) ^ (number >> 63))
        while bits > 0x7F {
            out.append(UInt8(truncatingIfNeeded: bits) | 0x80)
            bits >>= 7
        }
        out.append(UInt8(truncatingIfNeeded: bits))
    }

    public static func append(_ number: Float, to out: inout [UInt8]) {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { out.append(contentsOf: $0) }
    }

    public static func append(_ number: Double, to out: inout [UInt8]) {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { out.append(contentsOf: $0) }
    }

    /// A byte string: its length and its bytes.
    public static func append(_ bytes: some Collection<UInt8>, to out: inout [UInt8]) {
        append(Int64(bytes.count), to: &out)
        out.append(contentsOf: bytes)
    }

    public static func append(_ text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &out) }
    }
}
