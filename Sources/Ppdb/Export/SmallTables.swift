import Catalog
import Columns
import Postgres
import Schema

/// Tables of the solar system's objects: small, without stamps, copied whole when they changed.
struct SmallTables {
    let ppdb: Ppdb

    /// Copies those whose sum is another than that of the last copy, each in a transaction of its own.
    ///
    /// - Returns: the tables that were copied, with their rows.
    func refresh() throws -> [(table: String, rows: Int64)] {
        var done: [(String, Int64)] = []
        for table in ppdb.feed.small {
            let isCopied = try ppdb.exclusively { () -> Int64? in
                let wanted = try RowSum.of(table.source, table.common, on: ppdb.apdb)
                let known = try ppdb.connection.query(
                    "SELECT \"nRows\" AS \"count\", \"checksum\"::text AS \"checksum\" FROM \(ppdb.schemas.replica).\"SmallTable\" WHERE \"table\" = $1",
                    [.text(table.name)])
                if RowSum.read(known).first ?? RowSum() == wanted { return nil }
                try replace(table, wanted)
                return wanted.count
            }
            if let rows = isCopied { done.append((table.name, rows)) }
        }
        return done
    }

    func replace(_ table: FeedTable, _ wanted: RowSum) throws {
        // Readers go on with the old rows until the commit, which a truncation would not let them.
        try ppdb.connection.execute("DELETE FROM \(table.target)")
        try RowTransfer(ppdb, table).run { "SELECT \(table.list($0, of: "a")) FROM \(table.source) AS a" }
        guard try RowSum.of(table.target, table.common, on: ppdb.connection) == wanted else {
            throw PpdbError.differs(table: table.name, chunk: 0)
        }
        try ppdb.connection.run(
            """
            INSERT INTO \(ppdb.schemas.replica)."SmallTable" VALUES ($1, $2, $3::text::numeric)
            ON CONFLICT ("table") DO UPDATE SET "nRows" = excluded."nRows", "checksum" = excluded."checksum", "refreshedAt" = clock_timestamp()
            """, [.text(table.name), .int64(wanted.count), .text("\(wanted.checksum)")])
    }
}
