import Postgres

/// Updates of sources and objects, in the terms of the generation where they are repeated.
extension UpdateRepetition {
    func mark(_ work: inout Work, withdrawn: Bool) throws {
        let found = try work.sources()
        guard to.document[table: "DiaSource"]?[column: "timeWithdrawnMjdTai"] != nil else { return work.leave(.noColumn, found.count) }
        let rows = try StoredSource.read(found.map(\.id), to, on: connection)
        let open = try OpenObject.read(Set(rows.compactMap(\.diaObjectId)).sorted(), to, on: connection)
        var ids: [Int64] = []
        for row in rows {
            if row.isWithdrawn == withdrawn {
                work.leave(.alreadySo)
            } else if !withdrawn, let object = row.diaObjectId, open[object] == nil {
                work.leave(.closedObject)
            } else {
                ids.append(row.diaSourceId)
            }
        }
        guard !ids.isEmpty else { return }
        let (updates, cause) = (updates(work), work.update.cause)
        work.did(try withdrawn ? updates.withdraw(sources: ids, cause: cause) : updates.restore(sources: ids, cause: cause))
    }

    func reassign(_ work: inout Work) throws {
        let found = try work.sources()
        let owner = try owners(found.map(\.id))
        var pairs: [(diaSourceId: Int64, diaObjectId: Int64)] = []
        for (target, sources) in Dictionary(grouping: found, by: { $0.source.to ?? 0 }).sorted(by: { $0.key < $1.key }) {
            guard let object = try work.object(target, counting: sources.count) else { continue }
            for source in sources {
                if owner[source.id]?.diaObjectId == object { work.leave(.alreadySo) } else { pairs.append((source.id, object)) }
            }
        }
        guard !pairs.isEmpty else { return }
        work.did(try updates(work).reassign(pairs, cause: work.update.cause))
    }

    /// SSObjects are known by their designations: the two generations have orbits of their own.
    func giveToSSObjects(_ work: inout Work) throws {
        let found = try work.sources()
        guard to.document[table: "DiaSource"]?[column: "ssObjectId"] != nil else { return work.leave(.noColumn, found.count) }
        let names = Set(found.compactMap(\.source.designation)).sorted()
        let rows = try connection.query(
            "SELECT \"designation\", \"ssObjectId\" FROM \(to.table("SSObjectDesignation")) WHERE \"designation\" = ANY ($1)",
            [.textArray(names.map { $0 })])
        var known: [String: Int64] = [:]
        for row in 0..<rows.rowCount { known[rows["designation"]!.strings![row]] = rows["ssObjectId"]!.int64s![row] }
        let owner = try owners(found.map(\.id))
        var pairs: [(diaSourceId: Int64, ssObjectId: Int64, name: String?)] = []
        for (id, source) in found {
            guard let there = source.to else { continue }
            let object = source.designation.flatMap { known[$0] } ?? there
            if owner[id]?.ssObjectId == object { work.leave(.alreadySo) } else { pairs.append((id, object, source.designation)) }
        }
        guard !pairs.isEmpty else { return }
        let (updates, cause) = (updates(work), work.update.cause)
        guard work.update.kind == .link else {
            return work.did(try updates.reassignToSSObjects(pairs.map { ($0.diaSourceId, $0.ssObjectId) }, cause: cause))
        }
        let tracks = Dictionary(grouping: pairs) { $0.ssObjectId }.sorted { $0.key < $1.key }.map { object, members in
            Updates.Track(designation: members[0].name ?? "", ssObjectId: object, diaSourceIds: members.map(\.diaSourceId))
        }
        work.did(try updates.link(tracks, cause: cause))
    }

    func split(_ work: inout Work) throws {
        let found = try work.sources()
        guard !found.isEmpty, let old = work.request.objects.first else { return }
        let owner = try owners(found.map(\.id))
        let holders = Set(found.map { owner[$0.id]?.diaObjectId })
        guard let object = try work.object(old.id, counting: found.count) else { return }
        if !holders.contains(object) {
            // One object of their own, or several.
            return work.leave(holders.count == 1 && holders.first != .some(nil) ? .alreadySo : .otherObject, found.count)
        }
        var ids: [Int64] = []
        for (id, _) in found {
            if owner[id]?.diaObjectId != object {
                work.leave(.otherObject)
            } else if owner[id]?.isWithdrawn == true {
                work.leave(.withdrawn)
            } else {
                ids.append(id)
            }
        }
        guard !ids.isEmpty else { return }
        let all = try OpenObject.read([object], to, on: connection)[object]?.nDiaSources ?? 0
        if ids.count >= Int(all) { return work.leave(.alreadySo, ids.count) }
        work.did(try updates(work).split(object, sources: ids, cause: work.update.cause))
    }

    func merge(_ work: inout Work) throws {
        guard let into = work.request.into, let survivor = try work.object(into) else { return }
        var ids: Set<Int64> = []
        for object in work.request.objects where object.id != into {
            guard let here = try work.object(object.id) else { continue }
            if here == survivor || !ids.insert(here).inserted { work.leave(.alreadySo) }
        }
        guard !ids.isEmpty else { return }
        work.did(try updates(work).merge(ids.sorted(), into: survivor, cause: work.update.cause))
    }

    func close(_ work: inout Work) throws {
        var ids: Set<Int64> = []
        for object in work.request.objects {
            guard let here = try work.object(object.id) else { continue }
            if !ids.insert(here).inserted { work.leave(.alreadySo) }
        }
        // A closed object is what was asked for.
        if let closed = work.left.removeValue(forKey: .closedObject) { work.leave(.alreadySo, closed) }
        guard !ids.isEmpty else { return }
        work.did(try updates(work).close(objects: ids.sorted(), cause: work.update.cause))
    }

    private func owners(_ ids: [Int64]) throws -> [Int64: StoredSource] {
        Dictionary(uniqueKeysWithValues: try StoredSource.read(ids, to, on: connection).map { ($0.diaSourceId, $0) })
    }
}
