import CZlib
import Compression

/// Deflate streams without a header (RFC 1951), as the codec "deflate" of container files has them, by zlib.
enum RawDeflate {
    /// What a stream may grow to: a block from a stranger cannot fill the memory.
    static let sizeBytesMax = 1 << 30

    static func inflate(_ bytes: [UInt8]) throws -> [UInt8] {
        let (out, left) = try Inflation.bytes(of: bytes, .raw, sizeBytesMax: sizeBytesMax)
        // The Python writers cut zlib's own form to size and leave three bytes of its checksum behind the stream.
        guard left <= 4 else { throw Inflation.Fault(reason: "\(left) bytes are left behind it") }
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
