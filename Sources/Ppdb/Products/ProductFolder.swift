import Foundation

/// A folder that appears under its name only when it is complete, with its manifest.
///
/// All files are written into a hidden folder beside it, which a rename makes the product. What a killed run left is removed by the next
/// one of the same name.
final class ProductFolder {
    let path: String
    /// Where to write meanwhile.
    let unfinished: String
    private(set) var files: [Manifest.File] = []
    private var isDone = false

    /// - Throws: `ProductError.unwritable`
    init(_ path: String) throws {
        let target = URL(fileURLWithPath: path).standardizedFileURL
        self.path = target.path
        let parent = target.deletingLastPathComponent().path
        let prefix = ".\(target.lastPathComponent)."
        unfinished = "\(parent)/\(prefix)\(getpid()).partial"
        do {
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            for name in try FileManager.default.contentsOfDirectory(atPath: parent)
            where name.hasPrefix(prefix) && name.hasSuffix(".partial") {
                let process = Int32(name.dropFirst(prefix.count).dropLast(8)) ?? 0
                // Another run that is alive keeps its own.
                if process == getpid() || process <= 0 || kill(process, 0) != 0 && errno == ESRCH {
                    try FileManager.default.removeItem(atPath: "\(parent)/\(name)")
                }
            }
            try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: true)
        } catch {
            throw ProductError.unwritable(path: parent, reason: error.localizedDescription)
        }
    }

    deinit { if !isDone { try? FileManager.default.removeItem(atPath: unfinished) } }

    /// Where a file of the product is to be written; its folders are made.
    func place(_ file: String) throws -> String {
        let place = URL(fileURLWithPath: unfinished).appendingPathComponent(file)
        do {
            try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        } catch {
            throw ProductError.unwritable(path: place.path, reason: error.localizedDescription)
        }
        return place.path
    }

    /// Writes a small file whole.
    func write(_ text: String, to file: String) throws {
        let place = try place(file)
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: place)) } catch {
            throw ProductError.unwritable(path: place, reason: error.localizedDescription)
        }
        Self.synchronize(place)
        try add(file, table: nil, rows: nil)
    }

    /// Enters a file that was written into the manifest.
    func add(_ file: String, table: String?, rows: Int?) throws {
        let digest = try FileDigest.of("\(unfinished)/\(file)")
        files.append(Manifest.File(file: file, table: table, rows: rows, bytes: digest.bytes, sha256: digest.sha256))
    }

    /// Writes the manifest, waits for the disk and gives the folder its name, in place of one that has it already.
    func complete(_ manifest: Manifest) throws {
        let place = unfinished + "/" + Manifest.name
        do { try manifest.json.write(to: URL(fileURLWithPath: place)) } catch {
            throw ProductError.unwritable(path: place, reason: error.localizedDescription)
        }
        Self.synchronize(place)
        // The files are on the disk since they were written; their folders' entries must be too.
        let folders = Set(files.flatMap { Self.folders(of: $0.file) })
        for folder in folders.sorted() { Self.synchronize("\(unfinished)/\(folder)") }
        Self.synchronize(unfinished)
        if FileManager.default.fileExists(atPath: path) {
            try replace()
        } else {
            guard rename(unfinished, path) == 0 else { throw ProductError.unwritable(path: path, reason: String(cString: strerror(errno))) }
        }
        isDone = true
        Self.synchronize(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    /// Both folders change names in one step, so that at no moment there is none; then the old one goes.
    private func replace() throws {
        typealias Rename = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        // Swift's overlay of glibc has no renameat2.
        guard let symbol = dlsym(nil, "renameat2") else {
            throw ProductError.unwritable(path: path, reason: "the system cannot exchange folders; remove it first")
        }
        let exchange: UInt32 = 2
        guard unsafeBitCast(symbol, to: Rename.self)(AT_FDCWD, unfinished, AT_FDCWD, path, exchange) == 0 else {
            throw ProductError.unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        try? FileManager.default.removeItem(atPath: unfinished)
    }

    /// A file's folders inside the product, outermost last.
    private static func folders(of file: String) -> [String] {
        let parts = file.split(separator: "/").dropLast()
        return parts.indices.map { parts[...$0].joined(separator: "/") }
    }

    /// Waits until a file, or the entries of a folder, are on the disk.
    private static func synchronize(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }
}
