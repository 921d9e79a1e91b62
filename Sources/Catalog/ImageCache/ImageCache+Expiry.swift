import Columns
import Foundation
import Postgres

extension ImageCache {
    /// Files that were deleted together.
    public struct Expired: Sendable, Equatable {
        public var count: Int64 = 0
        public var bytes: Int64 = 0
        /// The exclusive or of the hashes of the images' numbers.
        public var fingerprint: Int64 = 0
    }

    /// Files of one transaction.
    private static let batch = 1000

    /// Deletes the files whose time is over. The deletion is written down first; what an interrupted run has written down and not deleted, the
    /// next one deletes.
    ///
    /// - Parameters:
    ///   - kind: one kind only.
    ///   - record: called in the transaction that marks files, with what they are.
    @discardableResult
    public func expire(
        kind: String? = nil, nowMjdTai: Double = ProcessingClock.machineMjdTai(), record: (Expired) throws -> Void = { _ in }
    ) throws -> Expired {
        var total = Expired()
        while true {
            let marked = try connection.transaction {
                let rows = try connection.query(
                    """
                    WITH due AS (
                        SELECT "image" FROM skyledger."CachedImage" WHERE "deletedAt" IS NULL AND "expiresMjdTai" <= $1
                            AND "kind" = coalesce($2, "kind") ORDER BY "image" LIMIT \(Self.batch) FOR UPDATE
                    ), marked AS (
                        UPDATE skyledger."CachedImage" AS i SET "deletedAt" = clock_timestamp(), "deletedMjdTai" = $1 FROM due
                        WHERE i."image" = due."image" RETURNING i."image", i."sizeBytes"
                    )
                    SELECT count(*) AS "rows", coalesce(sum("sizeBytes"), 0)::bigint AS "bytes",
                           coalesce(bit_xor(hashint8extended("image", 0)), 0) AS "fingerprint" FROM marked
                    """, [.double(nowMjdTai), kind.map(Parameter.text) ?? .null])
                let part = Expired(
                    count: rows["rows"]!.int64s![0], bytes: rows["bytes"]!.int64s![0], fingerprint: rows["fingerprint"]!.int64s![0])
                if part.count > 0 { try record(part) }
                return part
            }
            try removeMarked()
            if marked.count == 0 { return total }
            total.count += marked.count
            total.bytes += marked.bytes
            total.fingerprint ^= marked.fingerprint
        }
    }

    /// Deletes the files of rows that say that they are deleted.
    func removeMarked() throws {
        while true {
            let rows = try connection.query(
                """
                SELECT "image", "directory", "path" FROM skyledger."CachedImage" WHERE "deletedAt" IS NOT NULL AND NOT "isRemoved"
                ORDER BY "image" LIMIT \(Self.batch)
                """)
            guard let images = rows["image"]?.int64s, !images.isEmpty else { return }
            for row in images.indices {
                let directory = rows["directory"]!.isNull(row) ? nil : rows["directory"]!.strings![row]
                try ImageFile.remove("\(root(directory))/\(rows["path"]!.strings![row])")
            }
            try connection.run(
                "UPDATE skyledger.\"CachedImage\" SET \"isRemoved\" = true WHERE \"image\" = ANY ($1)", [.int64Array(images)])
        }
    }

    /// A file that is not as it was registered.
    public struct Fault: Sendable, Equatable, Codable, CustomStringConvertible {
        public enum Kind: String, Sendable, Codable {
            case vanished, grew, shrank, changed, unregistered
        }

        public var kind: Kind
        public var path: String
        public var image: Int64?
        public var description: String
    }

    /// Compares what is on the disk with what was registered: the size and the time of change, and the content where asked.
    ///
    /// - Parameters:
    ///   - isDeep: whether the content is read.
    ///   - progress: called with files done and in all; return false to stop.
    public func check(isDeep: Bool = false, progress: (Int, Int) -> Bool = { _, _ in true }) throws -> [Fault] {
        let rows = try connection.query(
            """
            SELECT "image", "directory", "path", "sizeBytes", "modifiedAtNs", "sha256", "deletedAt" IS NOT NULL AS "isDeleted"
            FROM skyledger."CachedImage" WHERE NOT "isRemoved" ORDER BY "image"
            """)
        var faults: [Fault] = []
        var registered: Set<String> = []
        var roots: Set<String> = [root(nil), root(directory)]
        for row in 0..<rows.rowCount {
            let folder = root(rows["directory"]!.isNull(row) ? nil : rows["directory"]!.strings![row])
            let path = "\(folder)/\(rows["path"]!.strings![row])"
            registered.insert(path)
            roots.insert(folder)
            if rows["isDeleted"]!.bools![row] { continue }
            let image = rows["image"]!.int64s![row]
            let (size, modified) = (rows["sizeBytes"]!.int64s![row], rows["modifiedAtNs"]!.int64s![row])
            func add(_ kind: Fault.Kind, _ sentence: String) {
                faults.append(Fault(kind: kind, path: path, image: image, description: sentence))
            }
            if let facts = ImageFile.facts(path) {
                if facts.sizeBytes != size {
                    add(
                        facts.sizeBytes > size ? .grew : .shrank,
                        "\(path) has \(facts.sizeBytes) bytes and was registered with \(size)")
                } else if isDeep {
                    if try ImageFile.digest(path) != Array(rows["sha256"]!.binaries!.bytes(at: row)) {
                        add(.changed, "\(path) has other content than was registered")
                    }
                } else if facts.modifiedAtNs != modified {
                    add(.changed, "\(path) was written to after it was registered")
                }
            } else {
                add(.vanished, "\(path) was registered and is not there")
            }
            if !progress(row + 1, rows.rowCount) { return faults }
        }
        for folder in roots.sorted() { faults += unregistered(in: folder, registered) }
        return faults
    }

    private func unregistered(in folder: String, _ registered: Set<String>) -> [Fault] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
        var faults: [Fault] = []
        for case let name as String in walk {
            let path = "\(folder)/\(name)"
            guard !registered.contains(path), ImageFile.facts(path) != nil else { continue }
            faults.append(
                Fault(kind: .unregistered, path: path, image: nil, description: "\(path) lies in the store and is not registered"))
        }
        return faults.sorted { $0.path < $1.path }
    }
}
