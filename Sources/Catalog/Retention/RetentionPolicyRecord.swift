import Columns
import Postgres

/// The policy in the database: the one in force, and those before it.
public struct RetentionPolicyRecord: Sendable {
    /// Which of the instance's policies it is; 0 is the program's defaults.
    public let number: Int32
    public let policy: RetentionPolicy

    /// The one in force.
    public static func current(on connection: Connection) throws -> RetentionPolicyRecord {
        let row = try connection.query(
            "SELECT \"number\", \"yaml\" FROM skyledger.\"RetentionPolicy\" ORDER BY \"number\" DESC LIMIT 1")
        guard let number = row["number"]?.int32s?.first, let yaml = row["yaml"]?.strings?[0] else {
            return RetentionPolicyRecord(number: 0, policy: RetentionPolicy())
        }
        return RetentionPolicyRecord(number: number, policy: try RetentionPolicy(yaml: yaml, name: "policy \(number)"))
    }

    /// Puts another into force. Nothing is removed by it: `Retention` does that.
    ///
    /// - Parameter connection: as the role `owner`.
    /// - Returns: its number; the present one's where nothing differs.
    /// - Throws: `CatalogError.badRequest` where it keeps less than the configuration in force reads.
    public static func put(_ policy: RetentionPolicy, cause: String, on connection: Connection) throws -> Int32 {
        try policy.check { _ in "" }
        return try connection.transaction {
            try policy.check(against: ConfigurationRecord.current(on: connection).configuration)
            try connection.execute("LOCK TABLE skyledger.\"RetentionPolicy\" IN EXCLUSIVE MODE")
            let present = try current(on: connection)
            if present.policy == policy { return present.number }
            try connection.run(
                "INSERT INTO skyledger.\"RetentionPolicy\" (\"number\", \"yaml\", \"cause\") VALUES ($1, $2, $3)",
                [.int32(present.number + 1), .text(try policy.yaml), .text(cause)])
            return present.number + 1
        }
    }

    /// A policy that was in force.
    public struct Entry: Sendable {
        public var number: Int32
        public var policy: RetentionPolicy
        /// When it came into force, UTC, ISO 8601.
        public var changedAt: String
        public var cause: String
        public var changes: [Configuration.Change]
    }

    /// All that were set, by number; the program's defaults, number 0, are not among them.
    public static func history(on connection: Connection) throws -> [Entry] {
        let rows = try connection.query(
            """
            SELECT "number", "yaml", "cause", to_char("changedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "changedAt"
            FROM skyledger."RetentionPolicy" ORDER BY "number"
            """)
        var before = RetentionPolicy()
        return try (0..<rows.rowCount).map { row in
            let number = rows["number"]!.int32s![row]
            let policy = try RetentionPolicy(yaml: rows["yaml"]!.strings![row], name: "policy \(number)")
            defer { before = policy }
            return Entry(
                number: number, policy: policy, changedAt: rows["changedAt"]!.strings![row], cause: rows["cause"]!.strings![row],
                changes: try policy.changes(from: before))
        }
    }
}
