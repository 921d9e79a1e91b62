import Catalog
import Columns
import Postgres
import Schema

/// Copies again what a verification found to differ.
public struct Repair {
    let ppdb: Ppdb

    public init(_ ppdb: Ppdb) { self.ppdb = ppdb }

    /// What a repair did, a sentence each.
    public struct Outcome: Sendable, Codable {
        public var done: [String] = []
        /// What cannot be mended from the instance.
        public var left: [String] = []

        public init() {}
    }

    /// - Parameter faults: of a verification; each is looked at again, under the lock that exporters take.
    public func run(_ faults: [Verification.Fault]) throws -> Outcome {
        var outcome = Outcome()
        try CrosswalkCopies(ppdb: ppdb).repair(faults, &outcome)
        let current = try ppdb.reopened()
        for (generation, faults) in Dictionary(grouping: faults, by: \.generation).sorted(by: { $0.key < $1.key }) {
            guard let copy = try current.of(generation) else { continue }
            try Repair(copy).run(own: faults, &outcome)
        }
        return outcome
    }

    private func run(own faults: [Verification.Fault], _ outcome: inout Outcome) throws {
        for fault in faults {
            if ppdb.feed.small.contains(where: { $0.name == fault.table }) {
                try refresh(fault.table, &outcome)
            } else if let key = fault.replicaKey, let table = ppdb.feed[fault.table] {
                try repair(table, key, fault, &outcome)
            } else if let table = ppdb.feed[fault.table] {
                try repairSum(table, fault, &outcome)
            }
        }
    }

    private func refresh(_ name: String, _ outcome: inout Outcome) throws {
        guard let table = ppdb.feed.small.first(where: { $0.name == name }) else { return }
        try ppdb.exclusively {
            try SmallTables(ppdb: ppdb).replace(table, try RowSum.of(table.source, table.common, on: ppdb.apdb))
        }
        outcome.done.append("copied \(name) whole")
    }

    private func repair(_ table: FeedTable, _ key: Int64, _ fault: Verification.Fault, _ outcome: inout Outcome) throws {
        let differences = try ppdb.exclusively { () -> [RowDifference] in
            let pending = try PendingChanges(after: ppdb.cursor(), of: ppdb)
            let recorded = try ExportedChanges.read(ppdb).recorded(table.name, ppdb)[fault.chunk]
            let stands = try sum(table, chunk: fault.chunk)
            // Rows that the instance has not may be those that retention took from it, unless there are more than were exported.
            let all = try RowDifferences.read(table, key: key, pending: pending, of: ppdb)
            let hasMore = recorded.map { stands.count > $0.count } ?? true
            let chosen = all.filter { $0.kind != .extra || hasMore }
            // The recorded sum stays: it is what the rows were before they were damaged.
            try copy(table, key, chosen, pending)
            return chosen
        }
        for difference in differences.prefix(Verification.Fault.namesMax) {
            let verb = difference.kind == .extra ? "removed" : "copied again"
            outcome.done.append(
                "\(verb): \(difference.label), which \(difference.kind == .missing ? "was missing" : difference.kind == .extra ? "was not in the instance" : "differed")"
            )
        }
        if differences.count > Verification.Fault.namesMax {
            outcome.done.append("and \(differences.count - Verification.Fault.namesMax) more rows of \(table.name) in chunk \(fault.chunk)")
        }
    }

    private func copy(_ table: FeedTable, _ key: Int64, _ differences: [RowDifference], _ pending: PendingChanges) throws {
        for start in stride(from: 0, to: differences.count, by: 1000) {
            let part = differences[start..<min(start + 1000, differences.count)]
            let columns = table.list(table.key, of: "a")
            func condition(_ rows: some Sequence<RowDifference>) -> String {
                "(\(columns)) IN (\(rows.map(\.key).joined(separator: ", ")))"
            }
            try ppdb.connection.run("DELETE FROM \(table.target) AS a WHERE a.\"replicaKey\" = \(key) AND \(condition(part))")
            let wanted = part.filter { $0.kind != .extra }
            guard !wanted.isEmpty else { continue }
            let rows = ChunkRows(keys: [key], generation: ppdb.generation, later: pending.keys)
            func query(_ columns: [String]) -> String { "\(rows.rows(of: table, columns: columns)) AND \(condition(wanted))" }
            let extent = try ppdb.extent(of: table, rows: query(table.common))
            try ppdb.makePartitions(table, from: extent.low, to: extent.high)
            try RowTransfer(ppdb, table).run(query)
        }
    }

    /// The chunk's sum is wrong and no row of the instance's says why: where the instance has all rows they are compared, column by
    /// column of the PPDB, by copying them again.
    private func repairSum(_ table: FeedTable, _ fault: Verification.Fault, _ outcome: inout Outcome) throws {
        let isDone = try ppdb.exclusively { () -> Bool in
            let keys =
                try ppdb.connection.query(
                    "SELECT \"replicaKey\" FROM \(ppdb.schemas.replica).\"Change\" WHERE \"chunk\" = $1", [.int64(fault.chunk)])[
                    "replicaKey"]?.int64s ?? []
            let pending = try PendingChanges(after: ppdb.cursor(), of: ppdb)
            let rows = ChunkRows(keys: keys, generation: ppdb.generation, later: pending.keys)
            let extent = try ppdb.extent(of: table, rows: rows.rows(of: table, columns: table.common))
            guard let recorded = try ExportedChanges.read(ppdb).recorded(table.name, ppdb)[fault.chunk], extent.count == recorded.count
            else { return false }
            try ppdb.connection.run("DELETE FROM \(table.target) AS a WHERE \(rows.condition(of: "a"))")
            try ppdb.makePartitions(table, from: extent.low, to: extent.high)
            try RowTransfer(ppdb, table).run { rows.rows(of: table, columns: $0) }
            try recordSum(table, chunk: fault.chunk)
            return true
        }
        if isDone {
            outcome.done.append("copied again: all rows of \(table.name) in chunk \(fault.chunk)")
        } else {
            outcome.left.append(
                "chunk \(fault.chunk) of \(table.name) cannot be mended: the instance has no longer its rows; restore the PPDB from a backup"
            )
        }
    }

    private func sum(_ table: FeedTable, chunk: Int64) throws -> RowSum {
        try RowSum.of(
            "(SELECT t.* FROM \(table.target) AS t JOIN \(ppdb.schemas.replica).\"Change\" AS c ON c.\"replicaKey\" = t.\"replicaKey\" WHERE c.\"chunk\" = \(chunk))",
            table.columns, home: table.home, on: ppdb.connection)
    }

    private func recordSum(_ table: FeedTable, chunk: Int64) throws {
        let sum = try sum(table, chunk: chunk)
        try ppdb.connection.run(
            "UPDATE \(ppdb.schemas.replica).\"ChunkTable\" SET \"nRows\" = $3, \"checksum\" = $4::text::numeric WHERE \"chunk\" = $1 AND \"table\" = $2",
            [.int64(chunk), .text(table.name), .int64(sum.count), .text("\(sum.checksum)")])
    }
}
