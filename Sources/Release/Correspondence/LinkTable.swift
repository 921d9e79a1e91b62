import Columns
import Postgres

/// Links of objects, counted: in memory up to a number, then in a temporary table, where the database adds them up.
struct LinkTable {
    private let connection: Connection
    private var counter = LinkCounter()
    private var rowsSinceSpill = 0
    private let rowsMax: Int

    private static let name = "pg_temp.\"CrosswalkLink\""

    /// - Parameters:
    ///   - connection: in the transaction that makes the crosswalk; the table goes with it.
    ///   - rowsMax: pairs of sources after which memory is cleared; a link takes 40 bytes at most, and one a pair is the worst case.
    init(_ connection: Connection, rowsMax: Int) throws {
        self.connection = connection
        self.rowsMax = rowsMax
        try connection.execute(
            """
            CREATE TEMPORARY TABLE "CrosswalkLink" ("oldDiaObjectId" bigint, "oldTile" bigint, "newDiaObjectId" bigint, "newTile" bigint,
                "sharedSources" bigint) ON COMMIT DROP
            """)
    }

    mutating func add(_ matches: SourceMatches) throws {
        counter.add(matches)
        rowsSinceSpill += matches.rowCount
        if rowsSinceSpill > rowsMax { try spill() }
    }

    private mutating func spill() throws {
        let links = counter.allLinks()
        counter = LinkCounter()
        rowsSinceSpill = 0
        try connection.copyIn(
            Table([
                Column("oldDiaObjectId", .int64(links.map(\.oldDiaObjectId))), Column("oldTile", .int64(links.map(\.oldTile))),
                Column("newDiaObjectId", .int64(links.map(\.newDiaObjectId))), Column("newTile", .int64(links.map(\.newTile))),
                Column("sharedSources", .int64(links.map(\.sharedSources))),
            ]), to: Self.name)
    }

    /// All links twice: by the tiles of old objects, and by those of new ones where these are other tiles.
    mutating func byTile() throws -> (old: TileRows, new: TileRows) {
        try spill()
        try connection.execute("ANALYZE \(Self.name)")
        func sql(_ condition: String, _ order: String) -> String {
            """
            SELECT "oldDiaObjectId", "oldTile", "newDiaObjectId", "newTile", sum("sharedSources")::bigint AS "sharedSources"
            FROM \(Self.name) \(condition) GROUP BY 1, 2, 3, 4 ORDER BY \(order)
            """
        }
        return try (
            TileRows(connection, name: "linksByOldTile", sql("", "\"oldTile\""), tile: "oldTile"),
            TileRows(connection, name: "linksByNewTile", sql("WHERE \"oldTile\" <> \"newTile\"", "\"newTile\""), tile: "newTile")
        )
    }

    /// Links from rows as `byTile` gives them.
    static func links(_ rows: Table) -> [ObjectLink] {
        guard let old = rows["oldDiaObjectId"]?.int64s, let oldTile = rows["oldTile"]?.int64s, let new = rows["newDiaObjectId"]?.int64s,
            let newTile = rows["newTile"]?.int64s, let shared = rows["sharedSources"]?.int64s
        else { return [] }
        return old.indices.map {
            ObjectLink(
                oldDiaObjectId: old[$0], oldTile: oldTile[$0], newDiaObjectId: new[$0], newTile: newTile[$0], sharedSources: shared[$0])
        }
    }
}
