/// One table of a document.
public struct TableDefinition: Sendable, Equatable {
    public var name: String
    public var description: String?
    public var columns: [ColumnDefinition]
    /// Names of the columns of the primary key, in order; empty where the table has none.
    public var primaryKey: [String]
    public var indexes: [IndexDefinition]
    public var constraints: [ConstraintDefinition]
    /// Felis's `tap:table_index`, the order in which TAP services show tables.
    public var tapTableIndex: Int?

    public init(
        name: String, description: String? = nil, columns: [ColumnDefinition], primaryKey: [String] = [], indexes: [IndexDefinition] = [],
        constraints: [ConstraintDefinition] = [], tapTableIndex: Int? = nil
    ) {
        self.name = name
        self.description = description
        self.columns = columns
        self.primaryKey = primaryKey
        self.indexes = indexes
        self.constraints = constraints
        self.tapTableIndex = tapTableIndex
    }

    public subscript(column name: String) -> ColumnDefinition? { columns.first { $0.name == name } }
}
