import Columns
import Postgres
import Sphere

/// Rows of a table in a region, clipped exactly to it by the server.
///
///     var query = RegionQuery(region: .circle(try Circle(ra: 150.1, dec: -30.2, radiusDegrees: 0.01)))
///     query.table = "DiaSource"
///     let rows = try query.run(on: connection, generation: generation, pixelization: pixelization)
public struct RegionQuery: Sendable {
    public var region: Region
    /// DiaObject, DiaObjectLast, DiaSource or DiaForcedSource.
    public var table: String = "DiaObject"
    /// Columns wanted; nil for all of the document and SkyLedger's own.
    public var columns: [String]?
    /// MJD TAI, inclusive. Sources by the time of their exposure, objects by the times of their first and last source.
    public var since: Double?
    public var until: Double?
    /// MJD TAI of a past state that is asked for: what the same query would have answered then; nil for the present.
    ///
    /// The versions of objects are those valid then, open as they were. A source was there if its visit-detector was processed by then, and
    /// changes recorded since are undone. Not for DiaObjectLast.
    public var asOf: Double?
    /// Whether sources that were withdrawn are among the rows.
    public var includesWithdrawn = false

    public init(region: Region) { self.region = region }

    /// Rows in the order of the table's first column.
    ///
    /// - Throws: `CatalogError.badRequest` where table or column do not exist, or the table has no past; `CatalogError.documentLacks` where
    ///   a past state is asked of an older schema document.
    public func run(on connection: Connection, generation: Generation, pixelization: any Pixelization) throws -> Table {
        let selection = try TableSelection(
            generation, table: table, columns: columns, since: since, until: until, asOf: asOf, includesWithdrawn: includesWithdrawn)
        return selection.completed(try connection.copyOut(try sql(selection, pixelization)), pixelization: pixelization)
    }

    /// How far an object may be from its first position, whose pixel DiaObjectLast keeps: radians, well beyond `driftArcsec`.
    static let drift = 5.0 / 3600 * .pi / 180

    /// The statement. All values in it are numbers that were computed here; identifiers come from the schema document and are quoted.
    func sql(_ selection: TableSelection, _ pixelization: any Pixelization) throws -> String {
        let generation = selection.generation
        // A row's pixel is that of its own position, but DiaObjectLast's is that of the object's first.
        let padded = table == "DiaObjectLast" ? region.padded(by: Self.drift) : region
        let inside = Self.condition(region, "t.\"ra\", t.\(quoted(generation.layout.roles.dec))")
        let rows: String
        let outer: [String]
        if table == "DiaObject", let asOf {
            rows = try past(generation, asOf, pixelization)
            outer = selection.conditions + [inside]
        } else {
            rows = try PixelScan(padded, pixelization).rows(of: generation.table(table), as: "t", where: selection.rowConditions + [inside])
            outer = selection.stateConditions
        }
        return """
            SELECT \(selection.selected) FROM \(rows)
            \(selection.joins)
            \(outer.isEmpty ? "" : "WHERE " + outer.joined(separator: " AND "))
            ORDER BY t.\(quoted(selection.definition.columns[0].name))
            """
    }

    /// Versions that were valid: those still open by their pixels, and those closed since, for which there is no index of pixels, by
    /// their objects. These have their first position near, or a record of a change by hand.
    private func past(_ generation: Generation, _ asOf: Double, _ pixelization: any Pixelization) throws -> String {
        let end = quoted(generation.layout.roles.validityEnd)
        let near = try PixelScan(region.padded(by: Self.drift), pixelization)
        return """
            (SELECT o.* FROM \(try PixelScan(region, pixelization).rows(of: generation.table("DiaObject_open"), as: "o"))
             UNION ALL
             SELECT o.* FROM (
                SELECT l."diaObjectId" FROM \(near.rows(of: generation.table("DiaObjectLast"), as: "l"))
                UNION
                SELECT c."diaObjectId" FROM \(generation.table("UpdateRecord")) AS c
                WHERE c."diaObjectId" IS NOT NULL AND c."after"->>'disposition' IS DISTINCT FROM 'adopted') AS n
             JOIN \(generation.table("DiaObject_closed")) AS o
                ON o."diaObjectId" = n."diaObjectId" AND o.\(end) > \(TableSelection.number(asOf))
            ) AS t
            """
    }

    /// Exact containment of a position as SQL.
    static func condition(_ region: Region, _ position: String) -> String {
        switch region {
        case .circle(let circle):
            return "skyledger.in_circle(\(position), \(circle.center.raDec.ra), \(circle.center.raDec.dec), \(circle.radius * 180 / .pi))"
        case .polygon(let polygon):
            return polygon.inwardNormals.map { "skyledger.in_half_space(\(position), \($0.x), \($0.y), \($0.z))" }.joined(
                separator: " AND ")
        case .box(let box):
            return
                "skyledger.in_box(\(position), \(box.raWidth >= 360 ? 0 : box.ra1), \(box.dec1), \(box.raWidth >= 360 ? 360 : box.ra2), \(box.dec2))"
        }
    }
}
