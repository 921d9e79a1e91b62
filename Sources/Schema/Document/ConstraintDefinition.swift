/// A constraint of a table.
public enum ConstraintDefinition: Sendable, Equatable {
    case unique(name: String, columns: [String])
    case check(name: String, expression: String)
    /// `columns` of this table hold values of `referencedColumns` of `referencedTable`.
    case foreignKey(name: String, columns: [String], referencedTable: String, referencedColumns: [String])
}
