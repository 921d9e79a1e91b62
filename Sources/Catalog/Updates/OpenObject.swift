import Columns
import Postgres

/// An open DiaObject as an update needs it: what its next version carries over.
struct OpenObject: Equatable {
    var diaObjectId: Int64
    var tile: Int32
    var ra: Double
    var dec: Double
    var nDiaSources: Int32
    var firstDiaSourceMjdTai: Double
    var lastDiaSourceMjdTai: Double

    /// The open ones among identifiers, by identifier.
    static func read(_ ids: [Int64], _ generation: Generation, on connection: Connection) throws -> [Int64: OpenObject] {
        let roles = generation.layout.roles
        let known = generation.document[table: "DiaObject"]!
        func column(_ name: String) -> String { known[column: name] == nil ? "NULL::double precision" : quoted(name) }
        let rows = try connection.query(
            """
            SELECT "diaObjectId", "tile", "ra", \(quoted(roles.dec)) AS "dec", "nDiaSources"::bigint AS "n",
                   \(column("firstDiaSourceMjdTai")) AS "first", \(column("lastDiaSourceMjdTai")) AS "last"
            FROM \(generation.table("DiaObject")) WHERE "diaObjectId" = ANY ($1) AND \(quoted(roles.validityEnd)) IS NULL
            """, [.int64Array(ids)])
        let (first, last) = (rows["first"]!.numbers!, rows["last"]!.numbers!)
        var out: [Int64: OpenObject] = [:]
        for row in 0..<rows.rowCount {
            let id = rows["diaObjectId"]!.int64s![row]
            out[id] = OpenObject(
                diaObjectId: id, tile: rows["tile"]!.int32s![row], ra: rows["ra"]!.doubles![row], dec: rows["dec"]!.doubles![row],
                nDiaSources: Int32(rows["n"]!.int64s![row]), firstDiaSourceMjdTai: first[row], lastDiaSourceMjdTai: last[row])
        }
        return out
    }

    /// Those of identifiers that have any version, open or closed.
    static func existing(_ ids: [Int64], _ generation: Generation, on connection: Connection) throws -> Set<Int64> {
        let rows = try connection.query(
            "SELECT DISTINCT \"diaObjectId\" FROM \(generation.table("DiaObject")) WHERE \"diaObjectId\" = ANY ($1)", [.int64Array(ids)])
        return Set(rows["diaObjectId"]?.int64s ?? [])
    }
}
