/// An update that was made in one generation of an open release, and what becomes of it in the other.
public struct ReleaseUpdate: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable, Codable {
        case withdraw, restore, withdrawForced = "withdraw-forced", restoreForced = "restore-forced", reassign,
            reassignSSObject = "reassign-ssobject", link, split, merge, close, forced, rematch

        /// Whether it says that rows count or do not.
        public var isWithdrawal: Bool { [.withdraw, .restore, .withdrawForced, .restoreForced].contains(self) }
    }

    public enum State: String, Sendable, CaseIterable, Codable {
        case waiting, done, skipped
    }

    /// Why something of an update is not repeated.
    public enum Obstacle: String, Sendable, CaseIterable, Codable {
        /// The other generation is as the update would make it.
        case alreadySo = "already so"
        /// The other generation saw the visit-detector and has no such source or forced source there.
        case vanished
        /// The other generation lacks the visit-detector, which does not wait for it either.
        case noVisitDetector = "no visit-detector"
        /// No object of the other generation is the one that was meant.
        case noObject = "no object"
        /// The object that is meant is closed there.
        case closedObject = "closed object"
        /// Its sources belong to other objects there than the one that they were taken from.
        case otherObject = "other object"
        /// The source is withdrawn there.
        case withdrawn
        /// The other generation's schema document has no place for it.
        case noColumn = "no column"
        /// There are no ephemerides in the other generation's orbits.
        case noEphemerides = "no ephemerides"
        /// The update refused for a reason that its row tells.
        case refused
        /// The release was given up, or the generation removed, before it was repeated.
        case releaseEnded = "release ended"
    }

    public var number: Int64
    public var release: String
    /// The generation that lacks it.
    public var generation: Int
    /// Its number in the other generation's UpdateRecord; nil where it made no records.
    public var operation: Int64?
    public var kind: Kind
    public var request: UpdateRequest
    public var cause: String
    /// UTC, ISO 8601.
    public var recordedAt: String
    public var state: State
    /// Why it, or a part of it, was not repeated, or waits still.
    public var reason: String?
    /// How many rows were left out, by reason.
    public var left: [String: Int]
    /// Its number in the UpdateRecord of the generation that lacked it.
    public var repeatedAs: Int64?
}

/// What an update was about, in the identifiers of the generation where it was made.
public struct UpdateRequest: Sendable, Equatable, Codable {
    /// A source as it was, so that it can be found under another number.
    public struct Source: Sendable, Equatable, Codable {
        public var id: Int64
        public var visit: Int64
        public var detector: Int32
        /// Degrees.
        public var ra: Double
        public var dec: Double
        /// The object that it was given to.
        public var to: Int64?
        /// What that is called, of an SSObject.
        public var designation: String?
    }

    /// An object as it was, with its newest sources.
    public struct Object: Sendable, Equatable, Codable {
        public var id: Int64
        public var ra: Double
        public var dec: Double
        public var sources: [Source]
    }

    /// A forced source of an object in a visit-detector.
    public struct Forced: Sendable, Equatable, Codable {
        public var diaObjectId: Int64
        public var visit: Int64
        public var detector: Int32
    }

    public var sources: [Source] = []
    /// Objects that it named; of forced sources theirs.
    public var objects: [Object] = []
    /// The object that others were merged into; one of `objects`.
    public var into: Int64?
    public var forced: [Forced] = []
    /// The visit-detector of forced sources that were loaded, or where known objects were looked for.
    public var visit: Int64?
    public var detector: Int32?
    /// Whether objects got new summaries.
    public var refresh: Bool?
    /// The time that changes were stamped with, MJD TAI.
    public var mjdTai: Double

    /// All numbers that it names: two updates that share none do not depend on each other.
    var identifiers: Set<Int64> {
        Set(sources.map(\.id) + sources.compactMap(\.to) + objects.map(\.id) + objects.flatMap { $0.sources.map(\.id) })
            .union(forced.map(\.diaObjectId)).union(into.map { [$0] } ?? [])
    }
}
