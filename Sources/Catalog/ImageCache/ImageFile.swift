import CCrypto
import Foundation

/// Files of the cache on the disk: copied in whole or not at all, and looked at.
enum ImageFile {
    /// What the file system says of a file.
    struct Facts: Equatable {
        var sizeBytes: Int64
        var modifiedAtNs: Int64
    }

    /// - Returns: nil where there is no regular file.
    static func facts(_ path: String) -> Facts? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Facts(
            sizeBytes: Int64(status.st_size), modifiedAtNs: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }

    /// SHA-256 of a file; with a second path its bytes are copied there, to the disk, as they are read.
    ///
    /// - Throws: `CatalogError.unavailable` where a file cannot be read or written.
    static func digest(_ path: String, copyingTo copy: String? = nil) throws -> [UInt8] {
        let input = open(path, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw failure(path, "read") }
        defer { close(input) }
        var output: Int32 = -1
        if let copy {
            output = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            guard output >= 0 else { throw failure(copy, "written") }
        }
        defer { if output >= 0 { close(output) } }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(input, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path, "read")
            }
            if count == 0 { break }
            EVP_DigestUpdate(context, buffer, count)
            guard let copy else { continue }
            var sent = 0
            while sent < count {
                let written = buffer.withUnsafeBytes { write(output, $0.baseAddress! + sent, count - sent) }
                if written < 0, errno != EINTR { throw failure(copy, "written") }
                sent += max(written, 0)
            }
        }
        if let copy, fsync(output) != 0 { throw failure(copy, "written") }
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest
    }

    /// Sees to it that names made or taken away in a folder are on the disk.
    static func synchronise(folder path: String) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// - Throws: `CatalogError.unavailable` where a file is there and cannot be removed.
    static func remove(_ path: String) throws {
        if unlink(path) != 0, errno != ENOENT { throw failure(path, "deleted") }
    }

    static func failure(_ path: String, _ verb: String) -> CatalogError {
        .unavailable("\(path) cannot be \(verb): \(String(cString: strerror(errno)))")
    }
}
