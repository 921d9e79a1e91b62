import Catalog
import Columns
import Postgres
import Schema

extension Ppdb {
    /// How many rows of the instance a query with the table's common columns gives, and the times that the PPDB's partitions must hold
    /// for them; NaN for none.
    func extent(of table: FeedTable, rows: String) throws -> (count: Int64, low: Double, high: Double) {
        let time =
            switch table.name {
            case "DiaSource": roles.sourceMidpoint
            case "DiaForcedSource": roles.forcedMidpoint
            case "DiaObject": roles.validityEnd
            default: String?.none
            }
        let bounds = time.map { "min(a.\(SQLText.identifier($0))) AS \"low\", max(a.\(SQLText.identifier($0))) AS \"high\"" }
        let found = try apdb.query(
            """
            SELECT count(*) AS "count", \(bounds ?? "NULL::double precision AS \"low\", NULL::double precision AS \"high\"")
            FROM (\(rows)) AS a
            """)
        return (
            found["count"]?.int64s?.first ?? 0, found["low"]?.numbers?.first ?? .nan, found["high"]?.numbers?.first ?? .nan
        )
    }

    /// Makes the partitions that times from one to another need.
    func makePartitions(_ table: FeedTable, from low: Double, to high: Double) throws {
        for partition in PpdbLayout.partitions(of: table.name, from: low, to: high) {
            try connection.query(
                "SELECT replica.make_time_partition($1, $2, $3, $4)",
                [
                    .text(table.name == "DiaObject" ? "DiaObject_closed" : table.name), .text(partition.name(of: table.name)),
                    .double(partition.lowerMjdTai), .double(partition.upperMjdTai),
                ], name: "make_partition")
        }
    }
}
