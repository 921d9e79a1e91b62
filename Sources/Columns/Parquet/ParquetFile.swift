/// Parquet files in one call.
public enum ParquetFile {
    /// All rows of the columns named (nil for all columns), in that order.
    ///
    /// - Throws: as `ParquetReader`.
    public static func read(_ path: String, columns: [String]? = nil) throws(ColumnsError) -> Table {
        try ParquetReader(path: path).read(columns: columns)
    }
}

/// How the pages of a Parquet file are compressed.
public enum ParquetCompression: String, Sendable, CaseIterable {
    case none, snappy, zstd
}
