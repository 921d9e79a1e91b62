import CZlib

/// gzip streams (RFC 1952), by zlib, which checks their CRC.
enum Gzip {
    struct Fault: Error { let reason: String }

    /// What a stream may grow to: bytes from a stranger cannot fill the memory.
    static let sizeBytesMax = 1 << 32

    static func inflate(_ bytes: [UInt8], sizeBytesMax: Int = sizeBytesMax) throws -> [UInt8] {
        guard bytes.count < Int(UInt32.max) else { throw Fault(reason: "it is longer than 4 GB") }
        var stream = z_stream()
        // 16 more than the window's bits: a header of gzip.
        guard inflateInit2_(&stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Fault(reason: "zlib does not start")
        }
        defer { inflateEnd(&stream) }
        var input = bytes
        var out: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(max(4 * bytes.count, 4096), 1 << 20))
        let status: Int32 = input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            return chunk.withUnsafeMutableBufferPointer { target in
                while true {
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    out.append(contentsOf: target[..<(target.count - Int(stream.avail_out))])
                    if status != Z_OK || out.count > sizeBytesMax { return status }
                }
            }
        }
        if out.count > sizeBytesMax { throw Fault(reason: "it grows beyond \(sizeBytesMax) bytes") }
        guard status == Z_STREAM_END else { throw Fault(reason: status == Z_BUF_ERROR ? "it ends too early" : "it is no gzip stream") }
        return out
    }
}
