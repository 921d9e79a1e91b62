import Columns
import Foundation
import Postgres

/// Updates that wait to be repeated in the other generation of an open release, and those that were (`docs/decisions/036`).
public struct ReleaseUpdates {
    let connection: Connection

    /// - Parameter connection: in any role; to add and to finish, in that of `ingest` or the owner.
    public init(connection: Connection) { self.connection = connection }

    /// Updates of one kind and one reason.
    public struct Count: Sendable, Equatable, Codable {
        public var kind: ReleaseUpdate.Kind
        public var reason: String
        /// Rows of updates that were left out for it.
        public var rows: Int
        /// The first update of them.
        public var first: Int64

        public init(kind: ReleaseUpdate.Kind, reason: String, rows: Int, first: Int64) {
            (self.kind, self.reason, self.rows, self.first) = (kind, reason, rows, first)
        }
    }

    /// Enters an update in the transaction that makes it, where a release is open.
    func add(
        _ kind: ReleaseUpdate.Kind, _ request: UpdateRequest, operation: Int64?, cause: String, _ gate: GenerationGate
    ) throws {
        guard let release = gate.release, let other = gate.other else { return }
        let json = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        try connection.run(
            """
            INSERT INTO skyledger."ReleaseUpdate" ("release", "generation", "operation", "kind", "request", "cause")
            VALUES ($1, $2, $3, $4, $5::text::jsonb, $6)
            """,
            [
                .text(release), .int32(Int32(other)), operation.map(Parameter.int64) ?? .null, .text(kind.rawValue), .text(json),
                .text(cause),
            ])
    }

    /// How many wait for a generation.
    public func waiting(of generation: Int) throws -> Int {
        try count("\"generation\" = $1 AND \"state\" = 'waiting'", .int32(Int32(generation)))
    }

    /// How many of a generation were not repeated, for another reason than that it was so already.
    public func skipped(of generation: Int) throws -> Int {
        try count("\"generation\" = $1 AND \"state\" = 'skipped' AND \"reason\" <> 'already so'", .int32(Int32(generation)))
    }

    /// How many of a generation were repeated, wholly or in part.
    public func done(of generation: Int) throws -> Int {
        try count("\"generation\" = $1 AND \"state\" = 'done'", .int32(Int32(generation)))
    }

    private func count(_ condition: String, _ parameter: Parameter) throws -> Int {
        Int(try connection.int64("SELECT count(*) FROM skyledger.\"ReleaseUpdate\" WHERE \(condition)", [parameter]) ?? 0)
    }

    /// What was left out of updates in a generation, by kind and reason.
    public func left(of generation: Int) throws -> [Count] {
        let rows = try connection.query(
            """
            SELECT u."kind", l.key AS "reason", sum(l.value::bigint)::bigint AS n, min(u."number") AS "first"
            FROM skyledger."ReleaseUpdate" AS u CROSS JOIN LATERAL jsonb_each_text(u."left") AS l
            WHERE u."generation" = $1 AND u."state" <> 'waiting' GROUP BY 1, 2 ORDER BY 1, 2
            """, [.int32(Int32(generation))])
        return try (0..<rows.rowCount).map { row in
            Count(
                kind: try Self.kind(rows["kind"]!.strings![row]), reason: rows["reason"]!.strings![row], rows: Int(rows["n"]!.int64s![row]),
                first: rows["first"]!.int64s![row])
        }
    }

    /// All of a release, in the order in which they were made.
    public func all(of release: String) throws -> [ReleaseUpdate] { try read("\"release\" = $1", [.text(release)]) }

    /// The first that waits for a generation and has nothing before it: no visit-detector that was queued before it waits still.
    /// - Parameter except: those to leave out.
    public func next(of generation: Int, except: Set<Int64> = []) throws -> ReleaseUpdate? {
        try read(
            """
            "generation" = $1 AND "state" = 'waiting' AND "number" <> ALL ($2)
            AND "recordedAt" <= (SELECT coalesce(min(q."queuedAt"), 'infinity') FROM skyledger."ReleaseQueue" AS q WHERE q."generation" = $1)
            """, [.int32(Int32(generation)), .int64Array(except.sorted())], limit: 1
        ).first
    }

    /// Those of sources of which an update of some kind waits to be repeated in a generation.
    public func waiting(_ kinds: [ReleaseUpdate.Kind], of ids: [Int64], generation: Int) throws -> Set<Int64> {
        guard !ids.isEmpty else { return [] }
        let rows = try connection.query(
            """
            SELECT (s->>'id')::bigint AS id FROM skyledger."ReleaseUpdate" AS u CROSS JOIN LATERAL jsonb_array_elements(u."request"->'sources') AS s
            WHERE u."generation" = $1 AND u."state" = 'waiting' AND u."kind" = ANY ($3) AND (s->>'id')::bigint = ANY ($2)
            """, [.int32(Int32(generation)), .int64Array(ids), .textArray(kinds.map(\.rawValue))])
        return Set(rows["id"]?.int64s ?? [])
    }

    /// Whether it waits still, in the caller's transaction, to whose end nobody else finishes it.
    func hold(_ update: ReleaseUpdate) throws -> Bool {
        try connection.query(
            "SELECT \"number\" FROM skyledger.\"ReleaseUpdate\" WHERE \"number\" = $1 AND \"state\" = 'waiting' FOR UPDATE",
            [.int64(update.number)]
        ).rowCount > 0
    }

    /// Writes down what became of one, in the transaction that did it.
    func finish(
        _ update: ReleaseUpdate, _ state: ReleaseUpdate.State, left: [ReleaseUpdate.Obstacle: Int], reason: String?, as operation: Int64?
    )
        throws
    {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let counts = Dictionary(uniqueKeysWithValues: left.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) })
        try connection.run(
            """
            UPDATE skyledger."ReleaseUpdate"
            SET "state" = $2, "left" = $3::text::jsonb, "reason" = $4, "repeatedAs" = $5, "finishedAt" = clock_timestamp()
            WHERE "number" = $1
            """,
            [
                .int64(update.number), .text(state.rawValue), .text(String(decoding: try encoder.encode(counts), as: UTF8.self)),
                reason.map(Parameter.text) ?? .null, operation.flatMap { $0 == 0 ? nil : $0 }.map(Parameter.int64) ?? .null,
            ])
    }

    /// Says why one waits still.
    func note(_ update: ReleaseUpdate, reason: String) throws {
        try connection.run(
            "UPDATE skyledger.\"ReleaseUpdate\" SET \"reason\" = $2 WHERE \"number\" = $1 AND \"reason\" IS DISTINCT FROM $2",
            [.int64(update.number), .text(reason)])
    }

    /// Nothing of a release that ends waits any more; in the transaction that ends it.
    public func end(_ release: String) throws {
        let reason = ReleaseUpdate.Obstacle.releaseEnded.rawValue
        try connection.run(
            """
            UPDATE skyledger."ReleaseUpdate"
            SET "state" = 'skipped', "reason" = $2, "left" = jsonb_build_object($2::text, 1), "finishedAt" = clock_timestamp()
            WHERE "release" = $1 AND "state" = 'waiting'
            """, [.text(release), .text(reason)])
    }

    private static func kind(_ text: String) throws -> ReleaseUpdate.Kind {
        guard let kind = ReleaseUpdate.Kind(rawValue: text) else {
            throw CatalogError.inconsistent("a release has an update of kind \(text), which this program does not know")
        }
        return kind
    }

    private func read(_ condition: String, _ parameters: [Parameter], limit: Int? = nil) throws -> [ReleaseUpdate] {
        let rows = try connection.query(
            """
            SELECT "number", "release", "generation", "operation", "kind", "request"::text AS "request", "cause",
                   to_char("recordedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "recordedAt", "state", "reason",
                   "left"::text AS "left", "repeatedAs"
            FROM skyledger."ReleaseUpdate" WHERE \(condition) ORDER BY "number" \(limit.map { "LIMIT \($0)" } ?? "")
            """, parameters)
        return try (0..<rows.rowCount).map { row in
            func text(_ name: String) -> String { rows[name]!.strings![row] }
            func number(_ name: String) -> Int64? { rows[name]!.isNull(row) ? nil : rows[name]!.int64s![row] }
            func decoded<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
                guard let value = try? JSONDecoder().decode(type, from: Data(text(name).utf8)) else {
                    throw CatalogError.inconsistent(
                        "update \(number("number") ?? 0) of release \(text("release")) cannot be read: it was made by another program")
                }
                return value
            }
            return ReleaseUpdate(
                number: number("number")!, release: text("release"), generation: Int(rows["generation"]!.int32s![row]),
                operation: number("operation"), kind: try Self.kind(text("kind")), request: try decoded(UpdateRequest.self, "request"),
                cause: text("cause"), recordedAt: text("recordedAt"), state: ReleaseUpdate.State(rawValue: text("state")) ?? .waiting,
                reason: rows["reason"]!.isNull(row) ? nil : text("reason"), left: try decoded([String: Int].self, "left"),
                repeatedAs: number("repeatedAs"))
        }
    }
}
