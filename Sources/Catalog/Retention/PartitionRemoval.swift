import Foundation
import Postgres

/// Takes one month out of a table: a record that it begins, the partition detached beside readers and writers, then, in one transaction,
/// what must be kept of it, the record's end and the drop. Repeated after a crash at any point it goes on where it was.
///
/// To detach waits for transactions that use the table, and makes none wait; only the detached partition itself is locked.
struct PartitionRemoval {
    let connection: Connection
    let reader: RetentionReader
    /// How long one attempt waits for others, and all attempts together.
    let lockTimeoutMs: Int
    let patienceSeconds: Double
    /// Told after each stage that is committed.
    let stage: (Retention.Stage) throws -> Void

    var generation: Generation { reader.generation }

    /// A removal that was begun.
    struct Begun {
        var record: Int64
        var table: String
        var partition: String
        var rows: Int64
        var isVerified: Bool
    }

    /// Writes down that a partition is to go.
    func begin(_ step: RetentionPlan.Step, of plan: RetentionPlan, byWordOf: String?) throws -> Begun {
        guard let partition = step.partition else { preconditionFailure("the step \(step.table) drops no partition") }
        let record = try RetentionRecord.write(step, of: plan, generation: generation, byWordOf: byWordOf, state: "begun", on: connection)
        try stage(.begun(partition))
        return Begun(record: record, table: step.table, partition: partition, rows: step.rows, isVerified: byWordOf == nil)
    }

    /// Removals that were begun and not ended: an earlier run was interrupted.
    func unfinished() throws -> [Begun] {
        let rows = try connection.query(
            """
            SELECT "record", "tableName", "partition", "nRows", "isVerified" FROM skyledger."RetentionRecord"
            WHERE "state" = 'begun' AND "generation" = $1 ORDER BY "record"
            """, [.int32(Int32(generation.id))])
        return (0..<rows.rowCount).map { row in
            Begun(
                record: rows["record"]!.int64s![row], table: rows["tableName"]!.strings![row],
                partition: rows["partition"]!.strings![row], rows: rows["nRows"]!.int64s![row],
                isVerified: rows["isVerified"]!.bools![row])
        }
    }

    /// - Returns: nil where the partition is gone, else why it was attached again.
    func finish(_ begun: Begun) throws -> String? {
        if try detach(begun) { try stage(.detached(begun.partition)) }
        let reason = try conclude(begun)
        try stage(.ended(begun.partition))
        return reason
    }

    private enum State { case attached, pending, detached }

    private func state(_ begun: Begun) throws -> State {
        let pending = try connection.query(
            "SELECT inhdetachpending AS pending FROM pg_inherits WHERE inhrelid = to_regclass($1)",
            [.text(generation.table(begun.partition))])
        guard let isPending = pending["pending"]?.bools?.first else { return .detached }
        return isPending ? .pending : .attached
    }

    private func parent(_ table: String) -> String {
        generation.layout.timePartitioned.first { $0.table == table }?.parent ?? table
    }

    /// - Returns: whether it was still attached.
    private func detach(_ begun: Begun) throws -> Bool {
        var wasAttached = false
        let give = Date().addingTimeInterval(patienceSeconds)
        while true {
            let how: String
            switch try state(begun) {
            case .detached: return wasAttached
            case .attached: how = "CONCURRENTLY"
            case .pending: how = "FINALIZE"
            }
            wasAttached = true
            do {
                try connection.execute("SET lock_timeout = \(lockTimeoutMs)")
                defer { try? connection.execute("RESET lock_timeout") }
                try connection.execute(
                    "ALTER TABLE \(generation.table(parent(begun.table))) DETACH PARTITION \(generation.table(begun.partition)) \(how)")
            } catch let error as PostgresError where error.sqlState == "55P03" || error.isRetryable {
                guard Date() < give else {
                    throw CatalogError.unavailable(
                        "\(begun.partition) waits for a transaction that uses \(begun.table) and has not ended within \(Int(patienceSeconds)) s: end it, then run the command again"
                    )
                }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }

    /// The detached partition is nobody's but ours now. What came into it since the plan was made stays: it is attached again.
    private func conclude(_ begun: Begun) throws -> String? {
        let partition = generation.table(begun.partition)
        return try connection.transaction {
            let counts = try reader.counts(begun.table, begun.partition)
            if counts.rows != begun.rows || (begun.isVerified && counts.unverified > 0) {
                try attachAgain(begun)
                return counts.rows != begun.rows
                    ? "\(begun.partition) has \(counts.rows) rows and had \(begun.rows) when the plan was made"
                    : "\(counts.unverified) rows of \(begun.partition) are no longer verified in the PPDB"
            }
            if begun.table == "DiaSource" {
                let names = generation.names.merging(["partition": partition]) { $1 }
                try connection.execute(SQLFile.load("retention/retired-counts", names))
                try connection.run(SQLFile.load("retention/retired-sources"), [.int64(begun.record)])
            }
            try RetentionRecord.end(begun.record, state: "done", on: connection)
            try connection.execute("DROP TABLE \(partition)")
            return nil
        }
    }

    private func attachAgain(_ begun: Begun) throws {
        guard let month = TimePartition(name: begun.partition, of: begun.table),
            let (_, parent, key) = generation.layout.timePartitioned.first(where: { $0.table == begun.table })
        else { preconditionFailure("\(begun.partition) is no month of \(begun.table)") }
        let (lower, upper) = (PartitionKeeper.bound(month.lowerMjdTai, key), PartitionKeeper.bound(month.upperMjdTai, key))
        try connection.execute(
            """
            ALTER TABLE \(generation.table(parent)) ATTACH PARTITION \(generation.table(begun.partition))
            FOR VALUES FROM (\(literal(lower))) TO (\(literal(upper)))
            """)
        try RetentionRecord.end(begun.record, state: "undone", on: connection)
    }
}
