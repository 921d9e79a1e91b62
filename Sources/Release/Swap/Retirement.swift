import Catalog
import Columns
import Foundation
import Postgres
import Ppdb

/// Removes the former generation of a published release: the last step, and the one that cannot be taken back.
///
/// First, in one transaction, the release is closed, so that nothing is stored in the former generation and no rollback comes between. Then what
/// the ledger's verification asks of its visit table is copied, and the tables go, a partition at a time. Killed at any point and run again, it
/// goes on where it was. The crosswalk stays, and so does the copy in the PPDB.
public struct Retirement {
    public struct Options: Sendable {
        /// Whether to go before the configured days are over.
        public var now = false
        /// Whether to go although the PPDB was not verified to have everything.
        public var unverified = false

        public init() {}
    }

    /// What was removed.
    public struct Outcome: Sendable, Equatable, Codable {
        public var release: String
        public var generation: Int
        /// Visit-detectors whose alerts the ledger's witness speaks for from now on.
        public var witnesses: Int64
        /// Whether the caller stopped it; the release is closed, and the same call goes on.
        public var isStopped: Bool
    }

    let instance: Instance
    let connection: Connection

    public init(_ instance: Instance) throws {
        self.instance = instance
        connection = try instance.connect(as: .owner)
    }

    /// - Parameter progress: pieces done and in all; return false to stop between two.
    /// - Throws: `ReleaseError.notNow`, `.kept`; nothing was done then.
    public func run(_ name: String, options: Options = .init(), progress: (Int, Int) -> Bool = { _, _ in true }) throws -> Outcome {
        let release = try Releases(connection: connection).named(name)
        if release.state != .retired {
            try rules(release).requirePublished(for: "retired")
            try requireDue(release, options)
            try requireCorrespondence(release)
            try requireExported(release, options)
            try close(release, options)
        }
        let former = release.fromGeneration
        var outcome = Outcome(release: name, generation: former, witnesses: 0, isStopped: false)
        outcome.witnesses = try keepWitness(former)
        outcome.isStopped = try !GenerationRemoval(connection: connection, generation: former).run(progress: progress)
        if !outcome.isStopped { try finish(release, witnesses: outcome.witnesses) }
        return outcome
    }

    private func rules(_ release: ReleaseRecord) throws -> SwapRules {
        SwapRules(release: release, lastSwap: try SwapRecord.last(of: release.name, on: connection))
    }

    private func requireDue(_ release: ReleaseRecord, _ options: Options) throws {
        if options.now { return }
        let days = try ConfigurationRecord.current(on: connection).configuration.releases.keepFormerDays
        let row = try connection.query(
            """
            SELECT to_char(("swappedAt" + make_interval(secs => $2 * 86400)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "until",
                   clock_timestamp() >= "swappedAt" + make_interval(secs => $2 * 86400) AS "isDue"
            FROM skyledger."ReleaseSwap" WHERE "release" = $1 ORDER BY "number" DESC LIMIT 1
            """, [.text(release.name), .double(days)])
        if row["isDue"]?.bools?.first == true { return }
        throw ReleaseError.kept(
            release: release.name,
            why:
                "releases.keepFormerDays keeps it until \(row["until"]?.strings?[0] ?? "it was published"): wait, or say --now if no rollback will be wanted"
        )
    }

    /// What its sources and objects became is written down, of all of them: afterwards nobody could find out.
    private func requireCorrespondence(_ release: ReleaseRecord) throws {
        let newest = try connection.int64(
            "SELECT coalesce(max(\"change\"), 0) FROM skyledger.\"Change\" WHERE \"generation\" = $1",
            [.int32(Int32(release.fromGeneration))])
        let crosswalk = try Crosswalks(connection: connection).newest(from: release.fromGeneration, to: release.generation)
        if let crosswalk, crosswalk.lastChange >= newest ?? 0 { return }
        throw ReleaseError.kept(
            release: release.name,
            why:
                "\(crosswalk.map { "crosswalk \($0.crosswalk) was made before its last visits" } ?? "there is no crosswalk"), and old objects could not be traced any more: run `skyledger release crosswalk \(release.name)`"
        )
    }

    /// The PPDB has all of it, unharmed, and calls the new generation its current one.
    private func requireExported(_ release: ReleaseRecord, _ options: Options) throws {
        if options.unverified { return }
        let missing = try unverified(release, after: 0)
        guard missing == 0 else {
            throw ReleaseError.kept(
                release: release.name,
                why:
                    "\(missing) changes of generation \(release.fromGeneration) are not verified in the PPDB: run `skyledger ppdb export` and `skyledger ppdb verify`, or say --unverified"
            )
        }
        for following in PpdbFollowing.run(instance) {
            if let reason = following.waitsFor {
                throw ReleaseError.kept(
                    release: release.name,
                    why:
                        "the PPDB \(following.database) has not followed the swap (\(reason)): run `skyledger ppdb export`, or say --unverified"
                )
            }
        }
    }

    private func unverified(_ release: ReleaseRecord, after change: Int64) throws -> Int64 {
        try connection.int64(
            """
            SELECT count(*) FROM skyledger."Change" AS c
            WHERE c."generation" = $1 AND c."change" > $2 AND NOT EXISTS (
                SELECT FROM skyledger."ReplicaExport" AS e
                WHERE e."chunk" = c."chunk" AND e."consumer" = $3 AND e."verifiedAt" IS NOT NULL)
            """, [.int32(Int32(release.fromGeneration)), .int64(change), .text(PpdbLocation.defaultConsumer)]) ?? 0
    }

    private func close(_ release: ReleaseRecord, _ options: Options) throws {
        let known = try connection.int64("SELECT coalesce(max(\"change\"), 0) FROM skyledger.\"Change\"") ?? 0
        try GenerationGate.close(on: connection) {
            let now = try Releases(connection: connection).named(release.name)
            if now.state == .retired { return }
            try rules(now).requirePublished(for: "retired")
            guard try options.unverified || unverified(now, after: known) == 0 else {
                throw ReleaseError.kept(
                    release: release.name, why: "visits were caught up in it meanwhile: export and verify them, then repeat this")
            }
            try connection.run(
                "UPDATE skyledger.\"Release\" SET \"state\" = 'retired' WHERE \"release\" = $1", [.text(release.name)])
            try connection.run(
                "DELETE FROM skyledger.\"ReleaseQueue\" WHERE \"generation\" IN ($1, $2)",
                [.int32(Int32(now.fromGeneration)), .int32(Int32(now.generation))])
            try ReleaseUpdates(connection: connection).end(release.name)
        }
    }

    /// Copies what the visit table says of alerts, where it is still there; nothing changes it any more.
    private func keepWitness(_ generation: Int) throws -> Int64 {
        if try connection.text("SELECT to_regclass($1)::text", [.text("l1_\(Generation.digits(generation)).\"VisitDetector\"")]) != nil {
            try GenerationRemoval.keepWitness(of: instance.generation(generation, on: connection), all: true, on: connection)
        }
        return try connection.int64(
            "SELECT count(*) FROM skyledger.\"AlertWitness\" WHERE \"generation\" = $1", [.int32(Int32(generation))]) ?? 0
    }

    private func finish(_ release: ReleaseRecord, witnesses: Int64) throws {
        try connection.transaction {
            // A month that retention was removing went with the others.
            try connection.run(
                """
                UPDATE skyledger."RetentionRecord" SET "state" = 'done', "endedAt" = clock_timestamp()
                WHERE "generation" = $1 AND "state" = 'begun'
                """, [.int32(Int32(release.fromGeneration))])
            let releases = Releases(connection: connection)
            guard try !releases.steps(of: release.name).contains(where: { $0.kind == .retire }) else { return }
            try releases.record(
                .retire, of: release.name, ["generation": Int64(release.fromGeneration), "witnesses": witnesses])
        }
    }
}
