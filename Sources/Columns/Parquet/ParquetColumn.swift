import CArrow

/// A column of a Parquet file as its schema describes it.
public struct ParquetColumn: Sendable, Equatable {
    public let name: String
    /// The type that the column is read as; nil where no column type holds its values (lists, structs, decimals, times of day).
    public let type: ColumnType?
    /// The column's Arrow type in words ("uint8", "dictionary<values=string, indices=int8, ordered=0>").
    public let arrowType: String
    /// Whether the file gives the column no type at all, as pandas does where every value is missing. It is read as nulls of type bool.
    public let isNullType: Bool
    /// The unit that the file gives, under the key "unit" of the field's metadata.
    public let unit: String?
    /// The description that the file gives, under the key "description".
    public let comment: String?
}

extension ParquetColumn {
    init(_ schema: ArrowSchema, arrowType: String) {
        let layout = ArrowLayout(schema)
        let metadata = arrowMetadata(schema.metadata)
        name = schema.name.map { String(cString: $0) } ?? ""
        type = layout?.type
        self.arrowType = arrowType
        isNullType = layout?.storage == .nothing
        unit = metadata["unit"]
        comment = metadata["description"]
    }
}
