import CZlib

/// Deflate streams without a header (RFC 1951), as the codec "deflate" of container files has them, by zlib.
enum RawDeflate {
    struct Fault: Error, Equatable { let reason: String }

    /// What a stream may grow to: a block from a stranger cannot fill the memory.
    static let sizeBytesMax = 1 << 30

    static func inflate(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
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
        guard status == Z_STREAM_END else { throw Fault(reason: status == Z_BUF_ERROR ? "it ends too early" : "it is no deflate stream") }
        // The Python writers cut zlib's own form to size and leave three bytes of its checksum behind the stream.
        guard stream.avail_in <= 4 else { throw Fault(reason: "\(stream.avail_in) bytes are left behind it") }
        return out
    }

    /// At zlib's default level.
    static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let started = deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(started == Z_OK, "zlib does not start")
        defer { deflateEnd(&stream) }
        var input = bytes
        var out = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let size = input.withUnsafeMutableBufferPointer { source in
            out.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                let status = CZlib.deflate(&stream, Z_FINISH)
                precondition(status == Z_STREAM_END, "zlib needs more room than it said")
                return Int(stream.total_out)
            }
        }
        out.removeLast(out.count - size)
        return out
    }
}
