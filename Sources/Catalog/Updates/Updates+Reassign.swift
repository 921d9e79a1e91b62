import Association

extension Updates {
    /// Gives sources to other DiaObjects. Objects that lose their last source are closed.
    ///
    /// - Parameter owners: the source and its new DiaObject, which must be open. Pairs that stand already change nothing.
    /// - Throws: `CatalogError.badRequest` for an unknown source or object, a closed object, a source named twice.
    public func reassign(_ owners: [(diaSourceId: Int64, diaObjectId: Int64)], cause: String) throws -> Outcome {
        let ids = owners.map(\.diaSourceId)
        try Self.requireDistinct(ids, "DiaSource")
        let target = Dictionary(uniqueKeysWithValues: owners.map { ($0.diaSourceId, $0.diaObjectId) })
        return try run(cause: cause, followed: FollowedUpdate(kind: .reassign, sources: ids, targets: target)) { update in
            let rows = try update.lockSources(ids, objects: Array(Set(target.values)))
            for (_, id) in owners { _ = try update.requireOpen(id) }
            for row in rows {
                let object = try update.requireOpen(target[row.diaSourceId]!)
                if row.diaObjectId == object.diaObjectId { continue }
                update.move(row, to: object, disposition: .reassigned)
                update.records.add(
                    .reassignSourceToObject, diaSourceId: row.diaSourceId, diaObjectId: object.diaObjectId, before: row.owner,
                    after: [
                        "diaObjectId": .integer(object.diaObjectId), "ssObjectId": .none,
                        "disposition": .text(Disposition.reassigned.rawValue), "tile": .integer(Int64(object.tile)),
                    ])
            }
        }
    }
}

extension StoredSource {
    /// What records keep of the owner before a change.
    var owner: KeyValuePairs<String, UpdateRecords.Value> {
        [
            "diaObjectId": diaObjectId.map(UpdateRecords.Value.integer) ?? .none,
            "ssObjectId": ssObjectId.map(UpdateRecords.Value.integer) ?? .none, "disposition": .text(disposition),
            "tile": .integer(Int64(tile)),
        ]
    }
}
