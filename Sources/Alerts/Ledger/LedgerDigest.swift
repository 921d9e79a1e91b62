import CCrypto

/// SHA-256 (FIPS 180-4), the one hash of the ledger. A value serves one thread.
///
///     let hash = LedgerDigest()
///     let digest = hash.of([0x01], left, right)
public final class LedgerDigest {
    public static let sizeBytes = 32

    private let context = EVP_MD_CTX_new()!
    private let algorithm = EVP_sha256()

    public init() {}

    deinit { EVP_MD_CTX_free(context) }

    /// The digest of the pieces end to end: 32 bytes.
    public func of(_ pieces: [UInt8]...) -> [UInt8] {
        begin()
        for piece in pieces { piece.withUnsafeBytes(add) }
        return finish()
    }

    /// The digest of bytes that lie elsewhere.
    public func of(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        begin()
        add(bytes)
        return finish()
    }

    private func begin() {
        let begun = EVP_DigestInit_ex(context, algorithm, nil)
        precondition(begun == 1, "libcrypto has no SHA-256")
    }

    private func add(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

    private func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.sizeBytes) { buffer, count in
            EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            count = Self.sizeBytes
        }
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
