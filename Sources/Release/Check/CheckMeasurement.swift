import Catalog

/// What a check of a release measured, before it is judged.
public struct CheckMeasurement: Sendable, Equatable, Codable {
    /// A visit-detector of the old generation that the new one lacks.
    public struct Missing: Sendable, Equatable, Codable {
        public var visit: Int64
        public var detector: Int32
        public var band: String
        public var midpointMjdTai: Double
        /// Why it may be missing, where a list excuses it.
        public var excuse: String?
    }

    public struct Completeness: Sendable, Equatable, Codable {
        /// Visit-detectors that either generation has.
        public var old: Int64 = 0
        public var new: Int64 = 0
        /// Those that the new one lacks without excuse, and with one.
        public var missing = 0
        public var excused = 0
        /// Visit-detectors that only the new one has.
        public var added: Int64 = 0
        /// The first of those that are missing, and all that are excused.
        public var named: [Missing] = []
        /// Entries of the list that excuse nothing, as they were written.
        public var idleExcuses: [String] = []

        static let namedMax = 100
    }

    /// What a night brought in a band.
    public struct Night: Sendable, Equatable, Codable {
        public var band: String
        /// A whole MJD.
        public var night: Int64
        public var oldVisitDetectors: Int64
        public var newVisitDetectors: Int64
        public var oldSources: Int64
        public var newSources: Int64

        /// New less old sources as a fraction of the old.
        public var difference: Double {
            oldSources == 0 ? (newSources == 0 ? 0 : 1) : Double(newSources - oldSources) / Double(oldSources)
        }
    }

    /// One of the doctor's checks of the new generation.
    public struct Invariant: Sendable, Equatable, Codable {
        /// The sentence that must hold.
        public var check: String
        /// What contradicts it, at most a hundred.
        public var faults: [String]
    }

    public struct Lag: Sendable, Equatable, Codable {
        /// Visit-detectors that wait to be stored in the new generation.
        public var visitDetectors: Int64 = 0
        /// The number of the newest crosswalk; nil where there is none.
        public var crosswalk: Int?
        /// Changes since it was made, without stores of what both generations have.
        public var changesSinceCrosswalk: Int64 = 0
    }

    /// Updates of the old generation, made since the release began, in the new.
    public struct Updates: Sendable, Equatable, Codable {
        public var waiting = 0
        /// Repeated, wholly or in part.
        public var repeated = 0
        /// What was left out, by kind and reason; also what was so already.
        public var left: [ReleaseUpdates.Count] = []
        /// Sources that are withdrawn in the old generation and stand in the new one, and the lowest of their old numbers. Nothing where there is
        /// no crosswalk.
        public var withdrawnShown: Int64 = 0
        public var firstWithdrawnShown: Int64?

        /// Rows of withdrawals and restorations that were left out although what they speak of may be there.
        public var skippedWithdrawals: Int { skipped { $0.isWithdrawal } }
        /// Rows of what people changed otherwise that were left out. Known objects are another matter: each generation has its own orbits.
        public var skippedOthers: Int { skipped { !$0.isWithdrawal && $0 != .rematch } }

        /// What is so already, or of a source that is not there, is no loss.
        public static let harmless: [ReleaseUpdate.Obstacle] = [.alreadySo, .vanished, .noVisitDetector]

        private func skipped(_ isMeant: (ReleaseUpdate.Kind) -> Bool) -> Int {
            let harmless = Set(Self.harmless.map(\.rawValue))
            return left.filter { isMeant($0.kind) && !harmless.contains($0.reason) }.reduce(0) { $0 + $1.rows }
        }
    }

    /// How far a PPDB is with each generation.
    public struct PPDB: Sendable, Equatable, Codable {
        public struct Part: Sendable, Equatable, Codable {
            public var generation: Int
            public var changes: Int64
            public var exported: Int64
            public var verified: Int64
        }
        public var consumer: String
        public var old: Part
        public var new: Part
        /// Changes of the new generation that are not exported, and older than every such one of the old.
        public var changesBehind: Int64

        /// By how many the changes that wait for verification are more in the new generation than in the old; 0 where nothing of the old was
        /// verified ever. Rows that changes on their way touch are verified later, in either generation, so some always wait.
        public var unverifiedMore: Int64 {
            old.verified == 0 ? 0 : max(0, (new.changes - new.verified) - (old.changes - old.verified))
        }
    }

    public struct Disk: Sendable, Equatable, Codable {
        public var oldBytes: Int64
        public var newBytes: Int64
        /// Nights that the new generation has, whose mean is what a night is projected to take.
        public var nights: Int64
        /// Nil where the server is not this machine's.
        public var freeBytes: Int64?

        /// What so many nights of both generations are projected to take.
        public func bytes(ofNights count: Int) -> Int64 {
            nights == 0 ? 0 : Int64((Double(oldBytes + newBytes) / Double(nights) * Double(count)).rounded(.up))
        }
    }

    public var completeness = Completeness()
    public var nights: [Night] = []
    public var sources: SourceComparison?
    /// What was taken over; nil where nothing was, as in a release that replaces everything.
    public var copied: CopiedRows?
    public var invariants: [Invariant] = []
    public var lag = Lag()
    public var updates = Updates()
    public var ppdb: [PPDB] = []
    public var disk = Disk(oldBytes: 0, newBytes: 0, nights: 0)

    public init() {}

    /// Reports that were stored before updates followed say nothing of them.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        completeness = try values.decode(Completeness.self, forKey: .completeness)
        nights = try values.decode([Night].self, forKey: .nights)
        sources = try values.decodeIfPresent(SourceComparison.self, forKey: .sources)
        copied = try values.decodeIfPresent(CopiedRows.self, forKey: .copied)
        invariants = try values.decode([Invariant].self, forKey: .invariants)
        lag = try values.decode(Lag.self, forKey: .lag)
        updates = try values.decodeIfPresent(Updates.self, forKey: .updates) ?? Updates()
        ppdb = try values.decode([PPDB].self, forKey: .ppdb)
        disk = try values.decode(Disk.self, forKey: .disk)
    }
}
