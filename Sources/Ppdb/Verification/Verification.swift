import Catalog
import Columns
import Foundation
import Postgres

/// Holds every exported chunk against the instance, in the copies of all generations that live.
///
/// All rows of all tables are read once on both sides, at one moment of each, and summed by change: over the columns that both have alike.
/// Rows that changes touch which the PPDB has not yet are left out on both sides; a chunk with such rows is verified the next time. The PPDB's
/// own sums over all its columns are held against those that the export wrote and every update moved along: they stand where retention has
/// dropped the instance's rows.
public struct Verification {
    let ppdb: Ppdb

    public init(_ ppdb: Ppdb) { self.ppdb = ppdb }

    /// A change whose rows of one table are not what they should be.
    public struct Fault: Sendable, Equatable, Codable {
        public var table: String
        /// Whose rows they are.
        public var generation: Int
        public var chunk: Int64
        /// The change's key; nil where only the chunk's sum is known to be wrong.
        public var replicaKey: Int64?
        public var visit: Int64?
        public var detector: Int32?
        /// The rows, by name and what is wrong with them; at most `Fault.namesMax`.
        public var rows: [String]
        public var rowCount: Int

        public static let namesMax = 20

        /// One sentence.
        public var description: String {
            let place = visit.map { ", visit \($0) detector \(detector ?? 0)" } ?? ""
            guard replicaKey != nil else {
                return
                    "generation \(generation), chunk \(chunk)\(place): the sum of \(table) differs from what was exported, and the instance's rows do not say which row it is"
            }
            let more = rowCount > rows.count ? " and \(rowCount - rows.count) more" : ""
            return "generation \(generation), chunk \(chunk)\(place): \(rows.joined(separator: "; "))\(more)"
        }
    }

    /// What was found.
    public struct Report: Sendable, Codable {
        public var chunks = 0
        public var verified = 0
        public var rows: Int64 = 0
        /// Chunks with rows that changes on their way touch.
        public var unsettled = 0
        public var faults: [Fault] = []
        public var seconds = 0.0
    }

    /// - Parameter progress: tables done and in all; return false to stop, which verifies nothing.
    public func run(progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Report? {
        let start = Date()
        let current = try ppdb.reopened()
        try Exporter(current).reconcile()
        var report = Report()
        report.chunks = Int(try current.reach())
        var unsettled: Set<Int64> = []
        let copies = try current.living()
        let total = copies.reduce(0) { $0 + $1.feed.all.count }
        var done = 0
        for copy in copies {
            guard let found = try Verification(copy).hold(&report, { progress(done + $0, total) }) else { return nil }
            unsettled.formUnion(found)
            done += copy.feed.all.count
        }
        try CrosswalkCopies(ppdb: ppdb).hold(&report)
        let faulty = Set(report.faults.map(\.chunk))
        let last = Int64(report.chunks)
        try record(faulty: faulty, unsettled: unsettled, last: last)
        // A copy may be ahead of the others.
        report.unsettled = unsettled.filter { $0 <= last }.count
        report.verified = report.chunks - faulty.union(unsettled).subtracting([0]).filter { $0 <= last }.count
        report.seconds = Date().timeIntervalSince(start)
        return report
    }

    /// Holds one generation's copy against the instance.
    /// - Returns: chunks with rows that changes on their way touch; nil where it was stopped.
    private func hold(_ report: inout Report, _ progress: (Int) -> Bool) throws -> Set<Int64>? {
        // The PPDB's moment comes first, so that the instance's has all that it has.
        try ppdb.connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let cursor = try ppdb.cursor()
            return try ppdb.apdb.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
                let pending = try PendingChanges(after: cursor, of: ppdb)
                let changes = try ExportedChanges.read(ppdb)
                var unsettled: Set<Int64> = []
                for (done, table) in ppdb.feed.all.enumerated() {
                    guard progress(done) else { return nil }
                    try compare(table, pending, changes, &unsettled, &report)
                }
                try compareSmall(&report)
                return unsettled
            }
        }
    }

    private func compare(
        _ table: FeedTable, _ pending: PendingChanges, _ changes: ExportedChanges, _ unsettled: inout Set<Int64>, _ report: inout Report
    ) throws {
        let (theirs, ours) = try both(
            { try KeySums.read(table, isInstance: true, pending: pending, on: ppdb.apdb) },
            { try KeySums.read(table, isInstance: false, pending: pending, on: ppdb.connection) })
        let recorded = try changes.recorded(table.name, ppdb)
        var sums: [Int64: RowSum] = [:]
        for (key, sum) in ours.whole {
            report.rows += sum.count
            guard let change = changes.byKey[key] else {
                report.faults.append(try fault(table, key, nil, pending, ppdb.generation))
                continue
            }
            sums[change.chunk, default: RowSum()] = sums[change.chunk, default: RowSum()] + sum
        }
        for key in Set(theirs.touched.keys).union(ours.touched.keys) {
            if let change = changes.byKey[key] { unsettled.insert(change.chunk) }
        }
        var named: Set<Int64> = []
        for key in Set(theirs.common.keys).union(ours.common.keys).sorted() {
            guard let change = changes.byKey[key] else { continue }
            let (a, b) = (theirs.settled(key), ours.settled(key))
            if a == b { continue }
            // Retention takes rows from the instance, never from the PPDB. Where this has no more than was exported, its sum decides below.
            if a.count < b.count, sums[change.chunk]?.count ?? 0 <= recorded[change.chunk]?.count ?? 0 { continue }
            report.faults.append(try fault(table, key, change, pending, ppdb.generation))
            named.insert(change.chunk)
        }
        for chunk in Set(sums.keys).union(recorded.keys).subtracting(named)
        where sums[chunk] ?? RowSum() != recorded[chunk] ?? RowSum() {
            report.faults.append(
                Fault(
                    table: table.name, generation: ppdb.generation.id, chunk: chunk, replicaKey: nil, visit: nil, detector: nil, rows: [],
                    rowCount: 0))
        }
    }

    private func fault(
        _ table: FeedTable, _ key: Int64, _ change: ExportedChanges.Change?, _ pending: PendingChanges, _ generation: Generation
    ) throws -> Fault {
        let rows = try RowDifferences.read(table, key: key, pending: pending, of: ppdb)
        return Fault(
            table: table.name, generation: generation.id, chunk: change?.chunk ?? 0, replicaKey: key, visit: change?.visit,
            detector: change?.detector,
            rows: rows.prefix(Fault.namesMax).map(\.sentence), rowCount: rows.count)
    }

    private func compareSmall(_ report: inout Report) throws {
        for table in ppdb.feed.small {
            let known = RowSum.read(
                try ppdb.connection.query(
                    "SELECT \"nRows\" AS \"count\", \"checksum\"::text AS \"checksum\" FROM \(ppdb.schemas.replica).\"SmallTable\" WHERE \"table\" = $1",
                    [.text(table.name)]))
            let found = try RowSum.of(table.target, table.common, on: ppdb.connection)
            report.rows += found.count
            if found != known.first ?? RowSum() {
                report.faults.append(
                    Fault(
                        table: table.name, generation: ppdb.generation.id, chunk: 0, replicaKey: nil, visit: nil, detector: nil, rows: [],
                        rowCount: 0))
            }
        }
    }

    private func record(faulty: Set<Int64>, unsettled: Set<Int64>, last: Int64) throws {
        let consumer = Parameter.text(ppdb.location.consumer)
        try ppdb.apdb.transaction {
            try ppdb.apdb.run(
                "UPDATE skyledger.\"ReplicaExport\" SET \"verifiedAt\" = NULL WHERE \"consumer\" = $1 AND \"chunk\" = ANY ($2) AND \"verifiedAt\" IS NOT NULL",
                [consumer, .int64Array(faulty.sorted())])
            try ppdb.apdb.run(
                """
                UPDATE skyledger."ReplicaExport" SET "verifiedAt" = clock_timestamp()
                WHERE "consumer" = $1 AND "chunk" <= $2 AND NOT "chunk" = ANY ($3)
                """, [consumer, .int64(last), .int64Array(faulty.union(unsettled).sorted())])
        }
    }
}

/// The changes that the PPDB has, and what it wrote down of its chunks.
struct ExportedChanges {
    struct Change {
        var chunk: Int64
        var visit: Int64?
        var detector: Int32?
    }

    var byKey: [Int64: Change] = [:]

    static func read(_ ppdb: Ppdb) throws -> ExportedChanges {
        var out = ExportedChanges()
        let rows = try ppdb.connection.query(
            "SELECT \"replicaKey\", \"chunk\", \"visit\", \"detector\" FROM \(ppdb.schemas.replica).\"Change\"")
        guard let key = rows["replicaKey"]?.int64s, let chunk = rows["chunk"]?.int64s, let visit = rows["visit"],
            let detector = rows["detector"]
        else { return out }
        for i in key.indices {
            out.byKey[key[i]] = Change(
                chunk: chunk[i], visit: visit.isNull(i) ? nil : visit.int64s?[i], detector: detector.isNull(i) ? nil : detector.int32s?[i])
        }
        return out
    }

    func recorded(_ table: String, _ ppdb: Ppdb) throws -> [Int64: RowSum] {
        let rows = try ppdb.connection.query(
            "SELECT \"chunk\", \"nRows\" AS \"count\", \"checksum\"::text AS \"checksum\" FROM \(ppdb.schemas.replica).\"ChunkTable\" WHERE \"table\" = $1",
            [.text(table)])
        return Dictionary(uniqueKeysWithValues: zip(rows["chunk"]?.int64s ?? [], RowSum.read(rows)))
    }
}
