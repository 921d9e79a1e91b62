import Columns
import Postgres

/// Rows that should never have been: they stay, marked with the time, count nowhere, and can be restored.
extension Updates {
    /// What names a DiaForcedSource.
    public struct ForcedKey: Sendable, Hashable {
        public var diaObjectId: Int64
        public var visit: Int64
        public var detector: Int32

        public init(diaObjectId: Int64, visit: Int64, detector: Int32) {
            self.diaObjectId = diaObjectId
            self.visit = visit
            self.detector = detector
        }

        var label: String { "DiaForcedSource of DiaObject \(diaObjectId) in visit \(visit) detector \(detector)" }
    }

    /// Withdraws sources. An object that has none left stays open, so that they can be restored.
    /// - Throws: `CatalogError.badRequest` for a source that is unknown, named twice or withdrawn already.
    public func withdraw(sources ids: [Int64], cause: String) throws -> Outcome { try mark(ids, withdrawn: true, cause: cause) }

    /// Takes a withdrawal back.
    /// - Throws: `CatalogError.badRequest` for a source that is unknown, named twice or not withdrawn, or whose object was closed since.
    public func restore(sources ids: [Int64], cause: String) throws -> Outcome { try mark(ids, withdrawn: false, cause: cause) }

    private func mark(_ ids: [Int64], withdrawn: Bool, cause: String) throws -> Outcome {
        try requireWithdrawals("DiaSource")
        try Self.requireDistinct(ids, "DiaSource")
        return try run(cause: cause, followed: FollowedUpdate(kind: withdrawn ? .withdraw : .restore, sources: ids)) { update in
            for row in try update.lockSources(ids) {
                guard row.isWithdrawn != withdrawn else {
                    throw CatalogError.badRequest(
                        "DiaSource \(row.diaSourceId) is \(withdrawn ? "withdrawn already" : "not withdrawn"): nothing was changed")
                }
                if let object = row.diaObjectId {
                    // Of a closed object nothing is counted any more; only an open one can take a source back.
                    if !withdrawn { _ = try update.requireOpen(object) }
                    update.count(withdrawn ? -1 : 1, of: object)
                }
                update.records.add(
                    withdrawn ? .withdrawSource : .restoreSource, diaSourceId: row.diaSourceId, diaObjectId: row.diaObjectId,
                    before: ["timeWithdrawnMjdTai": withdrawn ? .none : .real(try update.timeWithdrawn(row))],
                    after: ["timeWithdrawnMjdTai": withdrawn ? .real(update.mjdTai) : .none])
            }
            try update.connection.run(
                "UPDATE \(generation.table("DiaSource")) SET \"timeWithdrawnMjdTai\" = $2 WHERE \"diaSourceId\" = ANY ($1)",
                [.int64Array(ids), withdrawn ? .double(update.mjdTai) : .null])
            update.outcome.diaSources += ids.count
        }
    }

    public func withdraw(forced keys: [ForcedKey], cause: String) throws -> Outcome { try mark(keys, withdrawn: true, cause: cause) }

    public func restore(forced keys: [ForcedKey], cause: String) throws -> Outcome { try mark(keys, withdrawn: false, cause: cause) }

    private func mark(_ keys: [ForcedKey], withdrawn: Bool, cause: String) throws -> Outcome {
        try requireWithdrawals("DiaForcedSource")
        guard !keys.isEmpty else { throw CatalogError.badRequest("no DiaForcedSource is named: name at least one") }
        var seen: Set<ForcedKey> = []
        for key in keys where !seen.insert(key).inserted {
            throw CatalogError.badRequest("the \(key.label) is named twice: name each once")
        }
        let followed = FollowedUpdate(kind: withdrawn ? .withdrawForced : .restoreForced, forced: keys)
        return try run(cause: cause, followed: followed) { update in
            let objects = Set(keys.map(\.diaObjectId)).sorted()
            _ = try update.lock(objects: objects) { [] }
            let stored = try update.forcedTimes(keys)
            for key in keys {
                guard let time = stored[key] else { throw CatalogError.badRequest("there is no \(key.label): nothing was changed") }
                guard time.isNaN == withdrawn else {
                    throw CatalogError.badRequest(
                        "the \(key.label) is \(withdrawn ? "withdrawn already" : "not withdrawn"): nothing was changed")
                }
                update.record(key, withdrawn: withdrawn, before: time)
                // New versions, for the means over forced sources change; closed objects get none.
                if update.objects[key.diaObjectId] != nil { update.count(0, of: key.diaObjectId) }
            }
            try update.mark(keys, withdrawn: withdrawn)
        }
    }

    func requireWithdrawals(_ table: String) throws {
        guard generation.document[table: table]?[column: "timeWithdrawnMjdTai"] != nil else {
            throw CatalogError.documentLacks(
                what: "column \(table).timeWithdrawnMjdTai", document: generation.document.label,
                advice: "migrate the instance to a newer one")
        }
    }
}

extension UpdateTransaction {
    fileprivate func timeWithdrawn(_ source: StoredSource) throws -> Double {
        try connection.query(
            "SELECT \"timeWithdrawnMjdTai\" AS t FROM \(generation.table("DiaSource")) WHERE \"diaSourceId\" = $1",
            [.int64(source.diaSourceId)])["t"]?.numbers?.first ?? .nan
    }

    /// For each key that exists the time of its withdrawal, NaN where it stands.
    fileprivate func forcedTimes(_ keys: [Updates.ForcedKey]) throws -> [Updates.ForcedKey: Double] {
        let rows = try connection.query(
            """
            SELECT f."diaObjectId", f."visit", f."detector"::integer AS "detector", f."timeWithdrawnMjdTai" AS t
            FROM \(generation.table("DiaForcedSource")) AS f
            JOIN unnest($1::bigint[], $2::bigint[], $3::integer[]) AS k(object, visit, detector)
                ON f."diaObjectId" = k.object AND f."visit" = k.visit AND f."detector" = k.detector
            """, Self.parameters(keys))
        let times = rows["t"]?.numbers ?? []
        return Dictionary(
            uniqueKeysWithValues: (0..<rows.rowCount).map { row in
                (
                    Updates.ForcedKey(
                        diaObjectId: rows["diaObjectId"]!.int64s![row], visit: rows["visit"]!.int64s![row],
                        detector: rows["detector"]!.int32s![row]), times[row]
                )
            })
    }

    fileprivate func record(_ key: Updates.ForcedKey, withdrawn: Bool, before: Double) {
        records.add(
            withdrawn ? .withdrawForcedSource : .restoreForcedSource, diaObjectId: key.diaObjectId, visit: key.visit,
            detector: key.detector,
            before: ["timeWithdrawnMjdTai": .real(before)], after: ["timeWithdrawnMjdTai": withdrawn ? .real(mjdTai) : .none])
    }

    fileprivate func mark(_ keys: [Updates.ForcedKey], withdrawn: Bool) throws {
        outcome.diaForcedSources += try connection.run(
            """
            UPDATE \(generation.table("DiaForcedSource")) AS f SET "timeWithdrawnMjdTai" = $4
            FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS k(object, visit, detector)
            WHERE f."diaObjectId" = k.object AND f."visit" = k.visit AND f."detector" = k.detector
            """, Self.parameters(keys) + [withdrawn ? .double(mjdTai) : .null])
    }

    /// Withdraws what stands of objects' forced sources.
    func withdrawForced(of objects: [Int64]) throws {
        guard generation.document[table: "DiaForcedSource"]?[column: "timeWithdrawnMjdTai"] != nil else { return }
        let rows = try connection.query(
            """
            SELECT "diaObjectId", "visit", "detector"::integer AS "detector" FROM \(generation.table("DiaForcedSource"))
            WHERE "diaObjectId" = ANY ($1) AND "timeWithdrawnMjdTai" IS NULL ORDER BY 1, 2, 3
            """, [.int64Array(objects)])
        let keys = (0..<rows.rowCount).map { row in
            Updates.ForcedKey(
                diaObjectId: rows["diaObjectId"]!.int64s![row], visit: rows["visit"]!.int64s![row], detector: rows["detector"]!.int32s![row]
            )
        }
        guard !keys.isEmpty else { return }
        for key in keys { record(key, withdrawn: true, before: .nan) }
        try mark(keys, withdrawn: true)
    }

    private static func parameters(_ keys: [Updates.ForcedKey]) -> [Parameter] {
        [.int64Array(keys.map(\.diaObjectId)), .int64Array(keys.map(\.visit)), .int32Array(keys.map(\.detector))]
    }
}
