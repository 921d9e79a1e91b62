import Columns
import Postgres

/// What retention removes where there are no months to drop.
extension Retention {
    /// Closes objects of one old source: they leave DiaObjectLast, and their last version goes when it is old enough itself.
    func closeSingles(_ step: RetentionPlan.Step, of plan: RetentionPlan) throws {
        let policy = try RetentionPolicy(yaml: plan.policyYaml, name: "the plan's policy")
        let limit = plan.nowMjdTai - policy.DiaObjectLast.singleDetectionDays
        let updates = Updates(
            connection: connection, generation: generation, pixelization: try instance.pixelization(on: connection),
            configuration: try ConfigurationRecord.current(on: connection).configuration, clock: { plan.nowMjdTai })
        let end = quoted(generation.layout.roles.validityEnd)
        var after = Int64.min
        while true {
            let ids =
                try connection.query(
                    """
                    SELECT "diaObjectId" FROM \(generation.table("DiaObject")) WHERE \(end) IS NULL AND "nDiaSources" = 1
                        AND "lastDiaSourceMjdTai" < $1 AND "diaObjectId" > $2 ORDER BY 1 LIMIT \(options.singlesBatch)
                    """, [.double(limit), .int64(after)])["diaObjectId"]?.int64s ?? []
            guard let last = ids.last else { return }
            after = last
            var closed: [Int64] = []
            _ = try updates.run(cause: "retention: one source, and none for \(policy.DiaObjectLast.singleDetectionDays) days") { update in
                _ = try update.lock(objects: ids) { [] }
                // Another source may have come in the meantime.
                closed = ids.filter { id in
                    update.objects[id].map { $0.nDiaSources == 1 && $0.lastDiaSourceMjdTai < limit } ?? false
                }
                guard !closed.isEmpty else { return }
                let size = try connection.query(
                    """
                    SELECT sum(pg_column_size(l.*))::bigint AS "bytes", bit_xor(hashint8extended(l."diaObjectId", 0)) AS "fingerprint"
                    FROM \(generation.table("DiaObjectLast")) AS l WHERE l."diaObjectId" = ANY ($1)
                    """, [.int64Array(closed)])
                for id in closed { update.close(id) }
                var part = step
                (part.rows, part.bytes, part.fingerprint) = (
                    Int64(closed.count), size["bytes"]!.int64s![0], size["fingerprint"]!.int64s![0]
                )
                _ = try RetentionRecord.write(part, of: plan, generation: generation, byWordOf: nil, on: connection)
            }
            try stage(.removed(step.table, Int64(closed.count)))
        }
    }

    /// Removes the entries of chunks that are long verified; the keys of their changes stay, as ranges.
    func removeReplica(_ step: RetentionPlan.Step, of plan: RetentionPlan) throws {
        let policy = try RetentionPolicy(yaml: plan.policyYaml, name: "the plan's policy")
        try connection.transaction {
            guard let last = try reader.replicaPrefix(policy: policy, nowMjdTai: plan.nowMjdTai) else { return }
            try connection.run(
                """
                UPDATE skyledger."RetiredReplicaKeys" SET "keys" = "keys" + coalesce(
                    (SELECT range_agg(int8range("replicaKey", "replicaKey", '[]')) FROM skyledger."Change" WHERE "chunk" <= $1), '{}')
                """, [.int64(last)])
            for table in ["Change", "ReplicaExport", "ReplicaChunk"] {
                try connection.run("DELETE FROM skyledger.\(quoted(table)) WHERE \"chunk\" <= $1", [.int64(last)])
            }
            _ = try RetentionRecord.write(step, of: plan, generation: generation, byWordOf: nil, on: connection)
        }
        try stage(.removed(step.table, step.rows))
    }
}
