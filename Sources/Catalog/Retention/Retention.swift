import Columns
import Foundation
import Postgres

/// Removes what the policy says is old enough: whole months, never row by row.
///
///     let retention = try Retention(instance)
///     let plan = try retention.plan()
///     let outcome = try retention.apply(plan)
///
/// One run at a time; it may be interrupted anywhere and is repeated as it was. docs/decisions/025.
public final class Retention {
    /// Points at which what was done so far is committed.
    public enum Stage: Sendable, Equatable {
        case counting(String)
        case begun(String)
        case detached(String)
        case ended(String)
        /// Rows or files of a table that has no months.
        case removed(String, Int64)
    }

    public struct Options: Sendable {
        /// How long one attempt to detach a month waits for transactions that use its table, and all attempts together.
        public var lockTimeoutMs = 500
        public var patienceSeconds = 60.0
        /// Objects that are closed in one transaction.
        public var singlesBatch = 500

        public init() {}
    }

    /// What became of a plan.
    public struct Outcome: Sendable {
        public var removed: [RetentionPlan.Step] = []
        /// Steps that were not done, each with why.
        public var kept: [RetentionPlan.Step] = []
        public var rows: Int64 { removed.reduce(0) { $0 + $1.rows } }
        public var bytes: Int64 { removed.reduce(0) { $0 + $1.bytes } }
    }

    let instance: Instance
    let connection: Connection
    let generation: Generation
    let reader: RetentionReader
    let options: Options
    let stage: (Stage) throws -> Void

    /// - Parameter stage: told how far the work is; what it throws stops the work there.
    public init(_ instance: Instance, options: Options = Options(), stage: @escaping (Stage) throws -> Void = { _ in }) throws {
        self.instance = instance
        connection = try instance.connect(as: .owner)
        generation = try instance.currentGeneration(on: connection)
        reader = try RetentionReader(connection: connection, generation: generation)
        self.options = options
        self.stage = stage
    }

    /// What would go.
    ///
    /// - Parameters:
    ///   - policy: nil for the one in force.
    ///   - nowMjdTai: the time that ages are counted from; the machine's clock by default.
    ///   - named: tables that may go without being verified in the PPDB.
    /// - Throws: `CatalogError.badRequest` where the policy keeps less than the configuration reads, or a table is unknown.
    public func plan(
        policy: RetentionPolicy? = nil, nowMjdTai: Double = ProcessingClock.machineMjdTai(), unverified named: Set<String> = []
    ) throws -> RetentionPlan {
        if let unknown = named.subtracting(RetentionPolicy.tables).min() {
            throw CatalogError.badRequest(
                "there is no table \(unknown) that retention verifies: known are \(RetentionPolicy.tables.joined(separator: ", "))")
        }
        guard nowMjdTai.isFinite, nowMjdTai > 0 else {
            throw CatalogError.badRequest("the time \(nowMjdTai) is no MJD: give a number such as 60676.0")
        }
        let present = try RetentionPolicyRecord.current(on: connection)
        let record = policy == nil || policy == present.policy ? present : RetentionPolicyRecord(number: -1, policy: policy!)
        try record.policy.check(against: ConfigurationRecord.current(on: connection).configuration)
        let facts = try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            try reader.facts(policy: record.policy, nowMjdTai: nowMjdTai, unverified: named) { try? stage(.counting($0)) }
        }
        return try RetentionPlan(
            facts, generation: generation.schemaName, policy: record.policy, policyNumber: record.number, nowMjdTai: nowMjdTai,
            unverified: named)
    }

    /// Does what a plan says and nothing else, after what an interrupted run has left.
    ///
    /// - Parameters:
    ///   - saved: a plan that was saved; what it says is done exactly, or nothing. Nil to plan anew with the other parameters.
    ///   - named: tables that go without being verified in the PPDB.
    ///   - word: who says so.
    /// - Throws: `CatalogError.badRequest` where the saved plan is not today's or the time lies ahead of the clock; `.unavailable` where
    ///   another run is at work, or a transaction that is in the way does not end.
    public func apply(
        _ saved: RetentionPlan? = nil, policy: RetentionPolicy? = nil, nowMjdTai: Double? = nil, unverified named: Set<String> = [],
        byWordOf word: String = NSUserName()
    ) throws -> Outcome {
        let now = saved?.nowMjdTai ?? nowMjdTai ?? ProcessingClock.machineMjdTai()
        guard now <= ProcessingClock.machineMjdTai() + 1 else {
            throw CatalogError.badRequest("the time \(now) lies ahead of the clock: what it would remove is not old yet")
        }
        return try alone {
            var outcome = Outcome()
            for begun in try removal.unfinished() { _ = try removal.finish(begun) }
            try ImageCache(instance: instance, connection: connection).removeMarked()
            let asked = try saved.map { try RetentionPolicy(yaml: $0.policyYaml, name: "the plan's policy") } ?? policy
            let today = try plan(policy: asked, nowMjdTai: now, unverified: named)
            var steps = today.steps.filter(\.blockedBy.isEmpty)
            if let saved { steps = try saved.remaining(today: today, done: RetentionRecord.done(under: saved.hash, on: connection)) }
            let going = Set(steps.map(\.label))
            outcome.kept = today.steps.filter { !going.contains($0.label) }
            for step in steps {
                if let reason = try perform(step, of: saved ?? today, byWordOf: step.unverifiedRows > 0 ? word : nil) {
                    var kept = step
                    kept.blockedBy = [reason]
                    outcome.kept.append(kept)
                } else {
                    outcome.removed.append(step)
                }
            }
            return outcome
        }
    }

    private var removal: PartitionRemoval {
        PartitionRemoval(
            connection: connection, reader: reader, lockTimeoutMs: options.lockTimeoutMs, patienceSeconds: options.patienceSeconds,
            stage: stage)
    }

    /// Runs a body while no other session of retention works on the database.
    private func alone<Result>(_ body: () throws -> Result) throws -> Result {
        let isFree = try connection.query("SELECT pg_try_advisory_lock(hashtextextended('skyledger.retention', 0)) AS free")
        guard isFree["free"]?.bools?.first == true else {
            throw CatalogError.unavailable("another `skyledger retention apply` is at work on this instance: wait for its end")
        }
        defer { _ = try? connection.query("SELECT pg_advisory_unlock(hashtextextended('skyledger.retention', 0))") }
        return try body()
    }

    /// - Returns: nil where the step is done, else why not.
    private func perform(_ step: RetentionPlan.Step, of plan: RetentionPlan, byWordOf: String?) throws -> String? {
        switch step.kind {
        case .partition:
            if let reason = try newlyBlocked(step) { return reason }
            return try removal.finish(removal.begin(step, of: plan, byWordOf: byWordOf))
        case .singles: try closeSingles(step, of: plan)
        case .replica: try removeReplica(step, of: plan)
        case .images:
            let kind = step.table.split(separator: " ").last.map(String.init) ?? ""
            try ImageCache(instance: instance, connection: connection).expire(kind: kind, nowMjdTai: plan.nowMjdTai) { files in
                var part = step
                (part.rows, part.bytes, part.fingerprint) = (files.count, files.bytes, files.fingerprint)
                _ = try RetentionRecord.write(part, of: plan, generation: generation, byWordOf: nil, on: connection)
            }
            try stage(.removed(step.table, step.rows))
        }
        return nil
    }

    /// Whether what should have gone before a month of DiaObject has stayed.
    private func newlyBlocked(_ step: RetentionPlan.Step) throws -> String? {
        guard step.table == "DiaObject", let partition = step.partition, let lower = step.lowerMjdTai,
            let key = generation.layout.timePartitioned.first(where: { $0.table == "DiaObject" })?.key
        else { return nil }
        let needed = try reader.neededBy(partition, TimePartition(mjdTai: lower), key, leaving: [])
        if needed > 0 { return "\(needed) closed objects have their last version here and sources that stayed" }
        let older = try connection.query(SQLFile.load("retention/partitions"), [.text(generation.table("DiaObject_closed"))])
        let month = TimePartition(mjdTai: lower)
        let names = older["partition"]?.strings.map { column in (0..<older.rowCount).map { column[$0] } } ?? []
        let kept = names.first { name in TimePartition(name: name, of: "DiaObject").map { $0 < month } ?? false }
        return kept.map { "the older \($0) stays, and a gap would open between versions" }
    }
}
