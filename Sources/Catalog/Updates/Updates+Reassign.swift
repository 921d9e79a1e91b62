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
        return try run(cause: cause) { update in
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
                        "disposition": .text(Disposition.reassigned.rawValue),
                    ])
            }
        }
    }

    /// Gives sources to SSObjects. DiaObjects that lose their last source are closed.
    ///
    /// - Throws: `CatalogError.badRequest` for an unknown source, or one named twice.
    public func reassignToSSObjects(_ owners: [(diaSourceId: Int64, ssObjectId: Int64)], cause: String) throws -> Outcome {
        let definition = generation.document[table: "DiaSource"]!
        guard definition[column: "ssObjectId"] != nil else {
            throw CatalogError.documentLacks(
                what: "column DiaSource.ssObjectId", document: generation.document.label, advice: "migrate the instance to a newer one")
        }
        let ids = owners.map(\.diaSourceId)
        try Self.requireDistinct(ids, "DiaSource")
        let target = Dictionary(uniqueKeysWithValues: owners.map { ($0.diaSourceId, $0.ssObjectId) })
        if let zero = owners.first(where: { $0.ssObjectId == 0 }) {
            throw CatalogError.badRequest("DiaSource \(zero.diaSourceId) cannot belong to SSObject 0: 0 stands for none in alerts")
        }
        return try run(cause: cause) { update in
            // Without a DiaObject a source lies in its own position's tile.
            let rows = try update.lockSources(ids)
            var moved: [Int64] = []
            for row in rows where row.ssObjectId != target[row.diaSourceId] {
                update.move(row, to: nil, ssObjectId: target[row.diaSourceId], disposition: .solarSystem)
                moved.append(row.diaSourceId)
                update.records.add(
                    .reassignSourceToSSObject, diaSourceId: row.diaSourceId, before: row.owner,
                    after: [
                        "diaObjectId": .none, "ssObjectId": .integer(target[row.diaSourceId]!),
                        "ssObjectReassocTimeMjdTai": .real(update.mjdTai), "disposition": .text(Disposition.solarSystem.rawValue),
                    ])
            }
            if definition[column: "ssObjectReassocTimeMjdTai"] != nil {
                try update.connection.run(
                    "UPDATE \(generation.table("DiaSource")) SET \"ssObjectReassocTimeMjdTai\" = $2 WHERE \"diaSourceId\" = ANY ($1)",
                    [.int64Array(moved), .double(update.mjdTai)])
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
        ]
    }
}
