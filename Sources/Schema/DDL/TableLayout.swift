/// How a table is laid out in the database where that differs from the document. A layout with nothing set is the document's table.
public struct TableLayout: Sendable, Equatable {
    /// Columns that the document does not have; they follow the document's.
    public var extraColumns: [ColumnDefinition]
    /// Another primary key; nil for the document's, empty for none.
    public var primaryKey: [String]?
    /// Other unique constraints; nil for the document's. On a partitioned table each must hold the partition key's columns.
    public var uniqueConstraints: [[String]]?
    /// What follows PARTITION BY, as `RANGE ("tile")`; nil for a plain table.
    public var partitionBy: String?
    /// Percent of a page that inserts fill. Ignored with `partitionBy`: PostgreSQL wants it on each partition.
    public var fillfactor: Int?
    /// Leaves out the table's own foreign keys.
    public var omitForeignKeys: Bool
    /// Other indexes; nil for the document's.
    public var indexes: [IndexDefinition]?

    public init(
        extraColumns: [ColumnDefinition] = [], primaryKey: [String]? = nil, uniqueConstraints: [[String]]? = nil,
        partitionBy: String? = nil,
        fillfactor: Int? = nil, omitForeignKeys: Bool = false, indexes: [IndexDefinition]? = nil
    ) {
        self.extraColumns = extraColumns
        self.primaryKey = primaryKey
        self.uniqueConstraints = uniqueConstraints
        self.partitionBy = partitionBy
        self.fillfactor = fillfactor
        self.omitForeignKeys = omitForeignKeys
        self.indexes = indexes
    }

    /// The document's table with this layout applied: its columns, key, constraints and indexes as they will be in the database.
    public func applied(to table: TableDefinition) -> TableDefinition {
        var out = table
        out.columns += extraColumns
        out.primaryKey = primaryKey ?? table.primaryKey
        out.indexes = indexes ?? table.indexes
        if let uniqueConstraints {
            out.constraints.removeAll { if case .unique = $0 { true } else { false } }
            out.constraints += uniqueConstraints.map { .unique(name: "\(table.name)_\($0.joined(separator: "_"))_key", columns: $0) }
        }
        if omitForeignKeys { out.constraints.removeAll { if case .foreignKey = $0 { true } else { false } } }
        return out
    }
}
