import Columns
import Foundation
import Postgres
import Sphere

/// Precovery: where new objects lie on images that were taken before anybody knew of them.
extension ForcedTargets {
    /// For each object whose first version began at a time or later, the stored visit-detectors that cover it and have no DiaForcedSource
    /// of it: those of the configuration's days before its first source, and those between that and the visit that founded it (which adopted
    /// sources make).
    ///
    /// - Parameter since: MJD TAI of processing; nil for the last day of it.
    /// - Returns: rows in the columns of `columnNames`, ordered by diaObjectId, visit and detector.
    /// - Throws: `CatalogError.documentLacks` where DiaObject has no columns of the first and last source.
    public func precovery(since: Double? = nil) throws -> Table {
        try connection.transaction("ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            let objects = try newObjects(since: since)
            guard let earliest = objects.map(\.from).min(), let latest = objects.map(\.until).max() else { return Rows().table }
            let visits = try StoredVisitDetector.read(
                where: "\"midpointMjdTai\" BETWEEN $1 AND $2", [.double(earliest), .double(latest)], of: generation, on: connection)
            let pairs = Self.covering(objects, visits, pixelization)
            let known = try measured(pairs, objects, visits)
            var rows = Rows()
            for (pair, isMeasured) in zip(pairs, known) where !isMeasured {
                let (object, visit) = (objects[pair.object], visits[pair.visit])
                rows.add(object.id, object.ra, object.dec, visit, isPrecovery: visit.midpointMjdTai < object.first)
            }
            let order = rows.id.indices.sorted {
                (rows.id[$0], rows.visit[$0], rows.detector[$0]) < (rows.id[$1], rows.visit[$1], rows.detector[$1])
            }
            return rows.table.gather(order)
        }
    }

    struct NewObject {
        var id: Int64
        /// ICRS degrees, of the open version.
        var ra: Double
        var dec: Double
        /// MJD TAI: its first source, the window's start, and the founding visit, which is no part of it.
        var first: Double
        var from: Double
        var until: Double
    }

    /// Pairs of an object and a visit-detector that covers it within the object's window, found by the coarse pixels of both. Pure.
    ///
    /// - Complexity: O(objects + visit-detectors + pairs that share a coarse pixel)
    static func covering(
        _ objects: [NewObject], _ visits: [StoredVisitDetector], _ pixelization: any Pixelization
    ) -> [(object: Int, visit: Int)] {
        var visitsOfTile: [Int64: [Int]] = [:]
        for (row, visit) in visits.enumerated() {
            for range in pixelization.tileEnvelope(of: visit.region).ranges {
                for tile in range { visitsOfTile[tile, default: []].append(row) }
            }
        }
        let tiles = pixelization.index(ra: objects.map(\.ra), dec: objects.map(\.dec)).map { Int64(pixelization.tile(of: $0)) }
        var pairs: [(object: Int, visit: Int)] = []
        for (number, object) in objects.enumerated() {
            guard let point = try? UnitVector(ra: object.ra, dec: object.dec) else { continue }
            for row in visitsOfTile[tiles[number]] ?? []
            where visits[row].midpointMjdTai >= object.from && visits[row].midpointMjdTai < object.until
                && visits[row].region.contains(point)
            {
                pairs.append((number, row))
            }
        }
        return pairs
    }

    private func newObjects(since: Double?) throws -> [NewObject] {
        let roles = generation.layout.roles
        let known = generation.document[table: "DiaObject"]!
        guard known[column: "firstDiaSourceMjdTai"] != nil, known[column: "lastDiaSourceMjdTai"] != nil else {
            throw CatalogError.documentLacks(
                what: "columns DiaObject.firstDiaSourceMjdTai and lastDiaSourceMjdTai", document: generation.document.label,
                advice: "migrate the instance with `skyledger schema migrate` first")
        }
        let (start, end) = (quoted(roles.validityStart), quoted(roles.validityEnd))
        let table = generation.table("DiaObject")
        let rows = try connection.query(
            """
            WITH t AS (SELECT coalesce($1, (SELECT max("processedMjdTai") - 1 FROM \(generation.table("VisitDetector")))) AS since)
            SELECT f."diaObjectId", o."ra", o.\(quoted(roles.dec)) AS "dec", o."firstDiaSourceMjdTai" AS "first",
                   f."lastDiaSourceMjdTai" AS "until"
            FROM t, \(table) AS f JOIN \(table) AS o ON o."diaObjectId" = f."diaObjectId" AND o.\(end) IS NULL
            WHERE f.\(start) >= t.since
              AND NOT EXISTS (SELECT FROM \(table) AS e WHERE e."diaObjectId" = f."diaObjectId" AND e.\(start) < f.\(start))
            """, [since.map(Parameter.double) ?? .null], name: "new_objects")
        guard let id = rows["diaObjectId"]?.int64s, let ra = rows["ra"]?.doubles, let dec = rows["dec"]?.doubles,
            let first = rows["first"]?.numbers, let until = rows["until"]?.numbers
        else { return [] }
        return id.indices.filter { first[$0].isFinite }.map {
            NewObject(
                id: id[$0], ra: ra[$0], dec: dec[$0], first: first[$0], from: first[$0] - configuration.forced.precoveryDays,
                until: until[$0].isNaN ? first[$0] : max(first[$0], until[$0]))
        }
    }

    /// For each pair whether the object has a forced source there.
    private func measured(_ pairs: [(object: Int, visit: Int)], _ objects: [NewObject], _ visits: [StoredVisitDetector]) throws -> [Bool] {
        guard !pairs.isEmpty else { return [] }
        let roles = generation.layout.roles
        let midpoint = quoted(roles.forcedMidpoint)
        let rows = try connection.query(
            """
            SELECT "diaObjectId", "visit", "detector"::integer AS "detector" FROM \(generation.table("DiaForcedSource"))
            WHERE "diaObjectId" = ANY ($1) AND \(midpoint) BETWEEN $2 AND $3
            """,
            [
                .int64Array(Set(pairs.map { objects[$0.object].id }).sorted()),
                .double((visits.map(\.midpointMjdTai).min() ?? 0) - 1), .double((visits.map(\.midpointMjdTai).max() ?? 0) + 1),
            ], name: "measured_objects")
        let (id, visit, detector) = (rows["diaObjectId"]?.int64s ?? [], rows["visit"]?.int64s ?? [], rows["detector"]?.int32s ?? [])
        let known = Set(id.indices.map { Place(id: id[$0], visit: visit[$0], detector: detector[$0]) })
        return pairs.map { pair in
            let entry = visits[pair.visit]
            return known.contains(Place(id: objects[pair.object].id, visit: entry.visit, detector: entry.detector))
        }
    }

    private struct Place: Hashable {
        var id: Int64
        var visit: Int64
        var detector: Int32
    }
}
