import Columns
import Postgres
import Sizing

/// What the columns of a generation's tables cost: by ANALYZE's statistics where a partition has them, else by a sample of its rows.
struct SizingColumns {
    let connection: Connection
    let schema: String

    private struct Sum {
        var rows = 0.0
        var valued = 0.0
        var bytes = 0.0
        var sources: Set<SizingMeasurement.Source> = []
    }

    /// - Throws: `PostgresError`
    func costs(_ relations: [SizingMeasurement.Relation]) throws -> [SizingMeasurement.ColumnCost] {
        let own = relations.filter { $0.schema == schema && $0.rows > 0 }
        return try Dictionary(grouping: own, by: \.table).sorted { $0.key < $1.key }.flatMap { try costs(of: $0.key, $0.value) }
    }

    private func costs(of table: String, _ parts: [SizingMeasurement.Relation]) throws -> [SizingMeasurement.ColumnCost] {
        let names = try ResultRows(connection.query(SQLFile.load("sizing/columns"), [.text(schema), .text(table)]))
        let columns = (0..<names.count).map { names.text("column", $0) }
        var sums = [String: Sum](uniqueKeysWithValues: columns.map { ($0, Sum()) })
        for part in parts {
            let name = part.partition ?? table
            var known = try statistics(of: name)
            var source = SizingMeasurement.Source.statistics
            if known.isEmpty {
                known = try sample(of: name, part, columns)
                source = .sample
            }
            let rows = Double(part.rows)
            for (column, cost) in known {
                sums[column]?.rows += rows
                sums[column]?.valued += rows * (1 - cost.nullFraction)
                sums[column]?.bytes += rows * (1 - cost.nullFraction) * cost.width
                sums[column]?.sources.insert(source)
            }
        }
        return columns.compactMap { column in
            guard let sum = sums[column], sum.rows > 0 else { return nil }
            return SizingMeasurement.ColumnCost(
                table: table, column: column, width: sum.valued > 0 ? sum.bytes / sum.valued : 0, nullFraction: 1 - sum.valued / sum.rows,
                bytes: sum.bytes, source: sum.sources.count > 1 ? .both : sum.sources.first ?? .sample)
        }
    }

    private func statistics(of relation: String) throws -> [String: (width: Double, nullFraction: Double)] {
        let rows = try ResultRows(connection.query(SQLFile.load("sizing/statistics"), [.text(schema), .text(relation)]))
        return Dictionary(
            uniqueKeysWithValues: (0..<rows.count).map {
                (rows.text("column", $0), (rows.real("width", $0), rows.real("nullFraction", $0)))
            })
    }

    private func sample(
        of relation: String, _ part: SizingMeasurement.Relation, _ columns: [String]
    ) throws -> [String: (width: Double, nullFraction: Double)] {
        let expressions = columns.enumerated().map { i, column in
            "avg(pg_column_size(\(quoted(column))))::double precision AS \"w\(i)\", "
                + "(1 - count(\(quoted(column)))::double precision / nullif(count(*), 0)) AS \"n\(i)\""
        }
        let rows = try ResultRows(
            connection.query(
                SQLFile.load(
                    "sizing/column_widths",
                    [
                        "expressions": expressions.joined(separator: ",\n       "), "table": "\(quoted(schema)).\(quoted(relation))",
                        "percent": SizingMeter.percent(ofPages: part.heapBytes / SizingMeter.pageBytes),
                    ])))
        var out: [String: (width: Double, nullFraction: Double)] = [:]
        for (i, column) in columns.enumerated() {
            if let nulls = rows.optionalReal("n\(i)", 0) { out[column] = (rows.real("w\(i)", 0), nulls) }
        }
        return out
    }
}
