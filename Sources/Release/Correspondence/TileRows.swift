import Columns
import Postgres

/// Rows of a query in the order of tiles, taken a tile at a time; memory holds one tile and one fetch.
struct TileRows {
    private let connection: Connection
    private let name: String
    private let tileColumn: String
    private var waiting = Table()
    private var place = 0
    private var isAtEnd = false

    private static let fetchRows = 20_000

    /// - Parameters:
    ///   - connection: in a transaction, which the cursor lives in.
    ///   - name: of the cursor.
    ///   - sql: without parameters, in ascending order of the column `tile`, a bigint.
    init(_ connection: Connection, name: String, _ sql: String, tile: String) throws {
        self.connection = connection
        self.name = name
        tileColumn = tile
        try connection.execute("DECLARE \"\(name)\" NO SCROLL CURSOR FOR \(sql)")
        try fetch()
    }

    /// The tile that comes next; nil at the end.
    var next: Int64? { place < waiting.rowCount ? waiting[tileColumn]?.int64s?[place] : nil }

    /// The rows of a tile, none where another comes next.
    mutating func take(_ tile: Int64) throws -> Table {
        var out = Table()
        while next == tile, let tiles = waiting[tileColumn]?.int64s {
            var end = place
            while end < tiles.count, tiles[end] == tile { end += 1 }
            out = out.appending(waiting.gather(Array(place..<end)))
            place = end
            if place == waiting.rowCount, !isAtEnd { try fetch() }
        }
        return out
    }

    private mutating func fetch() throws {
        waiting = try connection.query("FETCH \(Self.fetchRows) FROM \"\(name)\"")
        place = 0
        isAtEnd = waiting.rowCount < Self.fetchRows
    }
}
