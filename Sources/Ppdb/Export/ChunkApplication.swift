import Catalog
import Columns
import Foundation
import Postgres
import Schema

/// One chunk, copied and applied in one transaction of the PPDB, from one moment of the instance.
///
/// The order: records of updates; ends of versions that were open so far, rows that updates removed; new rows, held against the instance's
/// sum; then what updates changed, in their order. The chunk's checksums move along with each step.
struct ChunkApplication {
    let ppdb: Ppdb
    let chunk: WaitingChunk
    let rows: ChunkRows
    /// What changes the state of rows that are there already: copied rows have the state that their updates and later versions gave them.
    private let changing: ChunkRows

    init(_ ppdb: Ppdb, _ chunk: WaitingChunk) {
        self.ppdb = ppdb
        self.chunk = chunk
        rows = ChunkRows(keys: chunk.keys, generation: ppdb.generation, later: chunk.later)
        let copies = Set(chunk.copies)
        changing = ChunkRows(keys: chunk.keys.filter { !copies.contains($0) }, generation: ppdb.generation)
    }

    private var connection: Connection { ppdb.connection }

    /// Applies the chunk, in the caller's transactions on both sides.
    ///
    /// - Parameter progress: called now and then with the rows copied so far; false to stop.
    /// - Returns: rows copied.
    func run(progress: (Int) -> Bool) throws -> Int {
        try enter()
        var copied = 0
        if !chunk.keys.isEmpty {
            for table in ppdb.feed.all {
                if table.name == "SSSource" { try UpdateReplay(ppdb, changing).removeSSSources() }
                if table.name == "DiaObject" { try endVersions() }
                copied += try copy(table) { progress(copied + $0) }
            }
            try UpdateReplay(ppdb, changing).run()
        }
        try connection.run(
            "UPDATE \(ppdb.schemas.replica).\"Cursor\" SET \"chunk\" = $1, \"lastChange\" = $2, \"movedAt\" = clock_timestamp()",
            [.int64(chunk.chunk), .int64(chunk.lastChange)])
        return copied
    }

    private func enter() throws {
        try connection.run(
            "INSERT INTO \(ppdb.schemas.replica).\"Chunk\" (\"chunk\", \"firstChange\", \"lastChange\") VALUES ($1, $2, $3)",
            [.int64(chunk.chunk), .int64(chunk.firstChange), .int64(chunk.lastChange)])
        try ppdb.apdb.relay(
            """
            SELECT "change", "replicaKey", "kind", "visit", "detector", "recordedAt", "chunk" FROM skyledger."Change"
            WHERE "chunk" = \(chunk.chunk) AND "generation" = \(ppdb.generation.id)
            """, to: connection, into: "\(ppdb.schemas.replica).\"Change\"",
            columns: ["change", "replicaKey", "kind", "visit", "detector", "recordedAt", "chunk"])
    }

    private func copy(_ table: FeedTable, progress: (Int) -> Bool) throws -> Int {
        let query = rows.rows(of: table, columns: table.common)
        let extent = try ppdb.extent(of: table, rows: query)
        var whole = RowSum()
        if extent.count > 0 {
            try ppdb.makePartitions(table, from: extent.low, to: extent.high)
            let (sent, sum) = try transfer(table, summing: query, progress)
            // What the two servers count must agree; that the rows are those is what `verify` holds against this sum.
            guard sent == extent.count, sum.count == extent.count else { throw PpdbError.differs(table: table.name, chunk: chunk.chunk) }
            whole = sum
        }
        try connection.run(
            "INSERT INTO \(ppdb.schemas.replica).\"ChunkTable\" VALUES ($1, $2, $3, $4::text::numeric)",
            [.int64(chunk.chunk), .text(table.name), .int64(whole.count), .text("\(whole.checksum)")])
        return Int(extent.count)
    }

    /// Sends the rows, and sums them by the PPDB's columns.
    ///
    /// Where rows arrive as they are the instance sums them meanwhile, in the same moment on another connection: a copy leaves a core idle.
    private func transfer(_ table: FeedTable, summing query: String, _ progress: (Int) -> Bool) throws -> (sent: Int, sum: RowSum) {
        func send() throws -> Int { try RowTransfer(ppdb, table).run({ rows.rows(of: table, columns: $0) }, progress: progress) }
        guard table.common == table.columns else {
            let target = "(SELECT * FROM \(table.target) AS t WHERE \(rows.condition(of: "t")))"
            return (try send(), try RowSum.of(target, table.columns, home: table.home, on: connection))
        }
        let moment = try ppdb.apdb.text("SELECT pg_export_snapshot()") ?? ""
        let summing = try ppdb.summing()
        return try both({ try send() }) {
            try summing.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
                try summing.execute("SET TRANSACTION SNAPSHOT '\(moment)'; SET LOCAL max_parallel_workers_per_gather = 0")
                return try RowSum.of("(\(query))", table.columns, home: table.home, on: summing)
            }
        }
    }

    /// Ends the versions that are open in the PPDB and end with this chunk.
    private func endVersions() throws {
        guard let table = ppdb.feed["DiaObject"] else { return }
        try connection.execute(
            "CREATE TEMPORARY TABLE ending (\"diaObjectId\" bigint NOT NULL, \"end\" double precision NOT NULL) ON COMMIT DROP")
        // Of several versions in the chunk the first ends the open one.
        try ppdb.apdb.relay(
            "SELECT \"diaObjectId\", min(\"end\") FROM (\(changing.ends)) AS e GROUP BY 1", to: connection, into: "pg_temp.ending",
            columns: ["diaObjectId", "end"])
        try connection.execute("ANALYZE pg_temp.ending")
        let times = try connection.query("SELECT min(\"end\") AS \"low\", max(\"end\") AS \"high\" FROM pg_temp.ending")
        guard let low = times["low"]?.numbers?.first, let high = times["high"]?.numbers?.first, low.isFinite else { return }
        try ppdb.makePartitions(table, from: low, to: high)
        let (start, end) = (SQLText.identifier(ppdb.roles.validityStart), SQLText.identifier(ppdb.roles.validityEnd))
        let same = "e.\"diaObjectId\" = a.\"diaObjectId\""
        let sums = ChunkSumChange(connection: connection, table: table)
        try sums.add(-1, joined: "pg_temp.ending AS e", on: "\(same) AND a.\(end) IS NULL AND a.\(start) < e.\"end\"", countsRows: false)
        try connection.run(
            """
            UPDATE \(table.target) AS a SET \(end) = e."end" FROM pg_temp.ending AS e
            WHERE \(same) AND a.\(end) IS NULL AND a.\(start) < e."end"
            """)
        try sums.add(1, joined: "pg_temp.ending AS e", on: "\(same) AND a.\(end) = e.\"end\"", countsRows: false)
    }
}
