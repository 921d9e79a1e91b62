import Columns
import Foundation
import Postgres

/// A step of a release that was done.
public struct ReleaseStep: Sendable {
    /// What can be done for a release.
    public enum Kind: String, Sendable, CaseIterable {
        case begin, load, catchUp = "catch-up", join, crosswalk, attachLevel2 = "attach-level2", check, publish, rollback, retire, abandon
    }

    public var number: Int64
    public var kind: Kind
    /// What it did, a JSON object.
    public var detail: String
    /// UTC, ISO 8601.
    public var finishedAt: String
}

extension Releases {
    /// Writes down a step, in the caller's transaction, as any role that changes something.
    /// - Parameter detail: what it did; a JSON object.
    public func record(_ kind: ReleaseStep.Kind, of release: String, _ detail: some Encodable = [String: Int]()) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try connection.run(
            "INSERT INTO skyledger.\"ReleaseStep\" (\"release\", \"step\", \"detail\") VALUES ($1, $2, $3::text::jsonb)",
            [.text(release), .text(kind.rawValue), .text(String(decoding: try encoder.encode(detail), as: UTF8.self))])
    }

    /// What was done for a release, in order.
    public func steps(of release: String) throws -> [ReleaseStep] {
        let rows = try connection.query(
            """
            SELECT "number", "step", "detail"::text AS "detail",
                   to_char("finishedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "finishedAt"
            FROM skyledger."ReleaseStep" WHERE "release" = $1 ORDER BY "number"
            """, [.text(release)])
        return try (0..<rows.rowCount).map { row in
            let text = rows["step"]!.strings![row]
            guard let kind = ReleaseStep.Kind(rawValue: text) else {
                throw CatalogError.inconsistent("release \(release) has a step \(text), which this program does not know")
            }
            return ReleaseStep(
                number: rows["number"]!.int64s![row], kind: kind, detail: rows["detail"]!.strings![row],
                finishedAt: rows["finishedAt"]!.strings![row])
        }
    }
}
