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
            let name = SQLText.identifier(schemas.tables, partition.name(of: table.name))
            if try connection.text("SELECT to_regclass($1)::text", [.text(name)]) != nil { continue }
            let parent = SQLText.identifier(schemas.tables, table.name == "DiaObject" ? "DiaObject_closed" : table.name)
            // Beside its parent first, so that readers of this are locked out for a moment only.
            try connection.execute(
                """
                CREATE TABLE \(name) (LIKE \(parent) INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE);
                ALTER TABLE \(parent) ATTACH PARTITION \(name) FOR VALUES FROM (\(partition.lowerMjdTai)) TO (\(partition.upperMjdTai))
                """)
        }
    }
}
