import Foundation

/// What retention would remove, step by step, and what stands in the way. Values only: `RetentionFacts` reads what it is made from.
public struct RetentionPlan: Sendable, Codable, Equatable {
    public enum Kind: String, Sendable, Codable {
        /// A month of a table is dropped.
        case partition
        /// Objects of one source are closed and leave DiaObjectLast.
        case singles
        /// Entries of verified chunks leave the bookkeeping of replication.
        case replica
        /// Files leave the image cache.
        case images
    }

    public struct Step: Sendable, Codable, Equatable {
        public var kind: Kind
        public var table: String
        public var partition: String?
        /// The time that the partition spans, MJD TAI.
        public var lowerMjdTai: Double?
        public var upperMjdTai: Double?
        /// Counted, not estimated. Of images: files.
        public var rows: Int64
        /// On disk, indexes included.
        public var bytes: Int64
        /// Says which rows, where the partition's name does not.
        public var fingerprint: Int64
        /// Rows whose change is not in a chunk that the PPDB was verified to have.
        public var unverifiedRows: Int64
        /// Why the step cannot be done now, one sentence each; empty where it can.
        public var blockedBy: [String]

        /// What is compared between a saved plan and today's.
        var core: String {
            "\(kind.rawValue) \(table) \(partition ?? "") \(lowerMjdTai ?? 0) \(upperMjdTai ?? 0) \(rows) \(fingerprint)"
        }

        /// How messages call it.
        public var label: String { partition ?? table }
    }

    /// The generation's schema.
    public var generation: String
    /// Number of the policy; -1 for one of a file.
    public var policyNumber: Int32
    public var policyYaml: String
    public var nowMjdTai: Double
    public var steps: [Step]
    /// SHA-256 of all but bytes and what blocks, in hexadecimal.
    public var hash: String

    /// - Parameter named: tables that may go unverified.
    init(
        _ facts: RetentionFacts, generation: String, policy: RetentionPolicy, policyNumber: Int32, nowMjdTai: Double,
        unverified named: Set<String> = []
    ) throws {
        self.generation = generation
        self.policyNumber = policyNumber
        self.nowMjdTai = nowMjdTai
        policyYaml = try policy.yaml
        steps = Self.partitions(facts.partitions, unverified: named) + facts.others
        hash = ""
        hash = computedHash
    }

    /// SHA-256 of what the plan says would be done.
    var computedHash: String {
        let lines = ["retention-plan-1", generation, policyYaml, "\(nowMjdTai)"] + steps.map(\.core)
        return GenerationCreation.digest(lines.joined(separator: "\n"))
    }

    /// The partitions in the order in which they go: tables in that of `RetentionPolicy.tables`, months in that of time.
    private static func partitions(_ facts: [RetentionFacts.Partition], unverified named: Set<String>) -> [Step] {
        var steps: [Step] = []
        for table in RetentionPolicy.tables {
            var kept: String?
            for month in facts.filter({ $0.table == table }).sorted(by: { $0.month < $1.month }) {
                var reasons: [String] = []
                if month.unverifiedRows > 0, !named.contains(table) {
                    reasons.append(
                        "\(month.unverifiedRows) rows are not verified in the PPDB: run `skyledger ppdb export` and `verify`, or name \(table) with --unverified"
                    )
                }
                if month.neededBy > 0 {
                    reasons.append(
                        "\(month.neededBy) closed objects have their last version here and sources that stay: it goes after these")
                }
                // Versions of an object may leave no gap: of closed months only the oldest go.
                if table == "DiaObject", let kept { reasons.append("the older \(kept) stays, and a gap would open between versions") }
                if !reasons.isEmpty, kept == nil { kept = month.name }
                steps.append(
                    Step(
                        kind: .partition, table: table, partition: month.name, lowerMjdTai: month.month.lowerMjdTai,
                        upperMjdTai: month.month.upperMjdTai, rows: month.rows, bytes: month.bytes, fingerprint: 0,
                        unverifiedRows: month.unverifiedRows, blockedBy: reasons))
            }
        }
        return steps
    }

    /// Months of a table that lie before a limit as a whole.
    static func due(_ months: [TimePartition], nowMjdTai: Double, days: Double) -> [TimePartition] {
        months.filter { $0.upperMjdTai <= nowMjdTai - days }.sorted()
    }

    /// The plan as a file.
    public var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    /// A plan that was saved.
    ///
    /// - Throws: `CatalogError.badRequest` where the file is none, or was changed.
    public init(json: String, name: String) throws {
        do {
            self = try JSONDecoder().decode(RetentionPlan.self, from: Data(json.utf8))
        } catch {
            throw CatalogError.badRequest("\(name) is no plan of retention: write one with `skyledger retention plan --output FILE`")
        }
        guard hash == computedHash else {
            throw CatalogError.badRequest("\(name) was changed after it was written: its hash is another; make the plan anew")
        }
    }

    /// What is still to do of a saved plan, after some of it was done.
    ///
    /// - Parameters:
    ///   - today: the plan as the same policy and time give it now.
    ///   - done: rows and fingerprints of what was done under this plan, by table and partition.
    /// - Returns: the steps of today's plan that neither plan says are blocked.
    /// - Throws: `CatalogError.badRequest` where the two plans differ in more than that.
    func remaining(today: RetentionPlan, done: [String: (rows: Int64, fingerprint: Int64)]) throws -> [Step] {
        func key(_ step: Step) -> String { step.partition ?? step.table }
        func refuse(_ what: String) -> CatalogError {
            .badRequest("the plan \(hash.prefix(12)) is not today's: \(what); nothing was removed, make it anew")
        }
        guard generation == today.generation, policyYaml == today.policyYaml, nowMjdTai == today.nowMjdTai else {
            throw refuse("it is of another generation, policy or time")
        }
        let present = Dictionary(today.steps.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
        for step in steps {
            let gone = done[key(step)] ?? (0, 0)
            let now = present[key(step)]
            guard (now?.rows ?? 0) + gone.rows == step.rows, (now?.fingerprint ?? 0) ^ gone.fingerprint == step.fingerprint,
                now != nil || done[key(step)] != nil
            else { throw refuse("\(step.label) had \(step.rows) rows and has \(now?.rows ?? 0)") }
        }
        let named = Set(steps.map(key))
        if let more = today.steps.first(where: { !named.contains(key($0)) }) { throw refuse("\(more.label) is not in it") }
        let free = Set(steps.filter(\.blockedBy.isEmpty).map(key))
        return today.steps.filter { step in
            step.blockedBy.isEmpty && (free.contains(key(step)) || step.unverifiedRows > 0)
        }
    }
}
