import CCrypto
import Foundation

/// SHA-256 of files.
enum FileDigest {
    /// Size in bytes and SHA-256 in hexadecimal digits.
    ///
    /// - Throws: `ProductError.damaged` where the file cannot be read.
    static func of(_ path: String) throws -> (bytes: Int, sha256: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ProductError.damaged(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var total = 0
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw ProductError.damaged(path: path, reason: String(cString: strerror(errno))) }
            if count == 0 { break }
            EVP_DigestUpdate(context, buffer, count)
            total += count
        }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &digest, nil)
        return (total, digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
}
