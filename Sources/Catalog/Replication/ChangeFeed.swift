import Columns
import Postgres
import Schema

/// The feed of committed changes: what every transaction does that changes Level-1 rows.
///
///     try connection.retryingTransaction {
///         let feed = try ChangeFeed.begin(generation, on: connection)
///         ...
///         try feed.record(.store, rows: ["DiaSource": 80], visit: 4711, detector: 3)
///     }
///
/// From `begin` on the rows that the transaction inserts carry its key; where none was begun the tables refuse rows. `record` is the last
/// work: from there to the commit other changes wait, so that numbers are in the order of commits (docs/decisions/024).
struct ChangeFeed {
    /// What made a change.
    enum Kind: String {
        case store, forced, update, copy
    }

    let connection: Connection
    let generation: Generation
    let key: Int64

    /// Takes the key of the transaction's change: what it inserts from here on carries it, until another is taken for another generation.
    static func begin(_ generation: Generation, on connection: Connection) throws -> ChangeFeed {
        let key = try connection.query("SELECT skyledger.begin_change() AS \"key\"", name: "begin_change")["key"]?.int64s?.first
        guard let key else { throw CatalogError.inconsistent("the change feed gave no key: run `skyledger doctor`") }
        return ChangeFeed(connection: connection, generation: generation, key: key)
    }

    /// Announces the change, at the end of its transaction. A transaction that inserted nothing announces nothing.
    ///
    /// - Parameter rows: by table how many it inserted.
    func record(_ kind: Kind, rows: [String: Int], visit: Int64? = nil, detector: Int32? = nil, operation: Int64? = nil) throws {
        let inserted = rows.filter { $0.value > 0 }
        guard !inserted.isEmpty else { return }
        let sizeBytes = inserted.reduce(0) { $0 + $1.value * RowWidth.bytes(of: $1.key, in: generation.document) }
        try connection.query(
            """
            INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "visit", "detector", "operation", "nRows", "sizeBytes")
            VALUES ($8, $1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .int32(Int32(generation.id)), .text(kind.rawValue), visit.map(Parameter.int64) ?? .null,
                detector.map(Parameter.int32) ?? .null, operation.map(Parameter.int64) ?? .null,
                .int64(Int64(inserted.values.reduce(0, +))), .int64(Int64(sizeBytes)), .int64(key),
            ])
    }
}

/// What a row of a table takes, reckoned from its document: for cutting the feed into pieces, not for sizing.
enum RowWidth {
    /// Header and line pointer of a row in PostgreSQL.
    private static let overheadBytes = 28

    static func bytes(of table: String, in document: SchemaDocument) -> Int {
        // A record of an update has two small JSON documents.
        guard let definition = document[table: table] else { return 400 }
        return (definition.columns + GenerationLayout.ownColumns(of: table)).reduce(overheadBytes) { $0 + width($1.datatype) }
    }

    private static func width(_ type: FelisType) -> Int {
        switch type.columnType {
        case .bool: 1
        case .int16: 2
        case .int32, .float: 4
        case .int64, .double, .timestamp: 8
        case .string, .binary: 12
        }
    }
}
