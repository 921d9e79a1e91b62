import Columns
import Postgres

/// How many rows and what they are in sum: the same for the same rows in any order.
struct RowSum: Equatable {
    var count: Int64 = 0
    var checksum: Int128 = 0

    static func + (a: RowSum, b: RowSum) -> RowSum { RowSum(count: a.count + b.count, checksum: a.checksum + b.checksum) }
    static func - (a: RowSum, b: RowSum) -> RowSum { RowSum(count: a.count - b.count, checksum: a.checksum - b.checksum) }

    /// Of one query's columns "count" and "checksum", row by row.
    static func read(_ rows: Table) -> [RowSum] {
        guard let counts = rows["count"]?.int64s, let sums = rows["checksum"]?.strings else { return [] }
        return counts.indices.map { RowSum(count: counts[$0], checksum: Int128(sums[$0]) ?? 0) }
    }

    /// What a query must select for it, with the hash of a row.
    static func selection(_ hash: String) -> String { "count(*) AS \"count\", coalesce(sum(\(hash)), 0)::text AS \"checksum\"" }

    /// Over the rows of a subquery or table.
    static func of(_ rows: String, _ columns: [String], home: Int? = nil, on connection: Connection) throws -> RowSum {
        let hash = FeedTable.hash(columns, of: "a", home: home)
        return read(try connection.query("SELECT \(selection(hash)) FROM \(rows) AS a")).first ?? RowSum()
    }
}
