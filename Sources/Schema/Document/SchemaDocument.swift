/// A schema document: the tables of a Level-1 database as a Felis YAML file defines them (felis.lsst.io, "Data Model").
///
/// It is the only source of table definitions. Names keep the document's spelling and are case sensitive.
public struct SchemaDocument: Sendable, Equatable {
    public var name: String
    /// The document's own version; nil in documents older than versions.
    public var version: SchemaVersion?
    public var description: String?
    public var tables: [TableDefinition]

    public init(name: String, version: SchemaVersion?, description: String? = nil, tables: [TableDefinition]) {
        self.name = name
        self.version = version
        self.description = description
        self.tables = tables
    }

    public subscript(table name: String) -> TableDefinition? { tables.first { $0.name == name } }
}
