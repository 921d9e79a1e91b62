import Association
import Columns
import Foundation
import Postgres
import Schema
import Sphere

/// Writing what association decided: sources, object versions with their summaries, the newest state of objects, forced sources.
extension StoreTransaction {
    /// The objects that change: those known first, then those founded, each with its new sources.
    struct Members {
        /// Row of `StoredObjects`, ascending by diaObjectId.
        var known: [Int] = []
        /// Row of the founding source, ascending by diaSourceId.
        var founded: [Int] = []
        /// For each source the number of its object in the order known, founded; nil where it has none.
        var object: [Int?]
        /// For each source the object's identifier and tile, or its own position's tile.
        var objectId: [Int64?]
        var tile: [Int32]
    }

    func members(_ objects: StoredObjects, _ decisions: [SourceDecision], pixelId: [Int64]) -> Members {
        let id = sources["diaSourceId"]?.int64s ?? []
        var out = Members(object: .init(repeating: nil, count: id.count), objectId: .init(repeating: nil, count: id.count), tile: [])
        out.tile = pixelId.map(pixelization.tile(of:))
        var known: Set<Int> = []
        for (row, decision) in decisions.enumerated() {
            switch decision.owner {
            case .object(let object): known.insert(object)
            case .founder(let founder) where founder == row: out.founded.append(row)
            case .founder, .none: break
            }
        }
        out.known = known.sorted { objects.diaObjectId[$0] < objects.diaObjectId[$1] }
        out.founded.sort { id[$0] < id[$1] }
        let knownNumber = Dictionary(uniqueKeysWithValues: out.known.enumerated().map { ($1, $0) })
        let foundedNumber = Dictionary(uniqueKeysWithValues: out.founded.enumerated().map { ($1, out.known.count + $0) })
        let ownTile = out.tile
        for (row, decision) in decisions.enumerated() {
            switch decision.owner {
            case .object(let object):
                (out.object[row], out.objectId[row], out.tile[row]) = (
                    knownNumber[object], objects.diaObjectId[object], objects.tile[object]
                )
            case .founder(let founder):
                (out.object[row], out.objectId[row], out.tile[row]) = (foundedNumber[founder], id[founder], ownTile[founder])
            case .none: break
            }
        }
        return out
    }

    func write(objects: StoredObjects, decisions: [SourceDecision]) throws -> StoreCounts {
        precondition(decisions.count == sources.rowCount)
        let (ra, dec) = (sources["ra"]?.doubles ?? [], sources[roles.dec]?.doubles ?? [])
        let pixelId = pixelization.index(ra: ra, dec: dec)
        let members = members(objects, decisions, pixelId: pixelId)
        let model = configuration.summaries

        // The histories of all objects that change: what is stored, this visit's sources, and earlier ones that new objects take.
        let knownIds = members.known.map { objects.diaObjectId[$0] }
        var history = ObjectHistory(
            objectCount: members.known.count + members.founded.count, roles: roles, forcedRules: configuration.forced)
        let visitTime = visitDetector.midpointMjdTai
        let lasts = members.known.map { row in
            max(objects.lastDiaSourceMjdTai[row].isNaN ? visitTime : objects.lastDiaSourceMjdTai[row], visitTime)
        }
        let earliest = request.alerts.map { visitTime - Double($0.historyMonths) * SummaryModel.daysPerMonth }
        let read = try HistoryReader(connection: connection, generation: generation, isWhole: request.alerts != nil)
            .extend(&history, with: knownIds, last: lasts, model: model, also: earliest ?? .infinity)
        if request.alerts != nil { material.keep(read) }
        history.add(sources, owners: members.object)
        let adopted = try adopt(members, into: &history)

        // Positions first: forced photometry measures where the objects are now.
        let versions = VersionTable(generation.layout)
        if let forced = request.forced {
            let positions = history.summaries(model, columns: ["ra", "dec"])
            let rows = try forced.measure(
                forcedRequest(
                    objects, members, ra: positions["ra"]?.numbers ?? [], dec: positions["dec"]?.numbers ?? [],
                    good: history.spans(model).map(\.good)))
            try storeForced(rows, objects, members, into: &history)
        }
        let summaries = history.summaries(model, columns: versions.summaryColumns)
        let spans = history.spans(model)

        let ends = try VersionWriter(connection: connection, generation: generation, pixelization: pixelization)
            .close(knownIds, at: processedMjdTai)
        var joined = [Int32](repeating: 0, count: spans.count)
        for case .some(let object) in members.object { joined[object] += 1 }
        let next = members.known.enumerated().map { i, row in
            ObjectState(
                diaObjectId: objects.diaObjectId[row], tile: objects.tile[row], ra: objects.ra[row], dec: objects.dec[row],
                nDiaSources: objects.nDiaSources[row] + joined[i],
                firstDiaSourceMjdTai: Self.least(objects.firstDiaSourceMjdTai[row], spans[i].first),
                lastDiaSourceMjdTai: Self.greatest(objects.lastDiaSourceMjdTai[row], spans[i].last),
                nDiaSourcesGood: Int32(spans[i].good), validityStart: ends[objects.diaObjectId[row]]!)
        }
        let id = sources["diaSourceId"]?.int64s ?? []
        let new = members.founded.enumerated().map { i, row in
            let number = members.known.count + i
            return ObjectState(
                diaObjectId: id[row], tile: members.tile[row], ra: ra[row], dec: dec[row],
                nDiaSources: joined[number] + adopted[number], firstDiaSourceMjdTai: spans[number].first,
                lastDiaSourceMjdTai: spans[number].last, nDiaSourcesGood: Int32(spans[number].good), validityStart: processedMjdTai)
        }
        let writer = VersionWriter(connection: connection, generation: generation, pixelization: pixelization)
        let split = members.known.count
        let (nextRows, newRows) = (
            versions.rows(next, summaries: summaries.gather(Array(0..<split))),
            versions.rows(new, summaries: summaries.gather(Array(split..<spans.count)))
        )
        try writer.insert(nextRows, areNew: false)
        try writer.insert(newRows, areNew: true)
        let stored = try insertSources(decisions, members, pixelId: pixelId)
        if request.alerts != nil { material.keep(sources: stored, members.object, objects: nextRows.appending(newRows)) }
        if let solar = request.solarSystem, solar.ssSources.rowCount > 0 {
            try connection.copyIn(SolarSystemResult.storable(solar.ssSources, generation), to: generation.table("SSSource"))
        }
        counts.ssSources = request.solarSystem?.ssSources.rowCount ?? 0
        counts.ssObjects = request.solarSystem?.predictedCount ?? 0
        counts.solarSystem = request.solarSystem?.status ?? .noCatalog
        counts.solarSystemReason = request.solarSystem?.reason
        counts.diaSources = decisions.count
        counts.diaObjectsNew = new.count
        counts.diaObjectsUpdated = next.count
        counts.unassociated = decisions.count { $0.owner == .none }
        return counts
    }

    /// The lesser or greater of two times, either of which may be unknown.
    private static func least(_ a: Double, _ b: Double) -> Double { a.isNaN ? b : min(a, b) }
    private static func greatest(_ a: Double, _ b: Double) -> Double { a.isNaN ? b : max(a, b) }

    /// - Returns: the rows as they stand in the table, in the order of the request.
    private func insertSources(_ decisions: [SourceDecision], _ members: Members, pixelId: [Int64]) throws -> Table {
        guard sources.rowCount > 0 else { return sources }
        var rows = sources
        let objectId = members.objectId
        let validity = objectId.contains(nil) ? Validity(objectId.lazy.map { $0 != nil }) : nil
        rows.set(Column("diaObjectId", .int64(objectId.map { $0 ?? 0 }), validity: validity))
        rows.set(Column("pixelId", .int64(pixelId)))
        rows.set(Column("tile", .int32(members.tile)))
        rows.set(Column("disposition", .string(.init(decisions.map(\.disposition.rawValue)))))
        if rows["timeProcessedMjdTai"] == nil, generation.document[table: "DiaSource"]?[column: "timeProcessedMjdTai"] != nil {
            rows.set(Column("timeProcessedMjdTai", .double(.init(repeating: processedMjdTai, count: rows.rowCount))))
        }
        // Neighbours on the sky lie on neighbouring pages.
        try connection.copyIn(rows.gather(pixelId.indices.sorted { pixelId[$0] < pixelId[$1] }), to: generation.table("DiaSource"))
        return rows
    }
}
