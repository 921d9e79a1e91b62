import Association

extension Updates {
    /// Ends the validity of objects: they leave DiaObjectLast and no source joins them any more. Their sources stay theirs.
    ///
    /// - Throws: `CatalogError.badRequest` for an object that is unknown, closed already or named twice.
    public func close(objects ids: [Int64], cause: String) throws -> Outcome {
        try Self.requireDistinct(ids, "DiaObject")
        return try run(cause: cause, followed: FollowedUpdate(kind: .close, objects: ids)) { update in
            _ = try update.lock(objects: ids) { [] }
            for id in ids { update.close(try update.requireOpen(id).diaObjectId) }
        }
    }

    /// Takes sources out of an object and founds a new one of them, whose identifier is the lowest of theirs that no object has.
    ///
    /// - Returns: what was done; the new object is the one of `diaObjectsUpdated` that was not split.
    /// - Throws: `CatalogError.badRequest` for sources that are unknown, named twice, withdrawn or not the object's, and where no
    ///   identifier is free.
    public func split(_ id: Int64, sources ids: [Int64], cause: String) throws -> Outcome {
        try Self.requireDistinct(ids, "DiaSource")
        return try run(cause: cause, followed: FollowedUpdate(kind: .split, sources: ids, objects: [id])) { update in
            let rows = try update.lockOwnTiles(ids, of: id)
            let old = try update.requireOpen(id)
            for row in rows where row.diaObjectId != id {
                throw CatalogError.badRequest("DiaSource \(row.diaSourceId) does not belong to DiaObject \(id): nothing was changed")
            }
            for row in rows where row.isWithdrawn {
                throw CatalogError.badRequest("DiaSource \(row.diaSourceId) is withdrawn: restore it first; nothing was changed")
            }
            guard rows.count < Int(old.nDiaSources) else {
                throw CatalogError.badRequest(
                    "DiaObject \(id) has no other sources than these: nothing is left to split; nothing was changed")
            }
            let taken = try OpenObject.existing(ids, generation, on: connection)
            guard let founder = rows.first(where: { !taken.contains($0.diaSourceId) }) else {
                throw CatalogError.badRequest(
                    "every one of these sources has founded an object before: no identifier is left for a new one")
            }
            let new = OpenObject(
                diaObjectId: founder.diaSourceId, tile: pixelization.tile(of: founder.pixelId), ra: old.ra, dec: old.dec, nDiaSources: 0,
                firstDiaSourceMjdTai: .nan, lastDiaSourceMjdTai: .nan)
            update.found(new)
            for row in rows {
                let disposition: Disposition = row.diaSourceId == new.diaObjectId ? .founded : .reassigned
                update.move(row, to: new, disposition: disposition)
                update.records.add(
                    .reassignSourceToObject, diaSourceId: row.diaSourceId, diaObjectId: new.diaObjectId, before: row.owner,
                    after: [
                        "diaObjectId": .integer(new.diaObjectId), "ssObjectId": .none, "disposition": .text(disposition.rawValue),
                        "tile": .integer(Int64(new.tile)),
                    ])
            }
            update.records.add(
                .splitObject, diaObjectId: new.diaObjectId, before: ["splitFrom": .integer(id)],
                after: ["diaObjectId": .integer(new.diaObjectId)])
        }
    }

    /// Merges objects into one: it gets all of their sources, they are closed, and their forced sources, which were measured at other
    /// positions, are withdrawn.
    ///
    /// - Throws: `CatalogError.badRequest` for objects that are unknown, closed, named twice, or the survivor itself.
    public func merge(_ ids: [Int64], into survivor: Int64, cause: String) throws -> Outcome {
        try Self.requireDistinct(ids + [survivor], "DiaObject")
        guard !ids.isEmpty else { throw CatalogError.badRequest("no DiaObject is named to be merged into \(survivor): name at least one") }
        return try run(cause: cause, followed: FollowedUpdate(kind: .merge, objects: ids, into: survivor)) { update in
            let rows = try update.lock(objects: ids + [survivor]) { try StoredSource.read(of: ids, generation, on: connection) }
            let object = try update.requireOpen(survivor)
            for id in ids {
                let old = try update.requireOpen(id)
                update.close(id)
                update.records.add(
                    .mergeObject, diaObjectId: id, before: ["diaObjectId": .integer(id), "nDiaSources": .integer(Int64(old.nDiaSources))],
                    after: ["mergedInto": .integer(survivor)])
            }
            for row in rows {
                update.move(row, to: object, disposition: .reassigned)
                update.records.add(
                    .reassignSourceToObject, diaSourceId: row.diaSourceId, diaObjectId: survivor, before: row.owner,
                    after: [
                        "diaObjectId": .integer(survivor), "ssObjectId": .none, "disposition": .text(Disposition.reassigned.rawValue),
                        "tile": .integer(Int64(object.tile)),
                    ])
            }
            // Sources that retention has dropped counted in the merged object and count on.
            let present = Dictionary(grouping: rows.filter { !$0.isWithdrawn }) { $0.diaObjectId }.mapValues { Int32($0.count) }
            for id in ids { update.count(update.objects[id]!.nDiaSources - (present[id] ?? 0), of: survivor) }
            try update.withdrawForced(of: ids.sorted())
        }
    }
}

extension UpdateTransaction {
    /// Sources with their own positions' tiles beside those that they lie in.
    fileprivate func lockOwnTiles(_ ids: [Int64], of object: Int64) throws -> [StoredSource] {
        let tiles = try StoredSource.read(ids, generation, on: connection).map { updates.pixelization.tile(of: $0.pixelId) }
        return try lockSources(ids, objects: [object], tiles: tiles)
    }
}
