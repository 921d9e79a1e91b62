import Columns
import Foundation
import Postgres
import Schema
import Sphere

/// Rows of a table in a region, clipped exactly to it by the server.
public struct RegionQuery: Sendable {
    public var region: Region
    public var table: String = "DiaObject"
    /// Columns wanted; nil for all of the document and SkyLedger's own.
    public var columns: [String]?
    /// MJD TAI, inclusive. Sources by the time of their exposure, objects by the times of their first and last source.
    public var since: Double?
    public var until: Double?

    public init(region: Region) { self.region = region }

    static let tables = ["DiaObject", "DiaObjectLast", "DiaSource", "DiaForcedSource"]

    /// - Throws: `CatalogError.badRequest` where table or column do not exist.
    public func run(on connection: Connection, generation: Generation, pixelization: any Pixelization) throws -> Table {
        try connection.copyOut(try sql(generation: generation, pixelization: pixelization))
    }

    /// The statement. All values in it are numbers that were computed here; identifiers come from the schema document and are quoted.
    func sql(generation: Generation, pixelization: any Pixelization) throws -> String {
        guard Self.tables.contains(table), let definition = generation.document[table: table] else {
            throw CatalogError.badRequest(
                "there is no table \(table) to query by region: choose one of \(Self.tables.joined(separator: ", "))")
        }
        let known = definition.columns.map(\.name) + ["pixelId", "tile"]
        for column in columns ?? [] where !known.contains(column) {
            throw CatalogError.badRequest("\(table) has no column \(column): `skyledger schema show --table \(table)` lists them")
        }
        let roles = generation.layout.roles
        let position = "t.\"ra\", t.\(quoted(roles.dec))"
        // A row's pixel is that of its own position, but DiaObjectLast's is that of the object's first.
        let padded = table == "DiaObjectLast" ? region.padded(by: 5 / 3600 * .pi / 180) : region
        let ranges = pixelization.envelope(of: padded, maxRanges: 200).ranges
        guard !ranges.isEmpty else { throw CatalogError.badRequest("the region is empty") }
        var conditions = [Self.condition(region, position)]
        if table == "DiaObject" { conditions.append("t.\(quoted(roles.validityEnd)) IS NULL") }
        let (first, last) = timeColumns(definition, roles)
        if let since { conditions.append("t.\(quoted(last)) >= \(since)") }
        if let until { conditions.append("t.\(quoted(first)) <= \(until)") }
        let selected = (columns ?? known).map { "t.\(quoted($0))" }.joined(separator: ", ")
        return """
            SELECT \(selected) FROM unnest(\(StoreTransaction.array(ranges.map(\.lowerBound))), \(StoreTransaction.array(ranges.map(\.upperBound)))) AS r(low, high)
            JOIN \(generation.table(table)) AS t ON t."pixelId" BETWEEN r.low AND r.high
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY t.\(quoted(definition.columns[0].name))
            """
    }

    private func timeColumns(_ definition: TableDefinition, _ roles: ColumnRoles) -> (first: String, last: String) {
        switch table {
        case "DiaSource": (roles.sourceMidpoint, roles.sourceMidpoint)
        case "DiaForcedSource": (roles.forcedMidpoint, roles.forcedMidpoint)
        default:
            definition[column: "firstDiaSourceMjdTai"] != nil
                ? ("firstDiaSourceMjdTai", "lastDiaSourceMjdTai") : (roles.validityStart, roles.validityStart)
        }
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
