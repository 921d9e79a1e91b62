import Alerts
import Catalog
import Columns
import Postgres

/// What a release's check speaks of: two generations, their crosswalk and the rules, at one moment. A report of another state is stale.
///
/// Visit-detectors that both generations hold do not count, however many more of them the nights bring: a store that is written to both
/// leaves the state as it is. Every other change of either generation, a visit-detector that only one of them holds, another document,
/// configuration or crosswalk makes another state, and so does an update that waits to be repeated, or was.
public struct ReleaseState: Sendable, Equatable {
    /// What the digest is of, a line each.
    public let text: String
    /// Newest change of the feed that the state knows of.
    public let lastChange: Int64

    /// SHA-256 of `text`, in hexadecimal: what `ReleaseReport` has in its column "state".
    public var digest: String {
        LedgerDigest().of(Array(text.utf8)).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// The state of a release now, from one moment of the database.
    ///
    /// - Parameters:
    ///   - thresholds: digest of the thresholds that a report is held against; a report's JSON says it as `thresholdsDigest`.
    ///   - connection: in any role; within a transaction or not.
    /// - Throws: `PostgresError`; a generation that is gone has no state.
    public static func read(of release: ReleaseRecord, thresholds: String, on connection: Connection) throws -> ReleaseState {
        let pair = [release.fromGeneration, release.generation]
        let tables = pair.map { "\(Self.schema($0)).\"VisitDetector\"" }
        let isAlone = { (one: String, other: String) in
            "(SELECT count(*) FROM \(one) AS a WHERE NOT EXISTS (SELECT FROM \(other) AS b WHERE b.\"visit\" = a.\"visit\" AND b.\"detector\" = a.\"detector\"))"
        }
        let row = try connection.query(
            """
            SELECT (SELECT string_agg("generationId" || ' ' || "documentDigest", ' ' ORDER BY "generationId")
                    FROM skyledger."Generation" WHERE "generationId" IN ($1, $2)) AS "documents",
                   (SELECT encode(sha256(convert_to("configuration", 'UTF8')), 'hex') FROM skyledger."Release" WHERE "release" = $3) AS "configuration",
                   (SELECT coalesce(max("crosswalk"), 0)::bigint FROM skyledger."Crosswalk"
                    WHERE "fromGeneration" = $1 AND "toGeneration" = $2) AS "crosswalk",
                   \(isAlone(tables[0], tables[1])) AS "onlyFrom", \(isAlone(tables[1], tables[0])) AS "onlyTo",
                   c."n", c."newest", u."updates", u."updatesWaiting", (SELECT coalesce(max("change"), 0) FROM skyledger."Change") AS "lastChange"
            FROM (SELECT count(*) AS "n", coalesce(max("change"), 0) AS "newest" FROM skyledger."Change" AS c
                  WHERE c."generation" IN ($1, $2) AND NOT \(Self.isJoint(tables))) AS c,
                 (SELECT count(*) AS "updates", count(*) FILTER (WHERE "state" = 'waiting') AS "updatesWaiting"
                  FROM skyledger."ReleaseUpdate" WHERE "generation" = $2) AS u
            """, [.int32(Int32(pair[0])), .int32(Int32(pair[1])), .text(release.name)])
        func number(_ name: String) -> Int64 { row[name]?.int64s?.first ?? 0 }
        func words(_ name: String) -> String { row[name].flatMap { $0.isNull(0) ? nil : $0.strings?[0] } ?? "none" }
        return ReleaseState(
            text: """
                release \(release.name) from \(pair[0]) to \(pair[1])
                documents \(words("documents"))
                configuration \(words("configuration"))
                crosswalk \(number("crosswalk"))
                alone \(number("onlyFrom")) \(number("onlyTo"))
                changes \(number("n")) newest \(number("newest"))
                updates \(number("updates")) waiting \(number("updatesWaiting"))
                thresholds \(thresholds)
                """, lastChange: number("lastChange"))
    }

    /// Whether something else than stores to both generations came after the state: quick, whatever the generations hold.
    ///
    /// - Parameter connection: in a transaction that keeps stores out.
    public func isOvertaken(_ release: ReleaseRecord, on connection: Connection) throws -> Bool {
        let tables = [release.fromGeneration, release.generation].map { "\(Self.schema($0)).\"VisitDetector\"" }
        return try connection.int64(
            """
            SELECT 1::bigint WHERE EXISTS (SELECT FROM skyledger."Change" AS c
                WHERE c."change" > $1 AND c."generation" IN ($2, $3) AND NOT \(Self.isJoint(tables)))
            OR $4::bigint IS DISTINCT FROM (SELECT coalesce(max("crosswalk"), 0)::bigint FROM skyledger."Crosswalk"
                WHERE "fromGeneration" = $2 AND "toGeneration" = $3)
            """,
            [
                .int64(lastChange), .int32(Int32(release.fromGeneration)), .int32(Int32(release.generation)), .int64(crosswalk),
            ]) != nil
    }

    private var crosswalk: Int64 {
        text.split(separator: "\n").first { $0.hasPrefix("crosswalk ") }.flatMap { Int64($0.dropFirst(10)) } ?? 0
    }

    private static func isJoint(_ tables: [String]) -> String {
        let isHeld = tables.map {
            "EXISTS (SELECT FROM \($0) AS v WHERE v.\"visit\" = c.\"visit\" AND v.\"detector\" = c.\"detector\")"
        }
        return "(c.\"kind\" = 'store' AND \(isHeld.joined(separator: " AND ")))"
    }

    private static func schema(_ generation: Int) -> String { "\"l1_\(Generation.digits(generation))\"" }
}
