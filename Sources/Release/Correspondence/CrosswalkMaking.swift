import Catalog
import Foundation
import Postgres

/// Makes the crosswalk of a release and stores it as a new version, in one transaction.
///
///     let outcome = try CrosswalkMaking(instance: instance, release: "DR2").run { print($0.done, $0.total); return true }
///
/// Both generations are read at one moment; stores and readers go on. Killed at any time it leaves nothing behind. Where nothing was stored
/// or changed since the newest version, and the rules are the same, that version stands and nothing is made.
public struct CrosswalkMaking {
    let instance: Instance
    let release: String
    var rules: CrosswalkRules

    public init(instance: Instance, release: String, rules: CrosswalkRules = CrosswalkRules()) {
        self.instance = instance
        self.release = release
        self.rules = rules
    }

    /// What a run did.
    public struct Outcome: Sendable, Equatable, Codable {
        public var crosswalk: CrosswalkRecord
        /// False where the version that stands covers everything already.
        public var isNew: Bool
    }

    /// - Parameter progress: false to stop, which undoes everything.
    /// - Returns: nil where the caller stopped it.
    /// - Throws: `CatalogError.badRequest` for a release that is closed; `.unavailable` while another crosswalk is made; `ReleaseError.rule`;
    ///   `PostgresError`.
    public func run(progress: (CrosswalkProgress) -> Bool = { _ in true }) throws -> Outcome? {
        do { return try make(progress) } catch is Stopped { return nil }
    }

    private func make(_ progress: (CrosswalkProgress) -> Bool) throws -> Outcome {
        try rules.check()
        let owner = try instance.connect(as: .owner)
        let record = try Releases(connection: owner).named(release)
        guard !record.state.isClosed else {
            throw CatalogError.badRequest(
                "release \(release) is \(record.state.rawValue), and one of its generations is gone: its crosswalk was to be made before that"
            )
        }
        try record.requireBegun()
        let (old, new) = (
            try instance.generation(record.fromGeneration, on: owner), try instance.generation(record.generation, on: owner)
        )
        let tables = (try CrosswalkTables(old), try CrosswalkTables(new))
        for side in [tables.0, tables.1] { try Self.completeRanges(side, on: owner) }
        return try owner.transaction {
            try Self.lock(owner)
            return try Snapshot.read(instance) { first, second in
                let lastChange = try first.int64("SELECT coalesce(max(\"change\"), 0) FROM skyledger.\"Change\"") ?? 0
                let known = try Crosswalks(connection: owner).newest(from: old.id, to: new.id)
                if let known, known.lastChange == lastChange, known.rules == rules { return Outcome(crosswalk: known, isNew: false) }
                let number = Int(try owner.int64("SELECT coalesce(max(\"crosswalk\"), 0)::bigint + 1 FROM skyledger.\"Crosswalk\"") ?? 1)
                let parts = CrosswalkPartitions(number: number)
                try parts.make(on: owner)
                let output = parts.output(on: owner)
                let start = Date()
                let summary = try withoutActuallyEscaping(progress) { progress in
                    try CrosswalkRun(
                        old: CrosswalkReader(tables.0, connection: first), new: CrosswalkReader(tables.1, connection: second),
                        output: output, rules: rules, pixelization: instance.pixelization(on: owner), progress: progress
                    ).run()
                }
                guard var summary, progress(.init(stage: .indexes, done: 0, total: output.sourceRows)) else { throw Stopped() }
                try parts.attach(on: owner)
                summary.seconds = Date().timeIntervalSince(start)
                let made = try enter(number, old.id, new.id, output, lastChange, summary, on: owner)
                return Outcome(crosswalk: made, isNew: true)
            }
        }
    }

    /// Undoes the transaction of a run that was stopped.
    private struct Stopped: Error {}

    private func enter(
        _ number: Int, _ old: Int, _ new: Int, _ output: CrosswalkOutput, _ lastChange: Int64, _ summary: CrosswalkSummary,
        on owner: Connection
    ) throws -> CrosswalkRecord {
        try owner.run(
            """
            INSERT INTO skyledger."Crosswalk" ("crosswalk", "release", "fromGeneration", "toGeneration", "rules", "nSources", "nObjects",
                "lastChange", "summary") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb)
            """,
            [
                .int32(Int32(number)), .text(release), .int32(Int32(old)), .int32(Int32(new)), .text(try Crosswalks.json(rules)),
                .int64(Int64(output.sourceRows)), .int64(Int64(output.objectRows)), .int64(lastChange),
                .text(try Crosswalks.json(summary)),
            ])
        try owner.run(
            "INSERT INTO skyledger.\"ReleaseStep\" (\"release\", \"step\", \"detail\") VALUES ($1, 'crosswalk', jsonb_build_object('crosswalk', $2::integer) || $3::text::jsonb)",
            [.text(release), .int32(Int32(number)), .text(try Crosswalks.json(summary))])
        guard let made = try Crosswalks(connection: owner).newest(from: old, to: new), made.crosswalk == number else {
            throw CatalogError.inconsistent("crosswalk \(number) is not there after it was stored: run the command again")
        }
        return made
    }

    /// One crosswalk is made, or removed, at a time. Held to the end of the transaction.
    static func lock(_ owner: Connection) throws {
        let free = try owner.query("SELECT pg_try_advisory_xact_lock(hashtextextended('skyledger crosswalk', 0)) AS free")
        guard free["free"]?.bools?.first == true else {
            throw CatalogError.unavailable("another crosswalk is being made: wait for its end, and run the command again")
        }
    }

    /// Sources are found by ranges of blocks; blocks that were filled since the last vacuum are in no range yet, and would be read every time.
    private static func completeRanges(_ side: CrosswalkTables, on owner: Connection) throws {
        guard let index = side.rangeIndex else { return }
        try owner.query(
            """
            SELECT sum(brin_summarize_new_values(t.relid)) FROM pg_partition_tree($1::text::regclass) AS t WHERE t.isleaf
            """, [.text(index)])
    }
}
