import Columns
import Postgres
import Schema
import Sphere

/// Fills DiaObject_To_Object_Match: to each open DiaObject the nearest three stars and three galaxies of the release within a radius.
///
/// DiaObjects are taken in batches along the declination, and the objects of a batch's strip are streamed past them. A batch is one transaction
/// that replaces its DiaObjects' matches, so that a run can be stopped and repeated at any point.
public struct ObjectMatches {
    let tables: PpdbTables
    /// Where the release's objects are.
    var objects: PpdbTables
    public var radiusArcsec = 5.0
    /// Only DiaObjects that were not matched before; else all, again.
    public var onlyNew = false

    public static let nearest = 3
    static let batchRows = 500_000
    static let rowsAtOnce = 200_000

    public init(_ tables: PpdbTables) { (self.tables, objects) = (tables, tables) }

    public struct Summary: Sendable, Equatable {
        public var diaObjects = 0
        public var matches = 0
    }

    /// - Parameter progress: DiaObjects done, and in all; return false to stop after the batch at hand.
    /// - Throws: `ProductError.badRequest`, `.interrupted`; `PostgresError`
    public func run(progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Summary {
        guard radiusArcsec > 0, radiusArcsec <= 60 else {
            throw ProductError.badRequest("the radius is \(radiusArcsec) arcsec: give one above 0, at most 60")
        }
        let connection = tables.connection
        let columns = try tables.columns(of: "DiaObject", needing: ["diaObjectId", "ra", "dec", "validityEndMjdTai"]).map(\.name)
        guard try !objects.storedColumns(of: "Object").isEmpty else {
            throw ProductError.badRequest("the PPDB has no table Object: load one with `skyledger ppdb objects load FILE`")
        }
        try recordRadius()
        let densities = try densities()
        func error(_ name: String) -> String { columns.contains(name) ? "o.\(SQLText.identifier(name))::float8" : "NULL::float8" }
        let new =
            onlyNew
            ? "AND NOT EXISTS (SELECT 1 FROM \(tables.bookkeeping).\"MatchedObject\" AS m WHERE m.\"diaObjectId\" = o.\"diaObjectId\")" : ""
        let open = "FROM \(tables.name("DiaObject")) AS o WHERE o.\"validityEndMjdTai\" IS NULL \(new)"
        let total = Int(try connection.int64("SELECT count(*) \(open)") ?? 0)
        // Held past the batches' transactions.
        try connection.execute(
            """
            DECLARE match_points NO SCROLL CURSOR WITH HOLD FOR
            SELECT o."diaObjectId", o."ra", o."dec", \(error("raErr")) AS "raErr", \(error("decErr")) AS "decErr" \(open)
            ORDER BY o."dec"
            """)
        defer { try? connection.execute("CLOSE match_points") }
        var summary = Summary()
        while true {
            let points = try connection.query("FETCH \(Self.batchRows) FROM match_points")
            guard points.rowCount > 0 else { break }
            let matches = try match(points, densities)
            try store(matches, of: points)
            summary.diaObjects += points.rowCount
            summary.matches += matches.rowCount
            guard progress(summary.diaObjects, total) else { throw ProductError.interrupted }
        }
        if !onlyNew { try forgetClosed() }
        return summary
    }

    /// A copy that takes this one's place is matched within the same radius.
    private func recordRadius() throws {
        guard try tables.hasSettings else { return }
        try tables.connection.run(
            """
            INSERT INTO \(tables.bookkeeping)."Setting" ("name", "value") VALUES ($1, $2)
            ON CONFLICT ("name") DO UPDATE SET "value" = excluded."value"
            """, [.text(CarriedObjects.radiusSetting), .text("\(radiusArcsec)")])
    }

    /// Stars and galaxies in a square arcsecond, by density cell.
    private func densities() throws -> [Int32: [Double]] {
        let galaxy = ReleaseObjects.galaxyExtendedness
        let rows = try tables.connection.query(
            """
            SELECT "densityCell", count(*) FILTER (WHERE "extendedness" < \(galaxy)) AS "stars",
                count(*) FILTER (WHERE "extendedness" >= \(galaxy)) AS "galaxies"
            FROM \(objects.name("Object")) GROUP BY 1
            """)
        guard let cells = rows["densityCell"]?.int32s, let stars = rows["stars"]?.int64s, let galaxies = rows["galaxies"]?.int64s else {
            return [:]
        }
        let area = ReleaseObjects.densityPixels.pixelSizeArcsec * ReleaseObjects.densityPixels.pixelSizeArcsec
        return Dictionary(uniqueKeysWithValues: cells.indices.map { (cells[$0], [Double(stars[$0]) / area, Double(galaxies[$0]) / area]) })
    }

    /// Rows of DiaObject_To_Object_Match for the points.
    private func match(_ points: Table, _ densities: [Int32: [Double]]) throws -> Table {
        guard let ids = points["diaObjectId"]?.int64s, let ra = points["ra"]?.doubles, let dec = points["dec"]?.doubles,
            let raErr = points["raErr"]?.numbers, let decErr = points["decErr"]?.numbers, let first = dec.first, let last = dec.last
        else { return Table() }
        var sweep = NeighbourSweep(ra: ra, dec: dec, radiusArcsec: radiusArcsec, kinds: 2, nearest: Self.nearest)
        let pad = radiusArcsec / 3600 * 1.001
        let strip = "BETWEEN \(NightProduct.number(first - pad)) AND \(NightProduct.number(last + pad))"
        try tables.connection.copyOut(
            """
            SELECT "objectId", "ra", "dec", "extendedness", "errorArcsec" FROM \(objects.name("Object"))
            WHERE "dec" \(strip) AND "extendedness" IS NOT NULL
            """, rowsPerTable: Self.rowsAtOnce
        ) { rows in
            guard let objectIds = rows["objectId"]?.int64s, let ra = rows["ra"]?.doubles, let dec = rows["dec"]?.doubles,
                let extendedness = rows["extendedness"]?.numbers, let errors = rows["errorArcsec"]?.singles
            else { return }
            let kinds = extendedness.map { $0 < ReleaseObjects.galaxyExtendedness ? 0 : 1 }
            sweep.offer(.init(ids: objectIds, ra: ra, dec: dec, kinds: kinds, errorsArcsec: errors))
        }
        let cells = ReleaseObjects.densityPixels.index(ra: ra, dec: dec)
        // The density of a cell without objects of the kind: that of one object in it.
        let least = 1 / (ReleaseObjects.densityPixels.pixelSizeArcsec * ReleaseObjects.densityPixels.pixelSizeArcsec)
        var (matchIds, objectIds, distances, logarithms) = ([Int64](), [Int64](), [Float](), [Float]())
        for point in ids.indices {
            let error = ((raErr[point] * raErr[point] + decErr[point] * decErr[point]) / 2).squareRoot() * 3600
            for kind in 0..<2 {
                for neighbour in sweep.neighbours(of: point, kind: kind) {
                    let density = max(least, densities[Int32(cells[point])]?[kind] ?? 0)
                    let variance = MatchLikelihood.variance(error, Double(neighbour.errorArcsec))
                    let lnP = MatchLikelihood.lnP(distanceArcsec: neighbour.distanceArcsec, variance: variance, density: density)
                    matchIds.append(ids[point])
                    objectIds.append(neighbour.objectId)
                    distances.append(Float(neighbour.distanceArcsec))
                    logarithms.append(Float(lnP))
                }
            }
        }
        return Table([
            Column("diaObjectId", .int64(matchIds)), Column("objectId", .int64(objectIds)), Column("dist", .float(distances)),
            Column("lnP", .float(logarithms)),
        ])
    }

    /// Replaces the points' matches, in one transaction.
    private func store(_ matches: Table, of points: Table) throws {
        guard let ids = points["diaObjectId"] else { return }
        let connection = tables.connection
        let target = tables.name("DiaObject_To_Object_Match")
        try connection.transaction {
            try connection.execute("CREATE TEMPORARY TABLE matched_points (\"diaObjectId\" bigint) ON COMMIT DROP")
            try connection.copyIn(Table([ids]), to: "matched_points")
            try connection.execute(
                """
                ANALYZE matched_points;
                DELETE FROM \(target) AS m USING matched_points AS p WHERE m."diaObjectId" = p."diaObjectId";
                INSERT INTO \(tables.bookkeeping)."MatchedObject" SELECT "diaObjectId" FROM matched_points ON CONFLICT DO NOTHING
                """)
            try connection.copyIn(matches, to: target)
        }
    }

    /// Matches of DiaObjects that are no more (merged into another, or withdrawn) go.
    private func forgetClosed() throws {
        let isOpen =
            "(SELECT 1 FROM \(tables.name("DiaObject")) AS o WHERE o.\"diaObjectId\" = m.\"diaObjectId\" AND o.\"validityEndMjdTai\" IS NULL)"
        try tables.connection.transaction {
            try tables.connection.execute(
                """
                DELETE FROM \(tables.name("DiaObject_To_Object_Match")) AS m WHERE NOT EXISTS \(isOpen);
                DELETE FROM \(tables.bookkeeping)."MatchedObject" AS m WHERE NOT EXISTS \(isOpen)
                """)
        }
    }
}
