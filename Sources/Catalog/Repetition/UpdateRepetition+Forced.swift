import Association
import Columns
import Postgres
import Sphere

/// Forced sources, in the terms of the generation where they are repeated.
extension UpdateRepetition {
    func markForced(_ work: inout Work, withdrawn: Bool) throws {
        guard to.document[table: "DiaForcedSource"]?[column: "timeWithdrawnMjdTai"] != nil else {
            return work.leave(.noColumn, work.request.forced.count)
        }
        var keys: [(here: Updates.ForcedKey, there: UpdateRequest.Forced)] = []
        for (object, rows) in Dictionary(grouping: work.request.forced, by: \.diaObjectId).sorted(by: { $0.key < $1.key }) {
            guard let here = try work.object(object, counting: rows.count) else { continue }
            keys += rows.map { (Updates.ForcedKey(diaObjectId: here, visit: $0.visit, detector: $0.detector), $0) }
        }
        let states = try withdrawals(keys.map(\.here))
        var chosen: Set<Updates.ForcedKey> = []
        var missing: [UpdateRequest.Forced] = []
        for (key, there) in keys {
            switch states[key] {
            case nil: missing.append(there)
            case withdrawn: work.leave(.alreadySo)
            default: chosen.insert(key)
            }
        }
        // A catch-up leaves out what is withdrawn.
        if withdrawn {
            work.leave(.alreadySo, missing.count)
        } else {
            for (key, rows) in Dictionary(grouping: missing, by: { StoredVisitDetector.Key($0) }).sorted(by: { $0.key < $1.key }) {
                try load(&work, key, objects: rows.map(\.diaObjectId), refresh: true)
            }
        }
        guard !chosen.isEmpty else { return }
        let (updates, cause) = (updates(work), work.update.cause)
        let ordered = chosen.sorted { ($0.diaObjectId, $0.visit, $0.detector) < ($1.diaObjectId, $1.visit, $1.detector) }
        work.did(try withdrawn ? updates.withdraw(forced: ordered, cause: cause) : updates.restore(forced: ordered, cause: cause))
    }

    /// Whether each of those that are stored is withdrawn.
    private func withdrawals(_ keys: [Updates.ForcedKey]) throws -> [Updates.ForcedKey: Bool] {
        let rows = try connection.query(
            """
            SELECT f."diaObjectId", f."visit", f."detector"::integer AS "detector", f."timeWithdrawnMjdTai" IS NOT NULL AS "isWithdrawn"
            FROM \(to.table("DiaForcedSource")) AS f
            JOIN unnest($1::bigint[], $2::bigint[], $3::integer[]) AS k(object, visit, detector)
                ON f."diaObjectId" = k.object AND f."visit" = k.visit AND f."detector" = k.detector
            """, [.int64Array(keys.map(\.diaObjectId)), .int64Array(keys.map(\.visit)), .int32Array(keys.map(\.detector))])
        guard let object = rows["diaObjectId"]?.int64s else { return [:] }
        return Dictionary(
            uniqueKeysWithValues: object.indices.map { row in
                (
                    Updates.ForcedKey(
                        diaObjectId: object[row], visit: rows["visit"]!.int64s![row], detector: rows["detector"]!.int32s![row]),
                    rows["isWithdrawn"]!.bools![row]
                )
            })
    }

    /// What `forced load` stored in a visit-detector: as in a catch-up, each row goes to the object at its position.
    func loadForced(_ work: inout Work) throws {
        for (key, rows) in Dictionary(grouping: work.request.forced, by: { StoredVisitDetector.Key($0) }).sorted(by: { $0.key < $1.key }) {
            try load(&work, key, objects: rows.map(\.diaObjectId), refresh: work.request.refresh ?? false)
        }
    }

    private func load(_ work: inout Work, _ key: StoredVisitDetector.Key, objects: [Int64], refresh: Bool) throws {
        let entry = try StoredVisitDetector.read(
            where: "\"visit\" = $1 AND \"detector\" = $2", [.int64(key.visit), .int32(key.detector)], of: to, on: connection
        ).first
        guard let entry else { return work.leave(.noVisitDetector, objects.count) }
        let reader = StoredContentReader(connection: connection, from: from, to: to)
        let (all, named) = try reader.forced(
            visit: key.visit, detector: key.detector, midpointMjdTai: entry.midpointMjdTai, objects: objects)
        work.leave(.vanished, objects.count - all.rowCount)
        guard all.rowCount > 0 else { return }
        let owner = try owners(of: all, named, at: entry)
        let known = try stored(owner.compactMap { $0 }, all, entry)
        var chosen: [Int] = []
        var taken: Set<Int64> = []
        for row in owner.indices {
            guard let object = owner[row] else {
                work.leave(.noObject)
                continue
            }
            let isKnown = known.objects.contains(object) || known.rows.contains(row)
            if isKnown || !taken.insert(object).inserted { work.leave(.alreadySo) } else { chosen.append(row) }
        }
        guard !chosen.isEmpty else { return }
        var rows = all.gather(chosen)
        rows.set(Column("diaObjectId", .int64(chosen.map { owner[$0]! })))
        _ = try ForcedLoad(
            connection: connection, generation: to, pixelization: pixelization, configuration: configuration,
            clock: clock(work), use: use
        ).run(rows, source: "generation \(from.id)", refresh: refresh)
        work.isDone = true
    }

    /// The object of each row: of the same number where it lies at the position, else the nearest.
    private func owners(of rows: Table, _ named: [Int64], at entry: StoredVisitDetector) throws -> [Int64?] {
        let radius = configuration.association.match.radiusArcsec
        let roles = to.layout.roles
        let forcedDec = to.document[table: "DiaForcedSource"]?[column: "dec"] != nil ? "dec" : "decl"
        // Rows near the edge may be of objects a little outside.
        let ranges = Array(pixelization.envelope(of: entry.region.padded(by: 60.0 / 3600 * .pi / 180), maxRanges: 64).ranges)
        let objects = try connection.query(
            "SELECT o.\"diaObjectId\", o.\"ra\", o.\(quoted(roles.dec)) AS \"dec\" FROM \(PixelScan(ranges).rows(of: to.table("DiaObjectLast"), as: "o")) ORDER BY 1"
        )
        guard let id = objects["diaObjectId"]?.int64s, let ra = objects["ra"]?.doubles, let dec = objects["dec"]?.doubles,
            let rowRa = rows["ra"]?.doubles, let rowDec = rows[forcedDec]?.doubles
        else { return named.map { _ in nil } }
        let all = Positions(id: id, ra: ra, dec: dec)
        let nearest = Adoption.founders(
            of: Positions(id: named.indices.map(Int64.init), ra: rowRa, dec: rowDec), among: all, radiusArcsec: radius)
        let place = Dictionary(uniqueKeysWithValues: id.enumerated().map { ($1, $0) })
        return named.indices.map { row in
            if let same = place[named[row]], let here = try? UnitVector(ra: rowRa[row], dec: rowDec[row]),
                let there = try? UnitVector(ra: ra[same], dec: dec[same]), here.separation(to: there) * 180 / .pi * 3600 <= radius
            {
                return named[row]
            }
            return nearest[row].map { id[$0] }
        }
    }

    /// Objects that are measured in the visit-detector already, and rows whose identifier is stored.
    private func stored(_ objects: [Int64], _ rows: Table, _ entry: StoredVisitDetector) throws -> (objects: Set<Int64>, rows: Set<Int>) {
        let measured = try connection.query(
            """
            SELECT "diaObjectId" FROM \(to.table("DiaForcedSource"))
            WHERE "visit" = $1 AND "detector" = $2 AND \(quoted(to.layout.roles.forcedMidpoint)) BETWEEN $3 - 1 AND $3 + 1
              AND "diaObjectId" = ANY ($4)
            """, [.int64(entry.visit), .int32(entry.detector), .double(entry.midpointMjdTai), .int64Array(objects)])
        var known: Set<Int> = []
        if let ids = rows["diaForcedSourceId"]?.int64s {
            let found = try connection.query(
                "SELECT \"diaForcedSourceId\" AS id FROM \(to.table("DiaForcedSource")) WHERE \"diaForcedSourceId\" = ANY ($1)",
                [.int64Array(ids)])
            let stored = Set(found["id"]?.int64s ?? [])
            known = Set(ids.indices.filter { stored.contains(ids[$0]) })
        }
        return (Set(measured["diaObjectId"]?.int64s ?? []), known)
    }
}

extension StoredVisitDetector.Key {
    fileprivate init(_ row: UpdateRequest.Forced) { (visit, detector) = (row.visit, row.detector) }
}
