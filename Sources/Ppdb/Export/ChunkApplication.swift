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

    init(_ ppdb: Ppdb, _ chunk: WaitingChunk) {
        self.ppdb = ppdb
        self.chunk = chunk
        rows = ChunkRows(keys: chunk.keys, generation: ppdb.generation)
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
                if table.name == "SSSource" { try UpdateReplay(ppdb, rows).removeSSSources() }
                if table.name == "DiaObject" { try endVersions() }
                copied += try copy(table) { progress(copied + $0) }
            }
            try UpdateReplay(ppdb, rows).run()
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
            try RowTransfer(ppdb, table).run({ rows.rows(of: table, columns: $0) }, progress: progress)
            let target = "(SELECT * FROM \(table.target) AS t WHERE \(rows.condition(of: "t")))"
            let (apdb, connection) = (ppdb.apdb, ppdb.connection)
            // One moment of the instance: these are the rows that were sent.
            let (sent, arrived) = try both(
                { try RowSum.of("(\(query))", table.common, on: apdb) },
                { try RowSum.of(target, table.common, on: connection) })
            guard arrived == sent else { throw PpdbError.differs(table: table.name, chunk: chunk.chunk) }
            whole = table.common == table.columns ? arrived : try RowSum.of(target, table.columns, on: connection)
        }
        try connection.run(
            "INSERT INTO \(ppdb.schemas.replica).\"ChunkTable\" VALUES ($1, $2, $3, $4::text::numeric)",
            [.int64(chunk.chunk), .text(table.name), .int64(whole.count), .text("\(whole.checksum)")])
        return Int(extent.count)
    }

    /// Ends the versions that are open in the PPDB and end with this chunk.
    private func endVersions() throws {
        guard let table = ppdb.feed["DiaObject"] else { return }
        try connection.execute(
            "CREATE TEMPORARY TABLE ending (\"diaObjectId\" bigint NOT NULL, \"end\" double precision NOT NULL) ON COMMIT DROP")
        // Of several versions in the chunk the first ends the open one.
        try ppdb.apdb.relay(
            "SELECT \"diaObjectId\", min(\"end\") FROM (\(rows.ends)) AS e GROUP BY 1", to: connection, into: "pg_temp.ending",
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
