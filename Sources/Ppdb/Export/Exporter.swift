import Catalog
import Columns
import Foundation
import Postgres

/// Copies what was committed to the PPDB, chunk after chunk, for every generation that the instance has, and follows its swaps.
///
///     var exporter = Exporter(ppdb)
///     let summary = try exporter.run(progress: { done, total in true })
///
/// A chunk is one transaction of the PPDB with its cursor: killed at any moment and run again, no row is lost or doubled. Several exporters
/// take turns. What the instance's table ReplicaExport says follows the cursors, never the other way: a chunk is exported when the copies of
/// all generations have it.
public struct Exporter {
    let ppdb: Ppdb
    public var settings: ReplicationSettings

    public init(_ ppdb: Ppdb, settings: ReplicationSettings = .init()) {
        self.ppdb = ppdb
        self.settings = settings
    }

    /// What an export did.
    public struct Summary: Sendable, Equatable, Codable {
        public var chunks = 0
        public var rows = 0
        /// The small tables that were copied, with their rows; those of generations that are not current with the generation's schema.
        public var refreshed: [String: Int64] = [:]
        /// The crosswalks of releases that were copied, by number, with their rows.
        public var crosswalks: [String: Int64] = [:]
        public var lastChunk: Int64 = 0
        /// Crosswalks that the instance removed and that are removed here.
        public var crosswalksRemoved: [Int] = []
        /// What became of a swap of the instance's, a sentence; nil where there was none to follow.
        public var swap: String?
        /// Whether the caller stopped it.
        public var isStopped = false

        public init() {}
    }

    /// Seals what is committed and exports it.
    ///
    /// - Parameters:
    ///   - until: only changes that were recorded before this time.
    ///   - progress: called with the rows copied and the rows waiting at the start; return false to stop. The chunk at hand is undone then.
    /// - Throws: `PpdbError`, `PostgresError`; all chunks before the failing one are applied.
    public func run(until: Date? = nil, progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Summary {
        var summary = Summary()
        var copies = try ppdb.reopened().allGenerations { progress(0, 0) }
        try reconcile()
        try Sealer(connection: ppdb.apdb, limits: settings.limits).seal(until: until, sealsAll: true)
        try export(copies, latest: until, into: &summary, progress)
        if !summary.isStopped { _ = try follow(&copies, into: &summary) }
        if !summary.isStopped { try refresh(copies, &summary) }
        return summary
    }

    /// As `run`, again and again, until told to stop: a row is in the PPDB within seconds of its commit.
    ///
    /// - Parameters:
    ///   - isInterrupted: asked often.
    ///   - remark: told of failures that pass, such as a server that restarts, and of swaps; the follower opens the PPDB anew and goes on.
    public static func follow(
        open: () throws -> Ppdb, settings: ReplicationSettings, isInterrupted: () -> Bool, remark: (String) -> Void,
        progress: (Summary) -> Void = { _ in }
    ) throws -> Summary {
        var total = Summary()
        var pauseSeconds = 0.0
        while !isInterrupted() {
            do {
                let exporter = Exporter(try open(), settings: settings)
                try exporter.reconcile()
                pauseSeconds = 0
                try exporter.followConnected(&total, isInterrupted, remark, progress)
            } catch  where Self.mayPass(error) {
                if pauseSeconds == 0 { remark("\(error); trying again") }
                pauseSeconds = min(30, max(1, pauseSeconds * 2))
                let end = Date(timeIntervalSinceNow: pauseSeconds)
                while Date() < end, !isInterrupted() { Thread.sleep(forTimeInterval: 0.1) }
            }
        }
        total.isStopped = true
        return total
    }

    /// Whether a follower waits for a failure to pass: a server that restarts, a disk that is full, a PPDB that is read-only for a while.
    private static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: error.isConnectionLost || error.isDiskFull
        case PpdbError.unavailable: true
        default: false
        }
    }

    private func followConnected(
        _ total: inout Summary, _ isInterrupted: () -> Bool, _ remark: (String) -> Void, _ progress: (Summary) -> Void
    ) throws {
        var refreshed = Date.distantPast
        var copies: [Ppdb] = []
        var known: Moment?
        while !isInterrupted() {
            let moment = try moment()
            if moment != known { copies = try ppdb.reopened().allGenerations { !isInterrupted() } }
            known = moment
            try Sealer(connection: ppdb.apdb, limits: settings.limits).seal(sealsAll: true)
            let before = total.chunks
            try export(copies, latest: nil, into: &total) { _, _ in !isInterrupted() }
            let told = total.swap
            // Others that follow as well wait for the same: they come to it in turn.
            if !isInterrupted(), try follow(&copies, into: &total) { (known, refreshed) = (nil, .distantPast) }
            if let sentence = total.swap, sentence != told { remark(sentence) }
            if Date().timeIntervalSince(refreshed) >= settings.smallTablesSeconds, !isInterrupted() {
                try refresh(copies, &total)
                refreshed = Date()
            }
            if total.chunks > before { progress(total) } else { Thread.sleep(forTimeInterval: 0.3) }
        }
    }

    /// What decides which copies there must be.
    private struct Moment: Equatable {
        var generations: [Int]
        var current: String?
    }

    private func moment() throws -> Moment {
        Moment(
            generations: try ppdb.livingGenerations(), current: try Ppdb.settings(.current, on: ppdb.connection)["generation"])
    }

    /// Follows a swap of the instance's, if there is one.
    /// - Returns: whether names of the PPDB mean another generation now.
    private func follow(_ copies: inout [Ppdb], into summary: inout Summary) throws -> Bool {
        guard let swap = try PpdbSwap.pending(ppdb) else { return false }
        switch try swap.follow(ppdb.reopened()) {
        case .done:
            summary.swap = swap.sentence
            copies = try ppdb.reopened().living()
            return true
        case .waits(let reason):
            summary.swap = "the PPDB does not follow swap \(swap.number) of release \(swap.release) yet: \(reason)"
            return false
        }
    }

    private func refresh(_ copies: [Ppdb], _ summary: inout Summary) throws {
        for copy in copies {
            for (table, rows) in try SmallTables(ppdb: copy).refresh() {
                summary.refreshed[copy.schemas == .current ? table : "\(copy.schemas.tables).\(table)"] = rows
            }
        }
        // The names may mean another generation than when it was opened.
        let crosswalks = CrosswalkCopies(ppdb: try ppdb.reopened())
        summary.crosswalksRemoved += try crosswalks.removePruned()
        for (crosswalk, rows) in try crosswalks.export() { summary.crosswalks["\(crosswalk)"] = rows }
    }

    private func export(_ copies: [Ppdb], latest: Date?, into summary: inout Summary, _ progress: (Int, Int) -> Bool) throws {
        for copy in copies where !summary.isStopped {
            let others = try copies.filter { $0 !== copy }.map { try $0.cursor().chunk }.min() ?? .max
            try export(copy, others: others, latest: latest, into: &summary, progress)
        }
    }

    /// - Parameter others: the last chunk that all other copies have.
    private func export(
        _ copy: Ppdb, others: Int64, latest: Date?, into summary: inout Summary, _ progress: (Int, Int) -> Bool
    ) throws {
        let hold = (settings.withholdHours["catalogs"] ?? 0) * 3600
        let held = hold > 0 ? Date(timeIntervalSinceNow: -hold) : nil
        let latest = [latest, held].compactMap { $0 }.min()
        let start = summary.rows
        var total: Int?
        while true {
            let waiting = try WaitingChunk.list(after: copy.cursor().chunk, latest: latest, limit: 1000, on: copy.apdb)
            guard !waiting.isEmpty else { return }
            total = total ?? Int(waiting.reduce(0) { $0 + $1.nRows })
            for chunk in waiting {
                let done = summary.rows - start
                var isStopped = !progress(done, max(total!, done))
                guard !isStopped else {
                    summary.isStopped = true
                    return
                }
                do {
                    let copied = try apply(chunk, to: copy, others: others) { rows in
                        isStopped = !progress(done + rows, max(total!, done + rows))
                        return !isStopped
                    }
                    guard let copied else { break }
                    summary.rows += copied
                    summary.chunks += 1
                    summary.lastChunk = chunk.chunk
                } catch  where isStopped {
                    summary.isStopped = true
                    return
                }
            }
        }
    }

    /// Applies one chunk.
    /// - Returns: its rows; nil where another exporter was faster.
    private func apply(_ chunk: WaitingChunk, to copy: Ppdb, others: Int64, _ progress: (Int) -> Bool) throws -> Int? {
        let copied = try copy.exclusively { () -> Int? in
            guard try copy.cursor().chunk == chunk.chunk - 1 else { return nil }
            return try ChunkApplication(copy, chunk.withKeys(of: copy.generation, on: copy.apdb)).run(progress: progress)
        }
        if copied != nil, chunk.chunk <= others {
            try ppdb.apdb.run(
                "INSERT INTO skyledger.\"ReplicaExport\" (\"consumer\", \"chunk\") VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.text(ppdb.location.consumer), .int64(chunk.chunk)])
        }
        return copied
    }

    /// Brings the instance's record of exports to what the PPDB says: after a crash between the two commits it lacks a chunk, and after a
    /// PPDB was restored from a backup it has too many.
    func reconcile() throws {
        let cursor = try ppdb.reopened().reach()
        let newest = try ppdb.apdb.int64("SELECT coalesce(max(\"chunk\"), 0) FROM skyledger.\"ReplicaChunk\"") ?? 0
        guard cursor <= newest else {
            throw PpdbError.inconsistent(
                "the PPDB \(ppdb.location.label) is at chunk \(cursor) and the instance has only \(newest): the instance was restored from a backup; make the PPDB anew"
            )
        }
        try ppdb.apdb.run(
            "DELETE FROM skyledger.\"ReplicaExport\" WHERE \"consumer\" = $1 AND \"chunk\" > $2",
            [.text(ppdb.location.consumer), .int64(cursor)])
        try ppdb.apdb.run(
            """
            INSERT INTO skyledger."ReplicaExport" ("consumer", "chunk")
            SELECT $1, k."chunk" FROM skyledger."ReplicaChunk" AS k
            WHERE k."chunk" <= $2
              AND NOT EXISTS (SELECT FROM skyledger."ReplicaExport" AS e WHERE e."consumer" = $1 AND e."chunk" = k."chunk")
            ON CONFLICT DO NOTHING
            """, [.text(ppdb.location.consumer), .int64(cursor)])
    }
}
