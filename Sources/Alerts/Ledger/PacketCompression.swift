import CZstd

/// Compresses packets into zstd frames (RFC 8878), one each, with one context for all. A value serves one thread.
///
///     let compressor = PacketCompressor(dictionary: dictionary)
///     let frame = compressor.compress(packet)
public final class PacketCompressor {
    /// Higher levels gain little on stamps, which are most of a packet: docs/decisions/022.
    public static let usualLevel = 1

    public let dictionary: PacketDictionary?
    private let context = ZSTD_createCCtx()!
    private let prepared: OpaquePointer?

    public init(dictionary: PacketDictionary? = nil, level: Int = usualLevel) {
        self.dictionary = dictionary
        prepared = dictionary.flatMap { ZSTD_createCDict($0.bytes, $0.bytes.count, Int32(level)) }
        precondition((prepared == nil) == (dictionary == nil), "zstd does not take dictionary \(dictionary?.id ?? 0)")
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        if let prepared { ZSTD_CCtx_refCDict(context, prepared) }
    }

    deinit {
        ZSTD_freeCCtx(context)
        ZSTD_freeCDict(prepared)
    }

    /// The frame. It says how long the packet is and which dictionary it needs.
    public func compress(_ packet: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        append(packet, to: &out)
        return out
    }

    /// Adds the frame to bytes that are there.
    public func append(_ packet: [UInt8], to out: inout [UInt8]) {
        let bound = ZSTD_compressBound(packet.count)
        let frame = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = ZSTD_compress2(context, buffer.baseAddress, bound, packet, packet.count)
            precondition(ZSTD_isError(count) == 0, "zstd needs more room than it said")
        }
        out += frame
    }
}

/// Gives packets back from their frames, with one context for all. A value serves one thread.
public final class PacketDecompressor {
    /// What a frame may say that it holds.
    public static let packetSizeBytesMax = 1 << 26

    struct Fault: Error, Equatable { let reason: String }

    private let context = ZSTD_createDCtx()!
    private var prepared: [Int32: OpaquePointer] = [:]
    private var buffer: [UInt8] = []

    public init() {}

    deinit {
        ZSTD_freeDCtx(context)
        for dictionary in prepared.values { ZSTD_freeDDict(dictionary) }
    }

    public func add(_ dictionary: PacketDictionary) {
        guard prepared[dictionary.id] == nil else { return }
        prepared[dictionary.id] = ZSTD_createDDict(dictionary.bytes, dictionary.bytes.count)
    }

    public func knows(_ dictionaryId: Int32) -> Bool { prepared[dictionaryId] != nil }

    /// Hands the packet to a body; its bytes are good until that returns.
    /// - Throws: `PacketDecompressor.Fault`, which says what is wrong with the frame
    func withPacket<Result>(
        _ frame: UnsafeRawBufferPointer, dictionaryId: Int32?, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let size = ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
        // Two numbers at the end of the range say that the size is unknown or that it is no frame.
        guard size < UInt64.max - 1 else { throw Fault(reason: "its bytes are no zstd frame") }
        guard size <= UInt64(Self.packetSizeBytesMax) else { throw Fault(reason: "its frame says that it holds \(size) bytes") }
        if buffer.count < Int(size) { buffer = [UInt8](repeating: 0, count: max(Int(size), 2 * buffer.count)) }
        return try buffer.withUnsafeMutableBytes { out in
            let done: Int
            if let dictionaryId {
                guard let dictionary = prepared[dictionaryId] else { throw Fault(reason: "its dictionary \(dictionaryId) is not there") }
                done = ZSTD_decompress_usingDDict(context, out.baseAddress, out.count, frame.baseAddress, frame.count, dictionary)
            } else {
                done = ZSTD_decompressDCtx(context, out.baseAddress, out.count, frame.baseAddress, frame.count)
            }
            guard ZSTD_isError(done) == 0 else {
                throw Fault(reason: "zstd cannot read its frame (\(String(cString: ZSTD_getErrorName(done)).lowercased()))")
            }
            return try body(UnsafeRawBufferPointer(rebasing: out[..<done]))
        }
    }

    /// The packet of a frame.
    /// - Throws: `LedgerError.unreadable`
    public func decompress(_ frame: some Collection<UInt8>, dictionaryId: Int32?, alertId: Int64) throws -> [UInt8] {
        do {
            return try Array(frame).withUnsafeBytes { try withPacket($0, dictionaryId: dictionaryId) { Array($0) } }
        } catch let fault as Fault { throw LedgerError.unreadable(alertId: alertId, reason: fault.reason) }
    }
}
