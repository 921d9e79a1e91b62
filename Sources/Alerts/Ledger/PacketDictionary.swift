import CZstd

/// What packets have in common, so that zstd need not learn it from each anew. It gains most where packets are small.
///
/// Stamps are noise that no dictionary knows: train with packets without them, or with packets as they are issued, and measure.
public struct PacketDictionary: Sendable, Equatable {
    /// The number that zstd writes into each frame.
    public let id: Int32
    public let bytes: [UInt8]

    /// A dictionary in zstd's form.
    /// - Throws: `LedgerError.untrainable` where it is none or has no number.
    public init(_ bytes: [UInt8]) throws {
        let id = ZDICT_getDictID(bytes, bytes.count)
        guard id > 0, let number = Int32(exactly: id) else {
            throw LedgerError.untrainable(reason: "\(bytes.count) bytes are no zstd dictionary with a number")
        }
        self.id = number
        self.bytes = bytes
    }

    /// Trains a dictionary with zstd's own method (ZDICT_trainFromBuffer).
    ///
    /// - Parameters:
    ///   - samples: packets; some hundred serve well, and together they should be many times the dictionary's size.
    ///   - sizeBytes: of the dictionary, at most.
    /// - Throws: `LedgerError.untrainable` where the samples are too few or too small.
    public static func train(_ samples: [[UInt8]], sizeBytes: Int = 112_640) throws -> PacketDictionary {
        let sizes = samples.map(\.count)
        let together = samples.flatMap { $0 }
        var dictionary = [UInt8](repeating: 0, count: sizeBytes)
        let size = ZDICT_trainFromBuffer(&dictionary, sizeBytes, together, sizes, UInt32(sizes.count))
        guard ZDICT_isError(size) == 0 else {
            let reason = String(cString: ZDICT_getErrorName(size)).lowercased()
            throw LedgerError.untrainable(reason: "\(samples.count) samples of \(together.count) bytes do not serve (\(reason))")
        }
        return try PacketDictionary(Array(dictionary.prefix(size)))
    }
}
