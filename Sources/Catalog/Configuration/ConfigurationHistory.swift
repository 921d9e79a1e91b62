import Columns
import Postgres

extension Configuration {
    /// A setting that two configurations say differently; values as YAML writes them.
    public struct Change: Sendable, Equatable {
        /// `association.match.radiusArcsec`
        public var name: String
        public var before: String
        public var after: String
    }

    /// What differs from another configuration, in the order of the document.
    public func changes(from other: Configuration) throws -> [Change] { try differences(from: other) }
}

/// The configurations that an instance had.
public struct ConfigurationHistory: Sendable {
    public struct Entry: Sendable {
        public var record: ConfigurationRecord
        /// When it came into force, UTC, ISO 8601.
        public var changedAt: String
        public var cause: String
        public var changes: [Configuration.Change]
    }

    /// By number; the program's defaults, number 0, are not among them.
    public let entries: [Entry]

    /// - Throws: `CatalogError.badRequest` where a stored configuration has settings that this program does not know.
    public init(on connection: Connection) throws {
        let rows = try connection.query(
            """
            SELECT "number", "yaml", "cause", to_char("changedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "changedAt"
            FROM skyledger."Configuration" ORDER BY "number"
            """)
        var before = Configuration()
        entries = try (0..<rows.rowCount).map { row in
            let number = rows["number"]!.int32s![row]
            let configuration = try Configuration(yaml: rows["yaml"]!.strings![row], name: "configuration \(number)")
            defer { before = configuration }
            return Entry(
                record: ConfigurationRecord(number: number, configuration: configuration), changedAt: rows["changedAt"]!.strings![row],
                cause: rows["cause"]!.strings![row], changes: try configuration.changes(from: before))
        }
    }
}
