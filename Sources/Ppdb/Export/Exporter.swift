import Catalog
import Columns
import Foundation
import Postgres

/// Copies what was committed to the PPDB, chunk after chunk.
///
///     var exporter = Exporter(ppdb)
///     let summary = try exporter.run(progress: { done, total in true })
///
/// A chunk is one transaction of the PPDB with its cursor: killed at any moment and run again, no row is lost or doubled. Several exporters
/// take turns. What the instance's table ReplicaExport says follows the cursor, never the other way.
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
        /// The small tables that were copied, with their rows.
        public var refreshed: [String: Int64] = [:]
        public var lastChunk: Int64 = 0
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
        try reconcile()
        try Sealer(connection: ppdb.apdb, limits: settings.limits).seal(until: until, sealsAll: true)
        try export(latest: until, into: &summary, progress)
        if !summary.isStopped { try refresh(&summary) }
        return summary
    }

    /// As `run`, again and again, until told to stop: a row is in the PPDB within seconds of its commit.
    ///
    /// - Parameters:
    ///   - isInterrupted: asked often.
    ///   - remark: told of failures that pass, such as a server that restarts; the follower opens the PPDB anew and goes on.
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
                try exporter.followConnected(&total, isInterrupted, progress)
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

    private func followConnected(_ total: inout Summary, _ isInterrupted: () -> Bool, _ progress: (Summary) -> Void) throws {
        var refreshed = Date.distantPast
        while !isInterrupted() {
            try Sealer(connection: ppdb.apdb, limits: settings.limits).seal(sealsAll: true)
            let before = total.chunks
            try export(latest: nil, into: &total) { _, _ in !isInterrupted() }
            if Date().timeIntervalSince(refreshed) >= settings.smallTablesSeconds, !isInterrupted() {
                try refresh(&total)
                refreshed = Date()
            }
            if total.chunks > before { progress(total) } else { Thread.sleep(forTimeInterval: 0.3) }
        }
    }

    private func refresh(_ summary: inout Summary) throws {
        for (table, rows) in try SmallTables(ppdb: ppdb).refresh() { summary.refreshed[table] = rows }
    }

    private func export(latest: Date?, into summary: inout Summary, _ progress: (Int, Int) -> Bool) throws {
        let hold = (settings.withholdHours["catalogs"] ?? 0) * 3600
        let held = hold > 0 ? Date(timeIntervalSinceNow: -hold) : nil
        let latest = [latest, held].compactMap { $0 }.min()
        let start = summary.rows
        var total: Int?
        while true {
            let waiting = try WaitingChunk.list(after: ppdb.cursor().chunk, latest: latest, limit: 1000, on: ppdb.apdb)
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
                    let copied = try apply(chunk) { rows in
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
    private func apply(_ chunk: WaitingChunk, _ progress: (Int) -> Bool) throws -> Int? {
        let copied = try ppdb.exclusively { () -> Int? in
            guard try ppdb.cursor().chunk == chunk.chunk - 1 else { return nil }
            return try ChunkApplication(ppdb, chunk.withKeys(of: ppdb.generation, on: ppdb.apdb)).run(progress: progress)
        }
        if copied != nil {
            try ppdb.apdb.run(
                "INSERT INTO skyledger.\"ReplicaExport\" (\"consumer\", \"chunk\") VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [.text(ppdb.location.consumer), .int64(chunk.chunk)])
        }
        return copied
    }

    /// Brings the instance's record of exports to what the PPDB says: after a crash between the two commits it lacks a chunk, and after a
    /// PPDB was restored from a backup it has too many.
    func reconcile() throws {
        let cursor = try ppdb.cursor().chunk
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

extension Ppdb {
    /// Runs a body that writes to the PPDB, one at a time over all programs, in one transaction of the PPDB and one moment of the instance.
    func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try connection.transaction {
                try connection.query("SELECT pg_advisory_xact_lock(hashtextextended('skyledger ppdb', 0))")
                return try apdb.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") { try body() }
            }
        } catch let error as PostgresError where error.sqlState == "25006" {
            throw PpdbError.unavailable(database: location.label, reason: "it is read-only")
        }
    }
}
