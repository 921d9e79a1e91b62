import Columns
import Postgres
import Sphere

/// Fills the generation of a release that replaces a piece with what of the current generation lies outside the piece (`docs/decisions/035`).
///
/// One transaction reads one snapshot and writes all; a second, short one announces it to the feed and opens the release. Killed before the
/// first has committed there is nothing, and it is begun again; killed after it, only the second is left to do.
struct PieceCopy {
    let connection: Connection
    let from: Generation
    let to: Generation
    let release: ReleaseRecord
    let piece: ReleasePiece
    let pixelization: any Pixelization

    /// What it did.
    struct Outcome: Encodable {
        var replaced = 0
        var retired = 0
        var queued = 0
        var copiedRows = 0
        var renewedObjects = 0
        var renumberedObjects = 0
        var droppedObjects = 0
    }

    private struct Stopped: Error {}

    /// - Parameter progress: told where it is; return false to stop, which leaves nothing.
    /// - Returns: whether the release is open.
    func run(progress: (PieceProgress) -> Bool) throws -> Bool {
        do {
            // The step is written down with the rows.
            if try !Releases(connection: connection).steps(of: release.name).contains(where: { $0.kind == .begin }) {
                try copy { if !progress($0) { throw Stopped() } }
            }
        } catch is Stopped {
            return false
        }
        try open()
        return true
    }

    private func copy(progress: (PieceProgress) throws -> Void) throws {
        // What the snapshot shows must be there as long: retention waits.
        try connection.transaction("ISOLATION LEVEL REPEATABLE READ") {
            let tables = (GenerationLayout.spatialTables + GenerationLayout.ownTables).map(from.table)
            try connection.execute("LOCK TABLE \(tables.joined(separator: ", ")) IN ACCESS SHARE MODE")
            try connection.execute("SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
            try progress(.deciding)
            let visits = try PieceVisits(piece, cutoffMjdTai: release.cutoffMjdTai, of: from, waiting: to.id, on: connection)
            var outcome = Outcome(replaced: visits.count, retired: visits.retired)
            outcome.queued = try visits.store(for: to.id, on: connection)
            outcome.replaced -= outcome.queued
            let objects = PieceObjects(
                connection: connection, from: from, to: to, pixelization: pixelization, configuration: try release.configuration())
            (outcome.renewedObjects, outcome.renumberedObjects, outcome.droppedObjects) = try objects.decide(
                now: ProcessingClock.machineMjdTai())
            try setRules(to: "DISABLE")
            let rows = PieceRows(connection: connection, from: from, to: to)
            try rows.copyPlaceless()
            var changes = try rows.copy { try progress(.copying(table: $0.table, blocks: $0.done, of: $0.total)) }
            try makeClosingMonths(objects)
            if let ended = try rows.copyEnded() { changes.append(ended) }
            try rows.copyRest()
            changes += try objects.renew { try progress(.renewing(objects: $0, of: outcome.renewedObjects)) }
            try setRules(to: "ENABLE")
            try copyRetention()
            outcome.copiedRows = changes.reduce(0) { $0 + $1.rows }
            try finish(changes, outcome)
        }
    }

    /// The months in which versions end now, where the other generation has none.
    private func makeClosingMonths(_ objects: PieceObjects) throws {
        guard let (table, parent, key) = to.layout.timePartitioned.first(where: { $0.table == "DiaObject" }) else { return }
        for month in try objects.closingMonths() {
            let name = quoted(to.schemaName) + "." + quoted(month.name(of: table))
            guard try connection.text("SELECT to_regclass($1)::text", [.text(name)]) == nil else { continue }
            try PartitionKeeper.make(month, of: table, parent: parent, key: key, generation: to, on: connection)
            try connection.execute("ALTER TABLE \(name) DISABLE TRIGGER USER")
        }
    }

    /// The rule that validity intervals do not overlap takes a lock for each tile of a statement. Nobody else writes here, and what is copied
    /// keeps the rule already.
    private func setRules(to state: String) throws {
        let rows = try connection.query(
            """
            SELECT t.relid::regclass::text AS "name",
                   EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgrelid = t.relid AND g.tgname = 'DiaObject_validity_insert') AS "has"
            FROM pg_partition_tree($1::text::regclass) AS t WHERE t.relid <> $2::text::regclass
            """, [.text(to.table("DiaObject")), .text(to.table("DiaObject_closed"))])
        for row in 0..<rows.rowCount {
            let name = rows["name"]!.strings![row]
            if rows["has"]!.bools![row] {
                try connection.execute("ALTER TABLE \(name) \(state) TRIGGER USER")
            } else {
                try connection.query("SELECT skyledger.guard_validity($1::text::regclass)", [.text(name)])
            }
        }
    }

    private func copyRetention() throws {
        try connection.execute(SQLFile.load("piece/retention", ["fromId": String(from.id), "toId": String(to.id)]))
    }

    private func finish(_ changes: [PieceChange], _ outcome: Outcome) throws {
        try connection.execute(
            "CREATE INDEX \"VisitDetector_ownTime\" ON \(to.table("VisitDetector")) (\"midpointMjdTai\") WHERE \"generation\" = \(to.id)")
        // What plans need to know; the server's own rounds look at the many other columns.
        for (table, _, key) in to.layout.timePartitioned {
            let time =
                switch key {
                case .mjd(let column), .timestamp(let column): column
                }
            try connection.execute("ANALYZE \(to.table(table)) (\"diaObjectId\", \"pixelId\", \"tile\", \(quoted(time)))")
        }
        try connection.execute(
            "ANALYZE \(to.table("DiaObjectLast")) (\"diaObjectId\", \"pixelId\", \"tile\"), \(to.table("VisitDetector"))")
        try connection.run(
            """
            INSERT INTO skyledger."PieceChange" ("replicaKey", "release", "nRows", "sizeBytes")
            SELECT c.key, $1, c.n, c.bytes FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS c(key, n, bytes)
            """,
            [
                .text(release.name), .int64Array(changes.map(\.key)), .int64Array(changes.map { Int64($0.rows) }),
                .int64Array(changes.map { Int64($0.sizeBytes) }),
            ])
        try Releases(connection: connection).record(.begin, of: release.name, outcome)
    }

    /// Announces what was copied and opens the release.
    private func open() throws {
        try connection.retryingTransaction {
            let opened = try connection.run(
                "UPDATE skyledger.\"Release\" SET \"state\" = 'loading' WHERE \"release\" = $1 AND \"state\" = 'beginning'",
                [.text(release.name)])
            guard opened == 1 else {
                throw CatalogError.badRequest(
                    "release \(release.name) was begun or given up by another process meanwhile: see `skyledger release status`")
            }
            try connection.run(
                """
                INSERT INTO skyledger."Change" ("replicaKey", "generation", "kind", "nRows", "sizeBytes")
                SELECT "replicaKey", $2, 'copy', "nRows", "sizeBytes" FROM skyledger."PieceChange" WHERE "release" = $1 ORDER BY "replicaKey"
                """, [.text(release.name), .int32(Int32(to.id))])
            try connection.run("DELETE FROM skyledger.\"PieceChange\" WHERE \"release\" = $1", [.text(release.name)])
        }
    }
}

/// How far the beginning of a release is that replaces a piece.
public enum PieceProgress: Sendable {
    /// Which objects the piece reaches into.
    case deciding
    /// Blocks of a table or partition that were read, of all.
    case copying(table: String, blocks: Int64, of: Int64)
    /// Objects with a new version, of all that get one.
    case renewing(objects: Int, of: Int)
}
