import Columns

/// A Parquet file to columns.
enum ParquetMeasurement {
    static func run(path: String) throws {
        var best = Double.infinity
        var rows = 0
        for _ in 0..<7 {
            best = min(best, try seconds { rows = try ParquetReader(path: path).read().rowCount })
        }
        report("parquet", ["rows": Double(rows), "seconds": best, "rowsPerSecond": Double(rows) / best])
    }
}
