import Catalog
import Columns
import Postgres

/// What swaps did in the instance, done in its PPDB: the generation that is current there takes the names `ppdb` and `replica`.
///
/// One transaction of the PPDB renames the four schemas and writes down the swap's number, so that a crash can neither lose a swap nor repeat
/// it. It waits until the copy of the new generation has what the feed had when the swap was made, so that readers of the PPDB never go back. What
/// was made beside the feed is carried over (`CarriedObjects`).
public struct PpdbSwap: Sendable, Equatable {
    /// Of the newest swap that the PPDB has not followed.
    public var number: Int64
    public var release: String
    /// The generation that was current in the PPDB, and the one that becomes it.
    public var fromGeneration: Int
    public var generation: Int
    /// The newest change of the feed before the swap.
    public var lastChange: Int64

    /// Number of the newest swap of the instance; 0 for none.
    static func newest(on apdb: Connection) throws -> Int64 {
        try apdb.int64("SELECT coalesce(max(\"number\"), 0) FROM skyledger.\"ReleaseSwap\"") ?? 0
    }

    /// What a PPDB has to follow yet: of several swaps the end counts, a publication that was rolled back again changes nothing.
    public static func pending(_ ppdb: Ppdb) throws -> PpdbSwap? {
        let known = try Ppdb.settings(.current, on: ppdb.connection)
        let row = try ppdb.apdb.query(
            """
            SELECT "number", "release", "toGeneration", "lastChange" FROM skyledger."ReleaseSwap" WHERE "number" > $1
            ORDER BY "number" DESC LIMIT 1
            """, [.int64(known["swap"].flatMap(Int64.init) ?? 0)])
        guard let number = row["number"]?.int64s?.first, let release = row["release"]?.strings?[0],
            let to = row["toGeneration"]?.int32s?.first, let last = row["lastChange"]?.int64s?.first
        else { return nil }
        return PpdbSwap(
            number: number, release: release, fromGeneration: known["generation"].flatMap(Int.init) ?? 1, generation: Int(to),
            lastChange: last
        )
    }

    /// What is said where it was done.
    var sentence: String { "the PPDB followed swap \(number) of release \(release): generation \(generation) is current in it" }

    /// What became of it.
    public enum Outcome: Sendable, Equatable {
        case done
        /// It is not time yet; why.
        case waits(String)
    }

    /// Follows. Afterwards the opened PPDB's names mean another generation: `Ppdb.reopened`.
    ///
    /// - Parameter patienceSeconds: how long others may hold the names.
    public func follow(_ ppdb: Ppdb, patienceSeconds: Double = 5) throws -> Outcome {
        if generation != fromGeneration {
            guard let copy = try ppdb.of(generation) else { return .waits("the PPDB has no copy of generation \(generation) yet") }
            let cursor = try copy.cursor()
            guard cursor.lastChange >= lastChange else {
                return .waits("the PPDB's copy of generation \(generation) is at change \(cursor.lastChange) of \(lastChange)")
            }
            try CarriedObjects(from: PpdbTables(ppdb), to: PpdbTables(copy)).prepare()
            try makeIndexes(ppdb, copy)
        }
        let isDone: Void? = try PpdbNames(ppdb.connection, ppdb.location).alone(patienceSeconds: patienceSeconds) {
            // Another program may have been faster.
            guard try Self.pending(ppdb) == self else { return }
            if generation != fromGeneration, let copy = try ppdb.of(generation) {
                try CarriedObjects(from: PpdbTables(ppdb), to: PpdbTables(copy)).move()
                try rename(on: ppdb.connection)
            }
            try set("swap", String(number), in: .current, on: ppdb.connection)
        }
        return isDone == nil ? .waits("other programs work on the PPDB, or read its table Object") : .done
    }

    private func rename(on connection: Connection) throws {
        let (former, next) = (PpdbSchemas.waiting(fromGeneration), PpdbSchemas.waiting(generation))
        // What was made before there were releases does not say so.
        try set("generation", String(fromGeneration), in: .current, on: connection)
        try PpdbFilling.carryGrants(from: PpdbSchemas.current.tables, to: next.tables, on: connection)
        try connection.execute(
            """
            ALTER SCHEMA ppdb RENAME TO \(former.tables);
            ALTER SCHEMA replica RENAME TO \(former.replica);
            ALTER SCHEMA \(next.tables) RENAME TO ppdb;
            ALTER SCHEMA \(next.replica) RENAME TO replica;
            """)
    }

    private func set(_ name: String, _ value: String, in schemas: PpdbSchemas, on connection: Connection) throws {
        try connection.run(
            """
            INSERT INTO \(schemas.replica)."Setting" VALUES ($1, $2) ON CONFLICT ("name") DO UPDATE SET "value" = excluded."value"
            """, [.text(name), .text(value)])
    }

    /// Readers find the indexes that they had.
    private func makeIndexes(_ ppdb: Ppdb, _ copy: Ppdb) throws {
        let (present, next) = (ReaderIndexes(PpdbTables(ppdb)), ReaderIndexes(PpdbTables(copy)))
        guard try present.missing().isEmpty else { return }
        _ = try next.make()
    }
}

extension PpdbTables {
    /// The tables of a copy.
    public init(_ ppdb: Ppdb) { self.init(ppdb.connection, document: ppdb.document, schema: ppdb.schemas.tables) }
}
