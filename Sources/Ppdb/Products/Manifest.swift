import Foundation

/// What a complete product holds: `manifest.json` in its folder, written last.
public struct Manifest: Codable, Sendable, Equatable {
    public struct File: Codable, Sendable, Equatable {
        /// As seen from the product's folder.
        public var file: String
        /// The table whose rows it holds; absent for a file without rows of its own.
        public var table: String?
        public var rows: Int?
        public var bytes: Int
        public var sha256: String
    }

    public static let name = "manifest.json"

    /// What it is: "night 2026-08-01", "hats".
    public var product: String
    /// The form of this manifest.
    public var version = 1
    public var files: [File]
    /// Rows by table.
    public var rows: [String: Int]
    /// Name and version of the schema document that describes the columns.
    public var schemaDocument: String
    /// The database it was made from: its system identifier and name.
    public var instanceId: String
    /// When it was made, ISO 8601 UTC.
    public var createdAt: String
    /// Exposures from this time to before that time, MJD TAI; absent for a product of all times.
    public var sinceMjdTai: Double?
    public var untilMjdTai: Double?

    /// The manifest of a folder; nil where there is none.
    ///
    /// - Throws: `ProductError.damaged` where it cannot be read as one.
    public static func read(from folder: String) throws -> Manifest? {
        let path = folder + "/" + name
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw ProductError.damaged(path: folder, reason: "its \(name) is no manifest")
        }
    }

    var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// Reads every file of the product again and holds it against size and SHA-256; files that the manifest does not name are ignored.
    ///
    /// - Throws: `ProductError.damaged`
    public func check(_ folder: String, progress: (Int, Int) -> Bool = { _, _ in true }) throws {
        for (number, file) in files.enumerated() {
            guard progress(number, files.count) else { throw ProductError.interrupted }
            guard FileManager.default.fileExists(atPath: "\(folder)/\(file.file)") else {
                throw ProductError.damaged(path: folder, reason: "its file \(file.file) is missing")
            }
            let found = try FileDigest.of("\(folder)/\(file.file)")
            guard found.bytes == file.bytes else {
                throw ProductError.damaged(path: folder, reason: "\(file.file) has \(found.bytes) bytes, not \(file.bytes)")
            }
            guard found.sha256 == file.sha256 else {
                throw ProductError.damaged(path: folder, reason: "the bytes of \(file.file) have changed")
            }
        }
    }
}
