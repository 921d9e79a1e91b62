import Catalog
import Columns
import Postgres

/// Reports that were stored, each named by the SHA-256 of its JSON.
public enum StoredReports {
    private struct Step: Encodable {
        var report: String
        var passes: Bool
    }

    /// Stores a report and the step that made it, in one transaction. The same report again is the newest again.
    ///
    /// - Parameter connection: as the owner.
    /// - Returns: the report's name.
    /// - Throws: `CatalogError` where the release was closed meanwhile, `PostgresError`.
    @discardableResult
    public static func store(_ report: CheckReport, on connection: Connection) throws -> String {
        let json = try report.json
        let name = CheckReport.digest(json)
        try connection.retryingTransaction {
            let releases = Releases(connection: connection)
            let release = try releases.named(report.release)
            guard !release.state.isClosed else { throw CheckError.closed(release: report.release, state: release.state.rawValue) }
            try connection.run(
                """
                INSERT INTO skyledger."ReleaseReport" ("report", "release", "passes", "state", "json") VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT ("report") DO UPDATE SET "madeAt" = clock_timestamp()
                """, [.text(name), .text(report.release), .bool(report.passes), .text(report.state), .text(json)])
            try releases.record(.check, of: report.release, Step(report: name, passes: report.passes))
        }
        return name
    }

    /// The JSON of a stored report; by the beginning of its name where only one begins so, or the newest of the release.
    ///
    /// - Throws: `CatalogError.badRequest` where there is none, or several.
    public static func json(_ name: String?, of release: String, on connection: Connection) throws -> (name: String, json: String) {
        let rows = try connection.query(
            """
            SELECT "report", "json" FROM skyledger."ReleaseReport" WHERE "release" = $1 AND starts_with("report", $2) ORDER BY "madeAt" DESC
            """, [.text(release), .text(name ?? "")])
        guard rows.rowCount > 0, let found = rows["report"]?.strings?[0], let json = rows["json"]?.strings?[0] else {
            throw CatalogError.badRequest(
                "there is no report \(name.map { "\($0) " } ?? "")of release \(release): `skyledger release check \(release)` makes one")
        }
        guard name == nil || rows.rowCount == 1 else {
            throw CatalogError.badRequest("\(rows.rowCount) reports of release \(release) begin with \(name ?? ""): give more of the name")
        }
        return (found, json)
    }
}
