import Association
import Columns
import Postgres

/// Another owner for a stored DiaSource.
struct SourceChange {
    var diaSourceId: Int64
    /// Where the row is stored, with the identifier its key.
    var midpointMjdTai: Double
    var tile: Int32
    /// The tile of its new owner.
    var newTile: Int32
    var diaObjectId: Int64?
    var ssObjectId: Int64?
    var disposition: Disposition

    /// Changes the rows. The caller holds the locks of both tiles.
    /// - Throws: `CatalogError.inconsistent` where a row is not there.
    static func apply(_ changes: [SourceChange], to generation: Generation, on connection: Connection) throws {
        guard !changes.isEmpty else { return }
        let midpoint = quoted(generation.layout.roles.sourceMidpoint)
        let solar = generation.document[table: "DiaSource"]![column: "ssObjectId"] != nil
        let changed = try connection.run(
            """
            UPDATE \(generation.table("DiaSource")) AS s
            SET "diaObjectId" = nullif(c.object, $8)\(solar ? ", \"ssObjectId\" = nullif(c.solar, $8)" : ""), "tile" = c.next,
                "disposition" = c.disposition
            FROM unnest($1::bigint[], $2::double precision[], $3::integer[], $4::integer[], $5::bigint[], $6::bigint[], $7::text[])
                 AS c(id, midpoint, tile, next, object, solar, disposition)
            WHERE s."diaSourceId" = c.id AND s.\(midpoint) = c.midpoint AND s."tile" = c.tile
            """,
            [
                .int64Array(changes.map(\.diaSourceId)), .doubleArray(changes.map(\.midpointMjdTai)), .int32Array(changes.map(\.tile)),
                .int32Array(changes.map(\.newTile)), .int64Array(changes.map { $0.diaObjectId ?? .min }),
                .int64Array(changes.map { $0.ssObjectId ?? .min }), .textArray(changes.map(\.disposition.rawValue)), .int64(.min),
            ])
        guard changed == changes.count else {
            throw CatalogError.inconsistent("\(changes.count - changed) DiaSources changed while they were read: run the command again")
        }
    }
}
