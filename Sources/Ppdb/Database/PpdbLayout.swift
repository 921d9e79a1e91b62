import Catalog
import Schema

/// How a PPDB's tables lie: as the instance's do (partitions by time, pixelId and tile), without the narrow table of newest versions, which
/// is a condition here, and with no more indexes than applying a chunk needs. Others are made by who serves readers.
struct PpdbLayout {
    let schema: String
    let document: SchemaDocument
    let generationLayout: GenerationLayout

    /// - Throws: `CatalogError.documentLacks`, `PpdbError.badRequest`
    init(_ document: SchemaDocument, schema: String = PpdbSchemas.current.tables) throws {
        self.schema = schema
        self.document = document
        generationLayout = try GenerationLayout(document)
        guard generationLayout.roles.hasMjdValidity else {
            throw PpdbError.badRequest(
                "the schema document \(document.label) has timestamps of validity: a PPDB needs version 9 or later of Rubin's apdb.yaml")
        }
    }

    /// All statements that make the tables.
    func statements() -> SchemaCreation {
        var tables = document
        tables.tables.removeAll { $0.name == "DiaObjectLast" }
        var layouts: [String: TableLayout] = [:]
        for table in tables.tables {
            var layout = generationLayout.layout(of: table)
            layout.omitForeignKeys = true
            layouts[table.name] = layout
        }
        var creation = DDL.creation(of: tables, schema: schema, layouts: layouts)
        let roles = generationLayout.roles
        let (start, end) = (SQLText.identifier(roles.validityStart), SQLText.identifier(roles.validityEnd))
        creation.statements += [
            "CREATE TABLE \(schema).\"DiaObject_open\" PARTITION OF \(schema).\"DiaObject\" FOR VALUES IN (true) WITH (fillfactor = 90)",
            "CREATE TABLE \(schema).\"DiaObject_closed\" PARTITION OF \(schema).\"DiaObject\" FOR VALUES IN (false) PARTITION BY RANGE (\(end))",
            "ALTER TABLE \(schema).\"DiaObject\" ADD CONSTRAINT \"DiaObject_validityOrder\" CHECK (\(end) > \(start))",
            "CREATE UNIQUE INDEX \"DiaObject_oneOpenVersion\" ON \(schema).\"DiaObject_open\" (\"diaObjectId\")",
            "CREATE UNIQUE INDEX \"DiaObject_closed_version\" ON \(schema).\"DiaObject_closed\" (\"diaObjectId\", \(start), \(end))",
            "CREATE INDEX \"DiaObject_replicaKey\" ON \(schema).\"DiaObject\" (\"replicaKey\")",
        ]
        for table in ["DiaSource", "DiaForcedSource"] {
            creation.statements.append(
                "CREATE INDEX \"\(table)_replicaKey\" ON \(schema).\"\(table)\" USING brin (\"replicaKey\") WITH (pages_per_range = 16, autosummarize = on)"
            )
        }
        if document[table: "SSSource"] != nil {
            creation.statements.append("CREATE INDEX \"SSSource_replicaKey\" ON \(schema).\"SSSource\" (\"replicaKey\")")
        }
        return creation
    }

    /// The partitions of a table that times from one to another need, with their bounds.
    static func partitions(of table: String, from low: Double, to high: Double) -> [TimePartition] {
        guard low.isFinite, high.isFinite, low <= high else { return [] }
        return (TimePartition(mjdTai: low).number...TimePartition(mjdTai: high).number).map(TimePartition.init(number:))
    }
}
