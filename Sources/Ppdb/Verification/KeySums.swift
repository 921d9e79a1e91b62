import Columns
import Postgres
import Schema

/// What the rows of each change are in sum, in one table of one database.
struct KeySums {
    /// Over the columns that both sides have alike.
    var common: [Int64: RowSum] = [:]
    /// Over all of the PPDB's columns.
    var whole: [Int64: RowSum] = [:]
    /// Of `common` what later changes have touched, or will.
    var touched: [Int64: RowSum] = [:]

    /// The sum of a change's rows that no later change touches.
    func settled(_ key: Int64) -> RowSum { (common[key] ?? RowSum()) - (touched[key] ?? RowSum()) }

    /// Reads a whole table once.
    static func read(_ table: FeedTable, isInstance: Bool, pending: PendingChanges, on connection: Connection) throws -> KeySums {
        let name = isInstance ? table.source : table.target
        var out = KeySums()
        let isSame = table.common == table.columns
        let more = isInstance || isSame ? "" : ", coalesce(sum(\(table.hash(table.columns, of: "a"))), 0)::text AS \"whole\""
        let rows = try connection.query(
            "SELECT a.\"replicaKey\" AS \"key\", \(RowSum.selection(table.hash(table.common, of: "a")))\(more) FROM \(name) AS a GROUP BY 1"
        )
        let (keys, sums) = (rows["key"]?.int64s ?? [], RowSum.read(rows))
        out.common = Dictionary(uniqueKeysWithValues: zip(keys, sums))
        out.whole = out.common
        if let wholes = rows["whole"]?.strings {
            for i in keys.indices { out.whole[keys[i]] = RowSum(count: sums[i].count, checksum: Int128(wholes[i]) ?? 0) }
        }
        if let (condition, parameters) = pending.touched(table.name, of: "a", isInstance: isInstance) {
            let rows = try connection.query(
                "SELECT a.\"replicaKey\" AS \"key\", \(RowSum.selection(table.hash(table.common, of: "a"))) FROM \(name) AS a WHERE \(condition) GROUP BY 1",
                parameters)
            out.touched = Dictionary(uniqueKeysWithValues: zip(rows["key"]?.int64s ?? [], RowSum.read(rows)))
        }
        return out
    }
}
