import Catalog
import Schema

/// A table whose rows come by the change feed: what it is called on both sides, and which columns travel.
struct FeedTable: Sendable {
    var name: String
    /// As SQL writes it, in the instance and in the PPDB.
    var source: String
    var target: String
    /// The PPDB's schema of bookkeeping.
    var replica: String
    /// The PPDB's columns, in order, `replicaKey` among them.
    var columns: [String]
    /// Of them those that hold the instance's values as they are; the others are converted, or null.
    var common: [String]
    /// The columns that name a row.
    var key: [String]
    /// Whether rows must be decoded and brought to the PPDB's document on their way.
    var isConverted: Bool
    /// The generation whose copy it is, where SkyLedger's own column says which one made a row; nil without that column.
    var home: Int?

    /// A hash of a row of 64 bits, by its columns' values: those of PostgreSQL's own hash functions for each type, so that no value is
    /// printed or encoded. It is the same in every database of one byte order.
    ///
    /// The column "generation" counts only where it names another one than `home`: a row that its own generation made has the hash that it
    /// had before there was the column, so that sums which were written down then stay true.
    static func hash(_ columns: [String], of alias: String, home: Int?) -> String {
        let counted = columns.filter { home == nil || $0 != provenance }
        let row = "hash_record_extended(ROW(\(counted.map { "\(alias).\(SQLText.identifier($0))" }.joined(separator: ", "))), 0)"
        guard let home, counted.count < columns.count else { return row }
        let made = "\(alias).\(SQLText.identifier(provenance))"
        return "(\(row) # CASE WHEN \(made) = \(home) THEN 0 ELSE hashint4extended(\(made), 1) END)"
    }

    /// SkyLedger's own column that says which generation made a row.
    static let provenance = "generation"

    func hash(_ columns: [String], of alias: String) -> String { Self.hash(columns, of: alias, home: home) }

    func list(_ columns: [String], of alias: String) -> String {
        columns.map { "\(alias).\(SQLText.identifier($0))" }.joined(separator: ", ")
    }

    /// A row's name for messages, as an SQL text.
    func label(of alias: String) -> String {
        let parts = key.map { "'\($0) ' || \(alias).\(SQLText.identifier($0))::text" }
        return "'\(name) with ' || \(parts.joined(separator: " || ', ' || "))"
    }
}

/// What is between an instance's schema document and a PPDB's.
struct FeedTables: Sendable {
    /// Those that are stamped, the records of updates first.
    let all: [FeedTable]
    /// Those that are copied whole.
    let small: [FeedTable]

    static let names = ["DiaSource", "DiaForcedSource", "DiaObject", "SSSource"]
    /// Tables without stamps, copied whole when they changed.
    static let smallNames = ["SSObject", "mpc_orbits", "current_identifications", "numbered_identifications"]

    init(from generation: Generation, to document: SchemaDocument, in schemas: PpdbSchemas = .current) throws {
        let roles = try ColumnRoles(document)
        let plan = MigrationPlan(from: generation.document, to: document)
        var touched: Set<String> = []
        for step in plan.steps {
            switch step {
            case .compute(let table, let column, _): touched.insert("\(table).\(column)")
            case .changeType(let table, _, let column), .fillNulls(let table, let column, _): touched.insert("\(table).\(column.name)")
            case .renameColumn(let table, _, let column): touched.insert("\(table).\(column)")
            default: break
            }
        }
        let keys = [
            "DiaSource": ["diaSourceId"], "DiaForcedSource": ["diaObjectId", "visit", "detector"],
            "DiaObject": ["diaObjectId", roles.validityStart], "SSSource": ["diaSourceId"],
        ]
        func table(_ name: String, key: [String]) -> FeedTable? {
            guard let old = generation.document[table: name], let new = document[table: name] else { return nil }
            let own = GenerationLayout.ownColumns(of: name).map(\.name)
            let columns = new.columns.map(\.name) + own.filter { new[column: $0] == nil }
            let common = columns.filter { (old[column: $0] != nil || own.contains($0)) && !touched.contains("\(name).\($0)") }
            return FeedTable(
                name: name, source: generation.table(name), target: SQLText.identifier(schemas.tables, name),
                replica: schemas.replica, columns: columns, common: common, key: key,
                isConverted: columns.contains { touched.contains("\(name).\($0)") },
                home: own.contains(FeedTable.provenance) && new[column: FeedTable.provenance] == nil ? generation.id : nil)
        }
        let records = [
            "operation", "updateOrder", "updateMjdTai", "updateType", "tableName", "diaSourceId", "diaObjectId", "visit", "detector",
            "before", "after", "cause", "recordedAt", "replicaKey", FeedTable.provenance,
        ]
        let record = FeedTable(
            name: "UpdateRecord", source: generation.table("UpdateRecord"), target: "\(schemas.replica).\"UpdateRecord\"",
            replica: schemas.replica, columns: records,
            common: records, key: ["operation", "updateOrder"], isConverted: false, home: generation.id)
        all = [record] + Self.names.compactMap { table($0, key: keys[$0]!) }
        small = Self.smallNames.compactMap { table($0, key: document[table: $0]?.primaryKey ?? []) }
    }

    subscript(name: String) -> FeedTable? { all.first { $0.name == name } }
}
