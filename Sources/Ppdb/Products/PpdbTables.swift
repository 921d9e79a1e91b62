import Catalog
import Columns
import Postgres
import Schema

/// The tables of a PPDB as its readers see them: the schema document's tables that are there, with the document's columns and the one that
/// says which generation made a row.
///
/// Other bookkeeping columns are left out of products; units, descriptions and UCDs come from the document.
public struct PpdbTables {
    public let connection: Connection
    public let document: SchemaDocument
    /// The schema that holds the tables.
    public let schema: String

    public init(_ connection: Connection, document: SchemaDocument, schema: String = "ppdb") {
        self.connection = connection
        self.document = document
        self.schema = schema
    }

    /// The schema of what SkyLedger keeps beside the tables.
    var bookkeeping: String { schema.hasPrefix("ppdb_") ? "replica" + schema.dropFirst("ppdb".count) : "replica" }

    /// The table as SQL writes it.
    public func name(_ table: String) -> String { SQLText.identifier(schema, table) }

    static func quoted(_ identifier: String) -> String { "\"" + identifier.replacing("\"", with: "\"\"") + "\"" }

    /// Names of all columns that the database has of a table, its own too; empty where it has no such table.
    public func storedColumns(of table: String) throws -> [String] {
        let rows = try connection.query(
            """
            SELECT a.attname::text AS "name" FROM pg_attribute AS a
            JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """, [.text(schema), .text(table)])
        guard let names = rows["name"]?.strings else { return [] }
        return (0..<names.count).map { names[$0] }
    }

    /// The document's columns of a table that the database has, in the document's order, and "generation"; empty where it has no such table.
    public func columns(of table: String) throws -> [ColumnDefinition] {
        let stored = Set(try storedColumns(of: table))
        let columns = document[table: table]?.columns ?? []
        let made = GenerationLayout.ownColumns(of: table).filter { own in
            own.name == FeedTable.provenance && !columns.contains { $0.name == own.name }
        }
        return (columns + made).filter { stored.contains($0.name) }
    }

    /// As `columns`.
    /// - Throws: `ProductError.badRequest` where the table is missing or a column that is needed.
    func columns(of table: String, needing needed: [String]) throws -> [ColumnDefinition] {
        let columns = try columns(of: table)
        guard !columns.isEmpty else {
            throw ProductError.badRequest("the PPDB has no table \(table) in schema \(schema): fill it with `skyledger ppdb export`")
        }
        for name in needed where !columns.contains(where: { $0.name == name }) {
            throw ProductError.badRequest("the PPDB's table \(table) has no column \(name), which this needs: use a newer schema document")
        }
        return columns
    }

    /// A list to select, of the table that SQL calls `alias`.
    static func list(_ columns: [ColumnDefinition], of alias: String) -> String {
        columns.map { "\(alias).\(SQLText.identifier($0.name))" }.joined(separator: ", ")
    }
}

extension Table {
    /// The same rows, with what the document says of each column.
    func documented(by columns: [ColumnDefinition]) -> Table {
        let known = Dictionary(columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return Table(
            self.columns.map { column in
                var column = column
                if let definition = known[column.name] {
                    (column.unit, column.comment, column.ucd) = (definition.unit, definition.description, definition.ucd)
                }
                return column
            })
    }
}
