import Catalog
import Foundation
import Postgres

/// The crosswalks of data releases in the PPDB, version by version: each copied whole in one transaction, with its count and checksum.
struct CrosswalkCopies {
    let ppdb: Ppdb

    /// The tables of rows, and their columns.
    private static let tables = [
        "CrosswalkSource": ["crosswalk", "oldDiaSourceId", "newDiaSourceId", "separationArcsec"],
        "CrosswalkObject": [
            "crosswalk", "oldDiaObjectId", "newDiaObjectId", "kind", "nShared", "nOld", "nNew", "separationArcsec",
        ],
    ]
    private static let columns = [
        "crosswalk", "release", "fromGeneration", "toGeneration", "rules", "nSources", "nObjects", "lastChange", "summary", "madeAt",
    ]

    /// Removes the copies of versions that were removed from the instance on purpose, one transaction each.
    func removePruned(isInterrupted: () -> Bool = { false }) throws -> [Int] {
        let known = try self.known()
        var done: [Int] = []
        for number in try pruned().intersection(known).sorted() where !isInterrupted() {
            try ppdb.exclusively { try remove(number) }
            done.append(Int(number))
        }
        return done
    }

    /// Versions that `release crosswalk --prune` took from the instance.
    private func pruned() throws -> Set<Int32> {
        let rows = try ppdb.apdb.query(
            """
            SELECT jsonb_array_elements_text("detail" -> 'pruned')::integer AS n FROM skyledger."ReleaseStep"
            WHERE "step" = 'crosswalk' AND "detail" ? 'pruned'
            """)
        return Set(rows["n"]?.int32s ?? [])
    }

    private func remove(_ number: Int32) throws {
        for table in ["CrosswalkCopy", "CrosswalkSource", "CrosswalkObject", "Crosswalk"] {
            try ppdb.connection.run("DELETE FROM release.\"\(table)\" WHERE \"crosswalk\" = $1", [.int32(number)])
        }
    }

    /// Copies the versions that the PPDB lacks, in order.
    ///
    /// Killed at any moment and run again, no row is lost or doubled; several exporters take turns.
    /// - Returns: the versions that were copied, with their rows.
    /// - Throws: `PpdbError.differs` where rows arrived otherwise than they were sent; nothing of that version is kept then.
    func export(isInterrupted: () -> Bool = { false }) throws -> [(crosswalk: Int, rows: Int64)] {
        let wanted = try ppdb.apdb.query("SELECT \"crosswalk\" FROM skyledger.\"Crosswalk\" ORDER BY 1")["crosswalk"]?.int32s ?? []
        let known = try self.known()
        var done: [(Int, Int64)] = []
        for number in wanted where !known.contains(number) && !isInterrupted() {
            let rows = try ppdb.exclusively { () -> Int64? in
                try makeTables()
                return try self.known().contains(number) ? nil : copy(number)
            }
            if let rows { done.append((Int(number), rows)) }
        }
        return done
    }

    private func known() throws -> Set<Int32> {
        guard try ppdb.connection.text("SELECT to_regclass('release.\"Crosswalk\"')::text") != nil else { return [] }
        return Set(try ppdb.connection.query("SELECT \"crosswalk\" FROM release.\"Crosswalk\"")["crosswalk"]?.int32s ?? [])
    }

    private func makeTables() throws {
        guard let url = Bundle.module.url(forResource: "release", withExtension: "sql", subdirectory: "sql"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { throw PpdbError.inconsistent("the program's file sql/release.sql is missing beside it: reinstall SkyLedger") }
        try ppdb.connection.execute(text)
    }

    private func copy(_ number: Int32) throws -> Int64 {
        func list(_ columns: [String]) -> String { columns.map { "\"\($0)\"" }.joined(separator: ", ") }
        // jsonb and times travel as text: two servers may store them differently.
        let given = Self.columns.map { ["summary", "madeAt"].contains($0) ? "\"\($0)\"::text" : "\"\($0)\"" }.joined(separator: ", ")
        let row = try ppdb.apdb.query("SELECT \(given) FROM skyledger.\"Crosswalk\" WHERE \"crosswalk\" = $1", [.int32(number)])
        guard row.rowCount == 1 else {
            throw PpdbError.inconsistent("the instance has no crosswalk \(number) any more: run the command again")
        }
        func text(_ name: String) -> Parameter { .text(row[name]!.strings![0]) }
        func long(_ name: String) -> Parameter { .int64(row[name]!.int64s![0]) }
        try ppdb.connection.run(
            "INSERT INTO release.\"Crosswalk\" (\(list(Self.columns))) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10::text::timestamptz)",
            [
                .int32(number), text("release"), .int32(row["fromGeneration"]!.int32s![0]), .int32(row["toGeneration"]!.int32s![0]),
                text("rules"), long("nSources"), long("nObjects"), long("lastChange"), text("summary"), text("madeAt"),
            ])
        var rows: Int64 = 0
        for (table, columns) in Self.tables.sorted(by: { $0.key < $1.key }) {
            let sum = try RowSum.of(Self.part(table, number, "skyledger"), columns, on: ppdb.apdb)
            try ppdb.apdb.relay(
                "SELECT \(list(columns)) FROM skyledger.\"\(table)\" WHERE \"crosswalk\" = \(number)", to: ppdb.connection,
                into: "release.\"\(table)\"", columns: columns)
            guard try RowSum.of(Self.part(table, number, "release"), columns, on: ppdb.connection) == sum else {
                throw PpdbError.inconsistent(
                    "the rows of \(table) of crosswalk \(number) differ from the instance's after they were copied: nothing of it was kept; run the command again, and check the PPDB's machine"
                )
            }
            try ppdb.connection.run(
                "INSERT INTO release.\"CrosswalkCopy\" (\"crosswalk\", \"table\", \"nRows\", \"checksum\") VALUES ($1, $2, $3, $4::text::numeric)",
                [.int32(number), .text(table), .int64(sum.count), .text("\(sum.checksum)")])
            rows += sum.count
        }
        return rows
    }

    private static func part(_ table: String, _ number: Int32, _ schema: String) -> String {
        "(SELECT * FROM \(schema).\"\(table)\" WHERE \"crosswalk\" = \(number))"
    }

    /// Holds every copied version against what was copied, and against the instance where that has it still.
    func hold(_ report: inout Verification.Report) throws {
        guard try ppdb.connection.text("SELECT to_regclass('release.\"CrosswalkCopy\"')::text") != nil else { return }
        let copies = try ppdb.connection.query(
            """
            SELECT "crosswalk", "table", "nRows" AS "count", "checksum"::text AS "checksum" FROM release."CrosswalkCopy" ORDER BY 1, 2
            """)
        let sums = RowSum.read(copies)
        let pruned = try self.pruned()
        for row in 0..<copies.rowCount {
            let (number, table) = (copies["crosswalk"]!.int32s![row], copies["table"]!.strings![row])
            guard let columns = Self.tables[table] else { continue }
            let (theirs, ours) = try both(
                { try RowSum.of(Self.part(table, number, "skyledger"), columns, on: ppdb.apdb) },
                { try RowSum.of(Self.part(table, number, "release"), columns, on: ppdb.connection) })
            report.rows += ours.count
            if ours != sums[row] || (theirs != ours && !pruned.contains(number)) {
                report.faults.append(
                    Verification.Fault(
                        table: Self.name(table, Int(number)), generation: 0, chunk: 0, replicaKey: nil, visit: nil, detector: nil, rows: [],
                        rowCount: 0))
            }
        }
    }

    /// Copies versions again that differ.
    func repair(_ faults: [Verification.Fault], _ outcome: inout Repair.Outcome) throws {
        let names = Set(faults.map(\.table))
        for number in try known().sorted() where Self.tables.keys.contains(where: { names.contains(Self.name($0, Int(number))) }) {
            let isPruned = try pruned().contains(number)
            try ppdb.exclusively {
                try remove(number)
                if !isPruned { _ = try copy(number) }
            }
            outcome.done.append(
                isPruned ? "removed crosswalk \(number), which the instance has no more" : "copied crosswalk \(number) whole")
        }
    }

    /// What a fault calls the table of a version.
    private static func name(_ table: String, _ number: Int) -> String { "\(table) of crosswalk \(number)" }
}
