import Association
import Columns
import Postgres

/// A stored DiaSource as an update needs it: its key, its owner, its state.
struct StoredSource: Equatable {
    var diaSourceId: Int64
    var midpointMjdTai: Double
    var tile: Int32
    var pixelId: Int64
    var diaObjectId: Int64?
    var ssObjectId: Int64?
    var disposition: String
    var isWithdrawn: Bool

    /// The rows of identifiers, in ascending order of these.
    static func read(_ ids: [Int64], _ generation: Generation, on connection: Connection) throws -> [StoredSource] {
        try read("\"diaSourceId\" = ANY ($1)", [.int64Array(ids)], generation, on: connection)
    }

    /// All rows of objects, those withdrawn too.
    static func read(of objects: [Int64], _ generation: Generation, on connection: Connection) throws -> [StoredSource] {
        try read("\"diaObjectId\" = ANY ($1)", [.int64Array(objects)], generation, on: connection)
    }

    private static func read(
        _ condition: String, _ parameters: [Parameter], _ generation: Generation, on connection: Connection
    ) throws -> [StoredSource] {
        let table = generation.document[table: "DiaSource"]!
        let solar = table[column: "ssObjectId"] == nil ? "NULL::bigint" : "\"ssObjectId\""
        let withdrawn = table[column: "timeWithdrawnMjdTai"] == nil ? "false" : "\"timeWithdrawnMjdTai\" IS NOT NULL"
        let rows = try connection.query(
            """
            SELECT "diaSourceId", \(quoted(generation.layout.roles.sourceMidpoint)) AS "midpoint", "tile", "pixelId", "diaObjectId",
                   \(solar) AS "ssObjectId", "disposition", \(withdrawn) AS "withdrawn"
            FROM \(generation.table("DiaSource")) WHERE \(condition) ORDER BY 1
            """, parameters)
        let (object, solarId) = (rows["diaObjectId"]!, rows["ssObjectId"]!)
        return (0..<rows.rowCount).map { row in
            StoredSource(
                diaSourceId: rows["diaSourceId"]!.int64s![row], midpointMjdTai: rows["midpoint"]!.doubles![row],
                tile: rows["tile"]!.int32s![row], pixelId: rows["pixelId"]!.int64s![row],
                diaObjectId: object.isNull(row) ? nil : object.int64s![row],
                ssObjectId: solarId.isNull(row) ? nil : solarId.int64s![row],
                disposition: rows["disposition"]!.strings![row], isWithdrawn: rows["withdrawn"]!.bools![row])
        }
    }
}
