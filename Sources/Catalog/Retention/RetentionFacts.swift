import Columns
import Postgres

/// What a plan is made from, read from the database: the months that are past their limits, and what depends on them.
struct RetentionFacts {
    struct Partition: Equatable {
        var table: String
        var name: String
        var month: TimePartition
        var rows: Int64
        var bytes: Int64
        /// Rows that the PPDB was not verified to have.
        var unverifiedRows: Int64
        /// Closed objects that have their last version here, and sources that stay.
        var neededBy: Int64
    }

    var partitions: [Partition] = []
    /// Steps that drop no partition; nothing blocks them.
    var others: [RetentionPlan.Step] = []
}

/// Reads the facts. One statement a question; each partition is counted by itself.
struct RetentionReader {
    let connection: Connection
    let generation: Generation
    /// Whether the change feed is there, and rows carry the keys of their changes.
    let hasFeed: Bool

    init(connection: Connection, generation: Generation) throws {
        self.connection = connection
        self.generation = generation
        hasFeed = try Self.hasFeed(generation, on: connection)
    }

    private static func hasFeed(_ generation: Generation, on connection: Connection) throws -> Bool {
        let tables = try connection.int64(
            """
            SELECT count(*) FROM unnest(ARRAY['skyledger."Change"', 'skyledger."ReplicaChunk"', 'skyledger."ReplicaExport"']) AS t(name)
            WHERE to_regclass(t.name) IS NOT NULL
            """)
        guard tables == 3 else { return false }
        let carrying = try connection.int64(
            """
            SELECT count(*) FROM pg_attribute WHERE attname = 'replicaKey' AND NOT attisdropped
                AND attrelid = ANY (ARRAY[$1::text::regclass, $2::text::regclass, $3::text::regclass, $4::text::regclass]::oid[])
            """, (RetentionPolicy.tables + ["UpdateRecord"]).map { .text(generation.table($0)) })
        return carrying == 4
    }

    /// - Parameters:
    ///   - named: tables that may go unverified.
    ///   - progress: told what is counted.
    func facts(
        policy: RetentionPolicy, nowMjdTai: Double, unverified named: Set<String>, progress: (String) -> Void = { _ in }
    ) throws -> RetentionFacts {
        var facts = RetentionFacts()
        var leaving: [Int64] = []
        for (table, parent, key) in generation.layout.timePartitioned {
            let listed = try months(of: table, parent: parent)
            let due = RetentionPlan.due(listed.map(\.month), nowMjdTai: nowMjdTai, days: policy.days(of: table))
            for month in listed.filter({ due.contains($0.month) }).sorted(by: { $0.month < $1.month }) {
                progress(month.name)
                let counts = try counts(table, month.name)
                let needed = table == "DiaObject" ? try neededBy(month.name, month.month, key, leaving: leaving) : 0
                if counts.unverified == 0 || named.contains(table) { leaving.append(month.oid) }
                facts.partitions.append(
                    .init(
                        table: table, name: month.name, month: month.month, rows: counts.rows, bytes: month.bytes,
                        unverifiedRows: counts.unverified, neededBy: needed))
            }
        }
        facts.others = try others(policy: policy, nowMjdTai: nowMjdTai)
        return facts
    }

    private func months(of table: String, parent: String) throws -> [(name: String, month: TimePartition, oid: Int64, bytes: Int64)] {
        let rows = try connection.query(SQLFile.load("retention/partitions"), [.text(generation.table(parent))])
        return (0..<rows.rowCount).compactMap { row in
            let name = rows["partition"]!.strings![row]
            guard let month = TimePartition(name: name, of: table) else { return nil }
            return (name, month, rows["oid"]!.int64s![row], rows["bytes"]!.int64s![row])
        }
    }

    /// Rows of a partition, and those of them that the PPDB was not verified to have.
    func counts(_ table: String, _ partition: String) throws -> (rows: Int64, unverified: Int64) {
        let qualified = generation.table(partition)
        guard hasFeed else {
            let rows = try connection.int64("SELECT count(*) FROM \(qualified)") ?? 0
            return (rows, rows)
        }
        let isVerified = try SQLFile.load("retention/is-verified")
        let found = try connection.query(SQLFile.load("retention/verified", ["partition": qualified, "isVerified": isVerified]))
        var unverified = found["unverified"]!.int64s![0]
        if let row = Self.recordNames[table] {
            let names = ["partition": qualified, "table": table, "row": row, "isVerified": isVerified]
            let changed =
                try connection.int64(
                    SQLFile.load("retention/unverified-updates", names.merging(generation.names) { $1 })) ?? 0
            unverified = max(unverified, changed)
        }
        return (found["rows"]!.int64s![0], unverified)
    }

    /// How an update's record names the row of a table. Versions of objects carry their own changes.
    private static let recordNames = [
        "DiaSource": "r.\"diaSourceId\" = s.\"diaSourceId\"",
        "DiaForcedSource": "r.\"diaObjectId\" = s.\"diaObjectId\" AND r.\"visit\" = s.\"visit\" AND r.\"detector\" = s.\"detector\"",
    ]

    /// Closed objects that have their last version in a month of DiaObject, and sources outside of the partitions that leave.
    func neededBy(
        _ partition: String, _ month: TimePartition, _ key: GenerationLayout.TimeKey, leaving: [Int64]
    ) throws -> Int64 {
        let names = [
            "partition": generation.table(partition), "upper": literal(PartitionKeeper.bound(month.upperMjdTai, key)),
            "leaving": "'{\(leaving.map(String.init).joined(separator: ","))}'::oid[]",
        ]
        return try connection.int64(SQLFile.load("retention/needed", names.merging(generation.names) { $1 })) ?? 0
    }

    private func others(policy: RetentionPolicy, nowMjdTai: Double) throws -> [RetentionPlan.Step] {
        var steps: [RetentionPlan.Step] = []
        func add(_ kind: RetentionPlan.Kind, _ table: String, _ rows: Table, _ row: Int = 0) {
            guard let n = rows["rows"]?.int64s?[row], n > 0 else { return }
            steps.append(
                .init(
                    kind: kind, table: table, rows: n, bytes: rows["bytes"]!.int64s![row],
                    fingerprint: rows["fingerprint"]!.int64s![row], unverifiedRows: 0, blockedBy: []))
        }
        if hasSingles {
            let rows = try connection.query(
                SQLFile.load("retention/singles", generation.names),
                [.double(nowMjdTai - policy.DiaObjectLast.singleDetectionDays)])
            add(.singles, "DiaObjectLast", rows)
        }
        if hasFeed, let last = try replicaPrefix(policy: policy, nowMjdTai: nowMjdTai) {
            add(.replica, "Change", try connection.query(SQLFile.load("retention/replica-size"), [.int64(last)]))
        }
        let images = try connection.query(SQLFile.load("retention/images"), [.double(nowMjdTai)])
        for row in 0..<images.rowCount { add(.images, "image cache: \(images["kind"]!.strings![row])", images, row) }
        return steps
    }

    /// Whether the document says when objects were last seen.
    var hasSingles: Bool { generation.document[table: "DiaObject"]?[column: "lastDiaSourceMjdTai"] != nil }

    /// The last chunk whose entries may go; nil where none may.
    func replicaPrefix(policy: RetentionPolicy, nowMjdTai: Double) throws -> Int64? {
        try connection.int64(
            SQLFile.load("retention/replica-prefix"), [.double(nowMjdTai - policy.replica.daysAfterVerification)])
    }
}

extension TimePartition {
    /// The partition that a table's partition is called after; nil where it is not called so.
    init?(name: String, of table: String) {
        guard name.hasPrefix(table + "_"), let number = Int(name.dropFirst(table.count + 1)) else { return nil }
        self.init(number: number)
    }
}
