import Columns
import Foundation
import Postgres

/// A store of image files with an end to each: files are registered with visit, detector and kind, deleted when their time is over, and
/// their rows are kept.
///
///     let cache = ImageCache(instance: instance, connection: connection)
///     let image = try cache.add("raw.fits", visit: 100_000, detector: 3, kind: .raw)
///     try cache.expire()
public struct ImageCache {
    public enum Kind: String, Sendable, CaseIterable {
        case raw, processed, difference, science, template

        /// Days that a policy gives it.
        func days(_ policy: RetentionPolicy) -> Double {
            switch self {
            case .raw: policy.images.rawDays
            case .processed: policy.images.processedDays
            case .difference: policy.images.differenceDays
            case .science: policy.images.scienceDays
            case .template: policy.images.templateDays
            }
        }
    }

    /// A file that was added.
    public struct Added: Sendable, Equatable {
        public var image: Int64
        public var path: String
        public var sizeBytes: Int64
        public var expiresMjdTai: Double
        /// Whether the same content stood there already, under the same visit, detector and kind.
        public var wasKnown: Bool
    }

    let instance: Instance
    let connection: Connection
    /// The store that files are added to; nil for the folder `images` of the instance.
    let directory: String?

    /// - Parameters:
    ///   - connection: as the role `ingest` or `owner`; `reader` for lists and checks.
    ///   - directory: a store outside of the instance.
    public init(instance: Instance, connection: Connection, directory: String? = nil) {
        self.instance = instance
        self.connection = connection
        self.directory = directory.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    }

    /// The folder that a row's path is in.
    func root(_ directory: String?) -> String { directory ?? instance.directory + "/images" }

    /// Copies a file into the store and registers it. After a crash it is there whole and registered, or not registered; then the same
    /// command adds it.
    ///
    /// - Parameters:
    ///   - days: how long it stays; nil for what the policy in force says of its kind.
    ///   - isLinked: a hard link instead of a copy; the file and its original are then one.
    /// - Throws: `CatalogError.badRequest` for a file that is none or days that are not more than 0; `.unavailable` where it cannot be stored.
    public func add(
        _ file: String, visit: Int64, detector: Int32, kind: Kind, days: Double? = nil, isLinked: Bool = false,
        nowMjdTai: Double = ProcessingClock.machineMjdTai()
    ) throws -> Added {
        guard ImageFile.facts(URL(fileURLWithPath: file).resolvingSymlinksInPath().path) != nil else {
            throw CatalogError.badRequest("\(file) is no file: name an image's file")
        }
        let policy = try RetentionPolicyRecord.current(on: connection).policy
        let lifetime = days ?? kind.days(policy)
        guard lifetime > 0, lifetime <= 36_000 else {
            throw CatalogError.badRequest("\(lifetime) days is no time to keep an image: give more than 0 and at most 36000")
        }
        let folder = "\(kind.rawValue)/\(visit)"
        let incoming = root(directory) + "/.incoming"
        for path in [incoming, "\(root(directory))/\(folder)"] {
            do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
                throw CatalogError.unavailable("the folder \(path) cannot be made: \(error.localizedDescription)")
            }
        }
        let temporary = "\(incoming)/\(UUID().uuidString)"
        defer { unlink(temporary) }
        let digest = try bring(file, to: temporary, isLinked: isLinked)
        guard let facts = ImageFile.facts(temporary) else { throw ImageFile.failure(temporary, "read") }
        return try connection.retryingTransaction {
            if let known = try known(visit, detector, kind, digest) { return known }
            let image = try connection.int64("SELECT nextval(pg_get_serial_sequence('skyledger.\"CachedImage\"', 'image'))")!
            let ending = URL(fileURLWithPath: file).lastPathComponent.split(separator: ".").dropFirst().suffix(2).map { "." + $0 }.joined()
            let path = "\(folder)/\(visit)-\(detector)-\(kind.rawValue)-\(image)\(ending)"
            try connection.run(
                """
                INSERT INTO skyledger."CachedImage" ("image", "directory", "path", "visit", "detector", "kind", "sizeBytes", "sha256",
                    "modifiedAtNs", "addedMjdTai", "expiresMjdTai")
                OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                """,
                [
                    .int64(image), directory.map(Parameter.text) ?? .null, .text(path), .int64(visit), .int32(detector),
                    .text(kind.rawValue), .int64(facts.sizeBytes), .bytes(digest), .int64(facts.modifiedAtNs), .double(nowMjdTai),
                    .double(nowMjdTai + lifetime),
                ])
            let whole = "\(root(directory))/\(path)"
            guard link(temporary, whole) == 0 else { throw ImageFile.failure(whole, "made") }
            ImageFile.synchronise(folder: "\(root(directory))/\(folder)")
            return Added(
                image: image, path: whole, sizeBytes: facts.sizeBytes, expiresMjdTai: nowMjdTai + lifetime, wasKnown: false)
        }
    }

    private func bring(_ file: String, to temporary: String, isLinked: Bool) throws -> [UInt8] {
        guard isLinked else { return try ImageFile.digest(file, copyingTo: temporary) }
        let original = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
        guard link(original, temporary) == 0 else {
            throw errno == EXDEV
                ? CatalogError.badRequest("\(file) lies on another disk than \(root(directory)): copy it, without --link")
                : ImageFile.failure(temporary, "made")
        }
        return try ImageFile.digest(temporary)
    }

    private func known(_ visit: Int64, _ detector: Int32, _ kind: Kind, _ digest: [UInt8]) throws -> Added? {
        let rows = try connection.query(
            """
            SELECT "image", "path", "sizeBytes", "expiresMjdTai" FROM skyledger."CachedImage"
            WHERE "visit" = $1 AND "detector" = $2 AND "kind" = $3 AND "sha256" = $4 AND "directory" IS NOT DISTINCT FROM $5
              AND "deletedAt" IS NULL
            """,
            [
                .int64(visit), .int32(detector), .text(kind.rawValue), .bytes(digest), directory.map(Parameter.text) ?? .null,
            ])
        guard rows.rowCount > 0 else { return nil }
        return Added(
            image: rows["image"]!.int64s![0], path: "\(root(directory))/\(rows["path"]!.strings![0])",
            sizeBytes: rows["sizeBytes"]!.int64s![0], expiresMjdTai: rows["expiresMjdTai"]!.doubles![0], wasKnown: true)
    }

    /// The registered files, in the order in which they were added.
    ///
    /// - Parameter deleted: whether those that are deleted are among them.
    public func list(visit: Int64? = nil, kind: Kind? = nil, deleted: Bool = false) throws -> Table {
        try connection.query(
            """
            SELECT "image", "visit", "detector", "kind", "sizeBytes", encode("sha256", 'hex') AS "sha256", "addedMjdTai", "expiresMjdTai",
                   "deletedMjdTai", coalesce("directory", $1) || '/' || "path" AS "path"
            FROM skyledger."CachedImage"
            WHERE "visit" = coalesce($2, "visit") AND "kind" = coalesce($3, "kind") AND ($4 OR "deletedAt" IS NULL)
            ORDER BY "image"
            """,
            [
                .text(root(nil)), visit.map(Parameter.int64) ?? .null, kind.map { .text($0.rawValue) } ?? .null, .bool(deleted),
            ])
    }
}
