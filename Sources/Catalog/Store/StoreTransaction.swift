import Columns
import Foundation
import Postgres
import Schema
import Sphere

/// The one transaction in which a visit-detector is stored, whole or not at all. Used inside `Store.store`.
///
/// Order of locks: the visit-detector's entry, then the tiles that its region touches, in ascending order. Two transactions that could
/// see the same objects share a tile, so the second waits and then reads what the first stored.
public final class StoreTransaction {
    let connection: Connection
    let generation: Generation
    let pixelization: any Pixelization
    public let visitDetector: VisitDetector
    /// DiaSource rows with the schema document's columns.
    public let sources: Table
    let processedMjdTai: Double

    init(_ store: Store, _ visitDetector: VisitDetector, _ sources: Table) {
        connection = store.connection
        generation = store.generation
        pixelization = store.pixelization
        self.visitDetector = visitDetector
        self.sources = sources
        processedMjdTai = store.clock.mjdTai(of: visitDetector)
    }

    /// Enters the visit-detector into the visit table.
    /// - Returns: false where it stands there already with the same rows.
    func enter() throws -> Bool {
        let v = visitDetector
        let digest = ContentDigest.of(sources, orderedBy: "diaSourceId")
        let centre = v.region.boundingCircle.center.raDec
        let entered = try connection.run(
            """
            INSERT INTO \(generation.table("VisitDetector"))
                ("visit", "detector", "band", "midpointMjdTai", "ra", "dec", "region", "nDiaSources", "processedMjdTai", "digest", "source")
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING
            """,
            [
                .int64(v.visit), .int32(v.detector), v.band.map(Parameter.text) ?? .null, .double(v.midpointMjdTai), .double(centre.ra),
                .double(centre.dec),
                .text(v.regionText), .int32(Int32(sources.rowCount)), .double(processedMjdTai), .bytes(digest), .text(v.source),
            ])
        if entered == 1 { return true }
        guard try isStored(digest: digest) else {
            throw CatalogError.inconsistent("visit \(v.visit) detector \(v.detector) is stored and not found: run `skyledger doctor`")
        }
        return false
    }

    /// Whether the visit-detector is stored, with the same rows.
    /// - Throws: `CatalogError.storedDifferently`
    func isStored(digest known: [UInt8]? = nil) throws -> Bool {
        let v = visitDetector
        let stored = try connection.query(
            "SELECT \"digest\", \"source\" FROM \(generation.table("VisitDetector")) WHERE \"visit\" = $1 AND \"detector\" = $2",
            [.int64(v.visit), .int32(v.detector)], name: "stored_visit_detector")
        guard let digest = stored["digest"]?.binaries, digest.count == 1 else { return false }
        guard Array(digest.bytes(at: 0)) == known ?? ContentDigest.of(sources, orderedBy: "diaSourceId") else {
            throw CatalogError.storedDifferently(
                visit: v.visit, detector: v.detector, stored: stored["source"]?.strings?[0] ?? "another file", offered: v.source)
        }
        return true
    }

    /// Locks the neighbourhood and reads its objects.
    ///
    /// - Parameter padding: radians by which the region is widened: the association radius, and the distance that an object's mean position
    ///   may have moved from its first position, which its pixel in DiaObjectLast is that of.
    public func objects(padding: Double) throws -> StoredObjects {
        let region = visitDetector.region.padded(by: padding)
        let tiles = pixelization.tileEnvelope(of: region).ranges
        try connection.query(
            """
            SELECT count(pg_advisory_xact_lock(skyledger.lock_class($1::text::regclass), tile::int))
            FROM unnest($2::bigint[], $3::bigint[]) AS r(low, high), LATERAL generate_series(low, high) AS tile
            """,
            [.text(generation.table("DiaObject")), .int64Array(tiles.map(\.lowerBound)), .int64Array(tiles.map(\.upperBound))])
        let ranges = pixelization.envelope(of: region, maxRanges: 64).ranges
        let dec = quoted(generation.layout.roles.dec)
        return try StoredObjects(
            connection.copyOut(
                """
                SELECT o."diaObjectId", o."tile", o."ra", o.\(dec) AS "dec" FROM unnest(\(Self.array(ranges.map(\.lowerBound))), \(Self.array(ranges.map(\.upperBound)))) AS r(low, high)
                JOIN \(generation.table("DiaObjectLast")) AS o ON o."pixelId" BETWEEN r.low AND r.high
                """))
    }

    static func array(_ values: [Int64]) -> String { "'{\(values.map(String.init).joined(separator: ","))}'::bigint[]" }
}
