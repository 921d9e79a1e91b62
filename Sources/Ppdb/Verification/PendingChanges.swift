import Catalog
import Columns
import Postgres
import Schema

/// What the instance has that the PPDB has not: changes after its cursor, and the older rows that they touched. Changes that took over rows of
/// another generation touch none.
struct PendingChanges {
    let keys: [Int64]
    /// Touched rows of DiaSource, DiaForcedSource (and by their sources of SSSource).
    private(set) var sources: [Int64] = []
    private(set) var forced: (object: [Int64], visit: [Int64], detector: [Int64]) = ([], [], [])
    /// Ends that they brought to versions.
    private(set) var ends: (object: [Int64], end: [Double]) = ([], [])
    private let roles: ColumnRoles

    /// From the instance's moment at hand.
    init(after cursor: Ppdb.Cursor, of ppdb: Ppdb) throws {
        roles = ppdb.roles
        keys =
            try ppdb.apdb.query(
                "SELECT \"replicaKey\" FROM skyledger.\"Change\" WHERE \"change\" > $1 AND \"generation\" = $2 AND \"kind\" <> 'copy' ORDER BY 1",
                [.int64(cursor.lastChange), .int32(Int32(ppdb.generation.id))])["replicaKey"]?.int64s ?? []
        guard !keys.isEmpty else { return }
        let rows = ChunkRows(keys: keys, generation: ppdb.generation)
        let records = "\(ppdb.generation.table("UpdateRecord")) AS r WHERE \(rows.condition(of: "r"))"
        sources =
            try ppdb.apdb.query("SELECT DISTINCT r.\"diaSourceId\" FROM \(records) AND r.\"tableName\" = 'DiaSource'")["diaSourceId"]?
            .int64s ?? []
        let found = try ppdb.apdb.query(
            """
            SELECT DISTINCT r."diaObjectId", r."visit", r."detector"::bigint AS "detector" FROM \(records) AND r."tableName" = 'DiaForcedSource'
            """)
        forced = (found["diaObjectId"]?.int64s ?? [], found["visit"]?.int64s ?? [], found["detector"]?.int64s ?? [])
        let ended = try ppdb.apdb.query("SELECT * FROM (\(rows.ends)) AS e")
        ends = (ended["diaObjectId"]?.int64s ?? [], ended["end"]?.doubles ?? [])
    }

    /// A condition that holds for touched rows of a table, of an alias, with its parameters; nil where there are none.
    ///
    /// - Parameter isInstance: whether it is asked of the instance, where the changes are in place, or of the PPDB.
    func touched(_ table: String, of alias: String, isInstance: Bool) -> (sql: String, parameters: [Parameter])? {
        switch table {
        case "DiaSource", "SSSource":
            return sources.isEmpty ? nil : ("\(alias).\"diaSourceId\" = ANY ($1)", [.int64Array(sources)])
        case "DiaForcedSource":
            guard !forced.object.isEmpty else { return nil }
            return (
                "(\(alias).\"diaObjectId\", \(alias).\"visit\", \(alias).\"detector\") IN (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]))",
                [.int64Array(forced.object), .int64Array(forced.visit), .int64Array(forced.detector)]
            )
        case "DiaObject":
            guard !ends.object.isEmpty else { return nil }
            let end = "\(alias).\(SQLText.identifier(roles.validityEnd))"
            if !isInstance { return ("\(end) IS NULL AND \(alias).\"diaObjectId\" = ANY ($1)", [.int64Array(ends.object)]) }
            return (
                "(\(alias).\"diaObjectId\", \(end)) IN (SELECT * FROM unnest($1::bigint[], $2::double precision[]))",
                [.int64Array(ends.object), .doubleArray(ends.end)]
            )
        default: return nil
        }
    }
}
