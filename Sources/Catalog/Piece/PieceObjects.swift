import Association
import Columns
import Postgres
import Sphere

/// The objects of a generation that a piece reaches into: what becomes of them, and new versions of those that keep sources.
struct PieceObjects {
    let connection: Connection
    let from: Generation
    let to: Generation
    let pixelization: any Pixelization
    let configuration: Configuration

    private static let batch: Int64 = 5000

    /// Fills the temporary tables `piece_source` and `piece_object`, when `piece_visit` is there.
    ///
    /// - Parameter now: when versions end that no longer hold, MJD TAI.
    /// - Returns: how many objects get a new version, how many of these under another number, and how many go.
    func decide(now: Double) throws -> (renewed: Int, renumbered: Int, dropped: Int) {
        let bounds = try connection.query(
            "SELECT coalesce(min(\"midpointMjdTai\"), 0) - 1 AS \"low\", coalesce(max(\"midpointMjdTai\"), 0) + 1 AS \"high\" FROM piece_visit"
        )
        var names = from.names
        names["sourceMidpoint"] = quoted(from.layout.roles.sourceMidpoint)
        names["forcedMidpoint"] = quoted(from.layout.roles.forcedMidpoint)
        names["low"] = "\(bounds["low"]!.doubles![0])"
        names["high"] = "\(bounds["high"]!.doubles![0])"
        names["now"] = "\(now)"
        try connection.execute(SQLFile.load("piece/sources", names))
        try connection.execute(SQLFile.load("piece/objects", names))
        let counts = try connection.query(
            """
            SELECT count(*) FILTER (WHERE "fate" = 'renew') AS "renewed", count(*) FILTER (WHERE "newId" IS NOT NULL) AS "renumbered",
                   count(*) FILTER (WHERE "fate" = 'drop') AS "dropped" FROM piece_object
            """)
        func count(_ name: String) -> Int { Int(counts[name]!.int64s![0]) }
        return (count("renewed"), count("renumbered"), count("dropped"))
    }

    /// The months in which versions of them end.
    func closingMonths() throws -> [TimePartition] {
        let numbers = try connection.query(
            "SELECT DISTINCT floor(\"renewedMjdTai\" / \(TimePartition.lengthDays))::bigint AS \"number\" FROM piece_object WHERE \"fate\" = 'renew'"
        )
        return (numbers["number"]?.int64s ?? []).map { TimePartition(number: Int($0)) }
    }

    /// Writes the new versions from the rows that the new generation has of them, under keys of their own.
    ///
    /// - Parameter progress: called with the objects done; throws to stop.
    func renew(progress: (Int) throws -> Void) throws -> [PieceChange] {
        var changes: [PieceChange] = []
        var (last, done) = (Int64.min, 0)
        let renewal = VersionRenewal(connection: connection, generation: to, configuration: configuration)
        let writer = VersionWriter(connection: connection, generation: to, pixelization: pixelization)
        while true {
            let (objects, counts, starts) = try next(after: last)
            guard let newest = objects.last else { return changes }
            let feed = try ChangeFeed.begin(to, on: connection)
            try writer.insert(renewal.versions(of: objects, nDiaSources: counts, starts: starts), areNew: true)
            changes.append(
                PieceChange(key: feed.key, rows: objects.count, sizeBytes: objects.count * RowWidth.bytes(of: "DiaObject", in: to.document))
            )
            (last, done) = (newest.diaObjectId, done + objects.count)
            try progress(done)
        }
    }

    private func next(after id: Int64) throws -> (objects: [OpenObject], nDiaSources: [Int32], starts: [Double]) {
        var names = from.names
        let known = from.document[table: "DiaObject"]!
        names["dec"] = quoted(from.layout.roles.dec)
        for (key, column) in [("first", "firstDiaSourceMjdTai"), ("last", "lastDiaSourceMjdTai")] {
            names[key] = known[column: column] == nil ? quoted("nothing") : quoted(column)
        }
        let text = try SQLFile.load("piece/renewed", names).replacing("o.\"nothing\"", with: "NULL")
        let rows = try connection.query(text, [.int64(id), .int64(Self.batch)])
        let (first, last) = (rows["first"]!.numbers!, rows["last"]!.numbers!)
        let n = rows["n"]!.int64s!.map { Int32($0) }
        let objects = (0..<rows.rowCount).map { row in
            OpenObject(
                diaObjectId: rows["diaObjectId"]!.int64s![row], tile: rows["tile"]!.int32s![row], ra: rows["ra"]!.doubles![row],
                dec: rows["dec"]!.doubles![row], nDiaSources: n[row], firstDiaSourceMjdTai: first[row], lastDiaSourceMjdTai: last[row])
        }
        return (objects, n, rows["renewedMjdTai"]!.doubles!)
    }
}
