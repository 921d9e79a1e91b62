import CZlib

/// Reads deflated streams (RFC 1951, and RFC 1952 around them), by zlib.
public enum Inflation {
    public enum Form: Sendable {
        /// Deflate without a header.
        case raw
        /// gzip, whose CRC zlib checks.
        case gzip

        /// How zlib is told: a negative window has no header, 16 more has that of gzip.
        fileprivate var windowBits: Int32 { self == .raw ? -MAX_WBITS : MAX_WBITS + 16 }
        fileprivate var name: String { self == .raw ? "deflate" : "gzip" }
    }

    public struct Fault: Error, Equatable, Sendable {
        public let reason: String

        public init(reason: String) { self.reason = reason }
    }

    /// - Parameter sizeBytesMax: what a stream may grow to: bytes from a stranger cannot fill the memory.
    /// - Returns: the bytes, and how many of the input are left behind the stream's end.
    /// - Throws: `Fault`
    public static func bytes(of stream: [UInt8], _ form: Form, sizeBytesMax: Int) throws -> (bytes: [UInt8], leftBytes: Int) {
        guard stream.count < Int(UInt32.max) else { throw Fault(reason: "it is longer than 4 GB") }
        var state = z_stream()
        guard inflateInit2_(&state, form.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw Fault(reason: "zlib does not start")
        }
        defer { inflateEnd(&state) }
        var input = stream
        var out: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(max(4 * stream.count, 4096), 1 << 20))
        let status: Int32 = input.withUnsafeMutableBufferPointer { source in
            state.next_in = source.baseAddress
            state.avail_in = UInt32(source.count)
            return chunk.withUnsafeMutableBufferPointer { target in
                while true {
                    state.next_out = target.baseAddress
                    state.avail_out = UInt32(target.count)
                    let status = inflate(&state, Z_NO_FLUSH)
                    out.append(contentsOf: target[..<(target.count - Int(state.avail_out))])
                    if status != Z_OK || out.count > sizeBytesMax { return status }
                }
            }
        }
        if out.count > sizeBytesMax { throw Fault(reason: "it grows beyond \(sizeBytesMax) bytes") }
        guard status == Z_STREAM_END else {
            throw Fault(reason: status == Z_BUF_ERROR ? "it ends too early" : "it is no \(form.name) stream")
        }
        return (out, Int(state.avail_in))
    }
}
