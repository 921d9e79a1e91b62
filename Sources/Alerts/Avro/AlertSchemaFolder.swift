import Foundation

/// The alert schemas of all versions, as the package lsst-alert-packet lays them out: `MAJOR/MINOR/NAME.alert.avsc` with its parts.
///
///     let schemas = try AlertSchemaFolder("site-packages/lsst/alert/packet/schema")
///     let newest = try schemas.schema(of: schemas.newest)
public struct AlertSchemaFolder: Sendable {
    public struct Version: Sendable, Hashable, Comparable, CustomStringConvertible {
        public let major: Int
        public let minor: Int

        public init(major: Int, minor: Int) {
            self.major = major
            self.minor = minor
        }

        /// The version of LSST's number (`major * 100 + minor`).
        public init(schemaId: UInt32) { self.init(major: Int(schemaId / 100), minor: Int(schemaId % 100)) }

        public var schemaId: UInt32 { ConfluentFrame.schemaId(major: major, minor: minor) }
        public var description: String { "\(major).\(minor)" }

        public static func < (a: Version, b: Version) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
    }

    public let path: String
    /// From the oldest to the newest.
    public let versions: [Version]

    /// - Throws: `AvroError.file` where the folder holds no version.
    public init(_ path: String) throws {
        func numbers(_ folder: String) -> [Int] {
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { Int($0) }.filter { (0..<100).contains($0) }
        }
        self.path = path
        versions = numbers(path).flatMap { major in
            numbers("\(path)/\(major)").map { Version(major: major, minor: $0) }
        }.sorted()
        if versions.isEmpty { throw AvroError.file(path: path, reason: "it holds no folders MAJOR/MINOR of alert schemas") }
    }

    public var newest: Version { versions.last! }

    /// - Throws: `AvroError.file` where the version is not there; `AvroError.schema`
    public func schema(of version: Version) throws -> AvroSchema {
        try AvroSchema(alertFolder: "\(path)/\(version.major)/\(version.minor)")
    }

    /// The schema of a Confluent frame's number; nil where the folder does not have the version.
    /// - Throws: `AvroError.file`, `AvroError.schema`
    public func schema(ofId id: UInt32) throws -> AvroSchema? {
        let version = Version(schemaId: id)
        return versions.contains(version) ? try schema(of: version) : nil
    }
}
