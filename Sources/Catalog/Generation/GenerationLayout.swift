import Schema

/// How a generation's tables lie in PostgreSQL: what SkyLedger adds to the document's definitions. Pure; nothing here talks to a server.
///
/// - DiaSource and DiaForcedSource are partitioned by the time of the exposure, DiaObject by whether a version is open and then by the
///   time at which its validity ended: retention drops partitions and the open versions stand by themselves.
/// - Every large table carries `pixelId` (of the row's own position) and `tile` (of the object's first position).
public struct GenerationLayout: Sendable {
    static let spatialTables = ["DiaObject", "DiaObjectLast", "DiaSource", "DiaForcedSource"]

    public let document: SchemaDocument
    public let roles: ColumnRoles

    public init(_ document: SchemaDocument) throws {
        self.document = document
        roles = try ColumnRoles(document)
    }

    /// A column by which a table is cut in time.
    public enum TimeKey: Sendable, Equatable {
        case mjd(String)
        case timestamp(String)
    }

    /// The time column of each table whose partitions are made as time goes on, with the parent that they hang on.
    public var timePartitioned: [(table: String, parent: String, key: TimeKey)] {
        [
            ("DiaSource", "DiaSource", .mjd(roles.sourceMidpoint)),
            ("DiaForcedSource", "DiaForcedSource", .mjd(roles.forcedMidpoint)),
            ("DiaObject", "DiaObject_closed", roles.hasMjdValidity ? .mjd(roles.validityEnd) : .timestamp(roles.validityEnd)),
        ]
    }

    /// What to add to the document's definition of a table.
    public func layout(of table: TableDefinition) -> TableLayout {
        var layout = TableLayout()
        layout.extraColumns = Self.ownColumns(of: table.name).filter { table[column: $0.name] == nil }
        guard Self.spatialTables.contains(table.name) else { return layout }
        layout.omitForeignKeys = true
        layout.indexes = []
        switch table.name {
        case "DiaObject":
            layout.primaryKey = []
            layout.partitionBy = "LIST ((\(quoted(roles.validityEnd)) IS NULL))"
        case "DiaObjectLast":
            layout.primaryKey = ["diaObjectId", "tile"]
            layout.fillfactor = 75
        case "DiaSource":
            layout.primaryKey = ["diaSourceId", roles.sourceMidpoint, "tile"]
            layout.partitionBy = "RANGE (\(quoted(roles.sourceMidpoint)))"
        default:
            let key = table.primaryKey.isEmpty ? ["diaObjectId", "visit", "detector"] : table.primaryKey
            layout.primaryKey = key + [roles.forcedMidpoint, "tile"].filter { !key.contains($0) }
            layout.partitionBy = "RANGE (\(quoted(roles.forcedMidpoint)))"
        }
        return layout
    }

    /// Statements that come after the tables: partitions that always exist, checks, and the indexes that pay for themselves
    /// (docs/benchmarks.md). An index on a partitioned table makes itself on every later partition.
    public func statements(schema: String) -> [String] {
        let s = quoted(schema)
        let (start, end) = (quoted(roles.validityStart), quoted(roles.validityEnd))
        var out = [
            "CREATE TABLE \(s).\"DiaObject_open\" PARTITION OF \(s).\"DiaObject\" FOR VALUES IN (true) WITH (fillfactor = 90)",
            "CREATE TABLE \(s).\"DiaObject_closed\" PARTITION OF \(s).\"DiaObject\" FOR VALUES IN (false) PARTITION BY RANGE (\(end))",
            "ALTER TABLE \(s).\"DiaObject\" ADD CONSTRAINT \"DiaObject_validityOrder\" CHECK (\(end) > \(start))",
            "CREATE UNIQUE INDEX \"DiaObject_oneOpenVersion\" ON \(s).\"DiaObject_open\" (\"diaObjectId\")",
            "CREATE INDEX \"DiaObject_open_pixelId\" ON \(s).\"DiaObject_open\" (\"pixelId\")",
            "CREATE UNIQUE INDEX \"DiaObject_closed_version\" ON \(s).\"DiaObject_closed\" (\"diaObjectId\", \(start), \(end))",
            "CREATE INDEX \"DiaObjectLast_pixelId\" ON \(s).\"DiaObjectLast\" (\"pixelId\")",
            "CREATE INDEX \"DiaSource_diaObjectId\" ON \(s).\"DiaSource\" (\"diaObjectId\")",
            "CREATE INDEX \"DiaSource_pixelId\" ON \(s).\"DiaSource\" (\"pixelId\")",
            "CREATE INDEX \"DiaForcedSource_pixelId\" ON \(s).\"DiaForcedSource\" (\"pixelId\")",
        ]
        if let source = document[table: "DiaSource"] {
            if source[column: "ssObjectId"] != nil {
                out.append("CREATE INDEX \"DiaSource_ssObjectId\" ON \(s).\"DiaSource\" (\"ssObjectId\") WHERE \"ssObjectId\" IS NOT NULL")
                out.append(
                    "ALTER TABLE \(s).\"DiaSource\" ADD CONSTRAINT \"DiaSource_oneOwner\" CHECK (\"diaObjectId\" IS NULL OR \"ssObjectId\" IS NULL)"
                )
            }
            // The few sources without object: near a new object, and of a night for linking. The second says of times what is always so, that a
            // scan by pixel cannot take it for its own while a partition has no statistics (docs/decisions/017).
            let alone = source[column: "ssObjectId"] == nil ? "" : " AND \"ssObjectId\" IS NULL"
            out.append("CREATE INDEX \"DiaSource_unassociated\" ON \(s).\"DiaSource\" (\"pixelId\") WHERE \"diaObjectId\" IS NULL\(alone)")
            let midpoint = quoted(roles.sourceMidpoint)
            out.append(
                "CREATE INDEX \"DiaSource_unassociatedTime\" ON \(s).\"DiaSource\" (\(midpoint)) WHERE \"diaObjectId\" IS NULL\(alone) AND \(midpoint) > 0"
            )
            if source[column: "visit"] != nil {
                out.append("CREATE INDEX \"DiaSource_visit\" ON \(s).\"DiaSource\" USING brin (\"visit\") WITH (pages_per_range = 16)")
            }
        }
        return out
    }
}
