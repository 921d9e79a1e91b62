import Columns
import Foundation
import Postgres
import Schema
import Sphere

/// Writing what association decided: sources, object versions, the newest state of objects.
extension StoreTransaction {
    /// diaSourceId alone is unique, which no index over partitions can hold. The ids of one visit-detector lie close together, so that
    /// mostly their span is empty, which is one look into each partition; only where it is not are they looked up one by one.
    func refuseKnownSources() throws {
        guard let ids = sources["diaSourceId"]?.int64s, let low = ids.min(), let high = ids.max() else { return }
        let table = generation.table("DiaSource")
        let inSpan = try connection.query(
            "SELECT \"diaSourceId\" FROM \(table) WHERE \"diaSourceId\" BETWEEN $1 AND $2 LIMIT 1", [.int64(low), .int64(high)],
            name: "sources_in_span")
        guard inSpan.rowCount > 0 else { return }
        // Rows of the visit-detector itself are those that another loader has stored in the meantime.
        let known = try connection.query(
            """
            SELECT "diaSourceId", "visit", "detector"::integer AS "detector" FROM \(table)
            WHERE "diaSourceId" = ANY ($1) AND NOT ("visit" = $2 AND "detector" = $3) LIMIT 1
            """, [.int64Array(ids), .int64(visitDetector.visit), .int32(visitDetector.detector)], name: "known_sources")
        if let id = known["diaSourceId"]?.int64s?.first {
            throw CatalogError.duplicateSource(
                diaSourceId: id, visit: known["visit"]?.int64s?.first ?? 0, detector: known["detector"]?.int32s?.first ?? 0,
                offered: visitDetector.source)
        }
    }

    func write(objects: StoredObjects, owners: [SourceOwner]) throws -> StoreOutcome {
        precondition(owners.count == sources.rowCount)
        let seen = try sourcesAsSeen()
        let sourcePixels = pixelization.index(ra: seen.map(\.ra), dec: seen.map(\.dec))
        let versions = ObjectVersions(generation.layout)

        // Each object with its sources in the order of their identifiers: results do not depend on the order of rows.
        let members = Dictionary(grouping: owners.indices) { owners[$0] }.mapValues {
            $0.sorted { seen[$0].diaSourceId < seen[$1].diaSourceId }
        }
        var objectId = [Int64?](repeating: nil, count: seen.count)
        var tile = [Int32](repeating: 0, count: seen.count)
        var known: [(row: Int, sources: [Int])] = []
        var founded: [(founder: Int, sources: [Int])] = []
        for (owner, rows) in members {
            switch owner {
            case .object(let row):
                known.append((row, rows))
                for i in rows { (objectId[i], tile[i]) = (objects.diaObjectId[row], objects.tile[row]) }
            case .founder(let founder):
                founded.append((founder, rows))
                let own = pixelization.tile(of: sourcePixels[founder])
                for i in rows { (objectId[i], tile[i]) = (seen[founder].diaSourceId, own) }
            case .none:
                for i in rows { tile[i] = pixelization.tile(of: sourcePixels[i]) }
            }
        }
        known.sort { objects.diaObjectId[$0.row] < objects.diaObjectId[$1.row] }
        founded.sort { seen[$0.founder].diaSourceId < seen[$1.founder].diaSourceId }

        let closed = try close(known.map { objects.diaObjectId[$0.row] })
        let next = try known.map { object -> ObjectVersions.Version in
            guard let old = closed[objects.diaObjectId[object.row]] else {
                throw CatalogError.inconsistent(
                    "DiaObject \(objects.diaObjectId[object.row]) is in DiaObjectLast but has no open version: run `skyledger doctor`")
            }
            return object.sources.reduce(old.version) { versions.next(after: $0, joinedBy: seen[$1]) }
        }
        let new = founded.map { object in
            object.sources.filter { $0 != object.founder }.reduce(versions.founded(by: seen[object.founder])) {
                versions.next(after: $0, joinedBy: seen[$1])
            }
        }
        try insert(
            versions, next, starts: known.map { closed[objects.diaObjectId[$0.row]]!.closedAt }, tiles: known.map { objects.tile[$0.row] },
            areNew: false)
        try insert(versions, new, starts: new.map { _ in processedMjdTai }, tiles: founded.map { tile[$0.founder] }, areNew: true)
        try insertSources(objectId: objectId, tile: tile, pixelId: sourcePixels)
        try connection.run(
            """
            UPDATE \(generation.table("VisitDetector")) SET "nDiaObjectsNew" = $3, "nDiaObjectsUpdated" = $4 WHERE "visit" = $1 AND "detector" = $2
            """,
            [.int64(visitDetector.visit), .int32(visitDetector.detector), .int32(Int32(new.count)), .int32(Int32(next.count))])
        return .stored(diaSources: seen.count, diaObjectsNew: new.count, diaObjectsUpdated: next.count)
    }

    /// Ends the open versions of objects now, or just after they began where the clock has not moved on.
    /// - Returns: by object the version that was open and the time at which it ended.
    private func close(_ ids: [Int64]) throws -> [Int64: (version: ObjectVersions.Version, closedAt: Double)] {
        guard !ids.isEmpty else { return [:] }
        let roles = generation.layout.roles
        let (start, end) = (quoted(roles.validityStart), quoted(roles.validityEnd))
        // A millionth of a day is 86 ms; doubles of today's MJD resolve a microsecond.
        let closed = try connection.query(
            """
            UPDATE \(generation.table("DiaObject")) AS o SET \(end) = greatest($2, o.\(start) + 1e-6)
            FROM unnest($1::bigint[]) AS v(id) WHERE o."diaObjectId" = v.id AND o.\(end) IS NULL
            RETURNING o.*
            """, [.int64Array(ids), .double(processedMjdTai)], name: "close_versions")
        let versions = ObjectVersions(generation.layout).versions(closed)
        guard let ends = closed[roles.validityEnd]?.doubles else { return [:] }
        return Dictionary(uniqueKeysWithValues: zip(versions, ends).map { ($0.diaObjectId, ($0, $1)) })
    }

    private func insert(_ versions: ObjectVersions, _ rows: [ObjectVersions.Version], starts: [Double], tiles: [Int32], areNew: Bool) throws
    {
        guard !rows.isEmpty else { return }
        let roles = generation.layout.roles
        let pixels = pixelization.index(ra: rows.map(\.ra), dec: rows.map(\.dec))
        let table = versions.table(rows, validityStart: (roles.validityStart, starts), pixelId: pixels, tile: tiles)
        try connection.copyIn(table, to: generation.table("DiaObject"))
        let last = generation.document[table: "DiaObjectLast"]!
        let names = last.columns.map(\.name).filter { table[$0] != nil }
        if areNew {
            try connection.copyIn(table.selecting(names + ["pixelId", "tile"])!, to: generation.table("DiaObjectLast"))
        } else {
            // pixelId stays that of the first position, so that the update touches no index.
            let changing = names.filter { $0 != "diaObjectId" }
            let assignments = changing.map { "\(quoted($0)) = v.\(quoted($0))" }.joined(separator: ", ")
            let fields = (["diaObjectId", "tile"] + changing).map { Self.arrayParameter(table[$0]!) }
            let casts = fields.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
            let columns = (["diaObjectId", "tile"] + changing).map(quoted).joined(separator: ", ")
            try connection.query(
                """
                UPDATE \(generation.table("DiaObjectLast")) AS o SET \(assignments) FROM unnest(\(casts)) AS v(\(columns))
                WHERE o."diaObjectId" = v."diaObjectId" AND o."tile" = v."tile"
                """, fields, name: "update_last")
        }
    }

    private static func arrayParameter(_ column: Column) -> Parameter {
        switch column.values {
        case .int64(let v): .int64Array(v)
        case .int32(let v): .int32Array(v)
        case .float(let v): .floatArray(v.indices.map { column.isNull($0) ? nil : v[$0] })
        case .double(let v): .doubleArray(v.indices.map { column.isNull($0) ? nil : v[$0] })
        default: preconditionFailure("DiaObjectLast has a column of an unforeseen type: \(column.name)")
        }
    }

    private func insertSources(objectId: [Int64?], tile: [Int32], pixelId: [Int64]) throws {
        guard sources.rowCount > 0 else { return }
        var rows = sources
        let validity = objectId.contains(nil) ? Validity(objectId.lazy.map { $0 != nil }) : nil
        rows.set(Column("diaObjectId", .int64(objectId.map { $0 ?? 0 }), validity: validity))
        rows.set(Column("pixelId", .int64(pixelId)))
        rows.set(Column("tile", .int32(tile)))
        if rows["timeProcessedMjdTai"] == nil, generation.document[table: "DiaSource"]?[column: "timeProcessedMjdTai"] != nil {
            rows.set(Column("timeProcessedMjdTai", .double(.init(repeating: processedMjdTai, count: rows.rowCount))))
        }
        try connection.copyIn(rows, to: generation.table("DiaSource"))
    }

    private func sourcesAsSeen() throws -> [ObjectVersions.Source] {
        let roles = generation.layout.roles
        guard let id = sources["diaSourceId"]?.int64s, let ra = sources["ra"]?.doubles, let dec = sources[roles.dec]?.doubles,
            let midpoint = sources[roles.sourceMidpoint]?.doubles
        else {
            throw CatalogError.inconsistent("the sources of \(visitDetector.source) lack diaSourceId, ra, dec or the time of the exposure")
        }
        let (raErr, decErr, band, flux) = (sources["raErr"], sources["decErr"], sources["band"]?.strings, sources["psfFlux"])
        func value(_ column: Column?, _ row: Int) -> Float? {
            guard let column, !column.isNull(row), let value = column.floats?[row], value.isFinite else { return nil }
            return value
        }
        return id.indices.map { row in
            ObjectVersions.Source(
                diaSourceId: id[row], ra: ra[row], dec: dec[row], raErr: value(raErr, row), decErr: value(decErr, row),
                midpointMjdTai: midpoint[row],
                band: band?[row] ?? visitDetector.band ?? "", hasFlux: value(flux, row) != nil)
        }
    }
}
